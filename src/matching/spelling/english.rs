//! English words that are made of syllables of pinyin.

use std::{collections::HashSet, sync::LazyLock};

use foldhash::fast::FixedState;

/// Whether an English word that customers may type has these letters. “Change” would be chan and
/// ge, “game” ga and me.
pub(super) fn is_english(word: &str) -> bool {
    SET.contains(word)
}

static SET: LazyLock<HashSet<&str, FixedState>> =
    LazyLock::new(|| WORDS.split_ascii_whitespace().collect());

const WORDS: &str = "
a aa abide abuse ace ache acute adele adequate age agenda aide aiding aiming alan ali alice
alien alike along alongside amen america american an anger angle anime anna anti anticipate
antique are area arena aria arise asian aside ate awaiting awake awakening aware bake balance
bale ban banana bandage banding bang banning bare base baseline bate beige bending bike bin
binding binge bite biting boating bone bore boxing buying cabin cache cage cake came can canada
canadian candidate cane canine care career case cashier cease chance chang change chase cheating
cheer cheese chile china chinese chute cia cinema cite citizen cue cuisine cunning cure cute
cutie dale damage dance danger dare data database date dating dealing dean debate debating
decade decide deciding dedicate deduce deer defence defending defense degenerate delegate delete
deleting deli delicate demanding dementia demise demo denise depending desire detailing diana
dice die dime dine dining dire disease dude due duke dune duo ease easier eating editing educate
educating elaine elegance elena eliminate eliminating elite ending endurance endure engage
enhance ensue ensure entire era eradicate erase exile eye facade face facilitate fade fading
fake fame famine faming fan fanbase fang fare fate fatigue fence foreman fuse futile future
gaining gale game gaming gang gate gaze gemini gene generate generating genie genre guarantee
guidance guide guiding guinea guise gun guru hale han handing hang hare hate hating haze he
headache heading healing heating hen hence here heritage hesitate house huge human humane
humanitarian hungarian hunting jude julie june jute karen kate keen keeping ken lace lake lame
lana lance landing lane language late latitude laying leading league lean leaning lease lee lei
leisure lena liaise licence license lie like lime linda line linen liner ling linger lingerie
lining lisa lite long longer longtime luke lure machine made magazine mailing maize make malaria
male malice mama man manage mandate mane manga mania manipulate manning manu manure mare maria
marinade marine mate mating mature maximize maze me mean meaning meantime measure media median
mediate medicine meeting mega meme memo men menace mending menu mere meta metadata mice mike
mile mileage militia mime min minding mine miner mingle mini miniature minimize mining minute
miranda mire misuse mite mitigate mixing moan moaning mobile mode modeling module mole molecule
mona more mouse mule musician mute name naming nature needing nice niche niece nile nina nine
nineteen niu nuance nude nuke outage outing pace pagan page paige palace pale pamela pan pancake
panda pane panning papa parenting pate patience paying pen pence pending pie piece pier pike
pile piling pin pine ping pole police policeman polite politician pore pose puke pure quake
quarantine queen queer ran rang range ranger reading realise realize rebate reduce refuge
refugee refuse regulate relate relating relaxing release reliance remaining remake reminding
remote rename renee renting repose reside residing residue resilience resume retaining retire
rice ride ridicule riding rile rise risen rite rouge route routine routing rude ruining rule
ruling run running sabotage saga sage sake sale saline salute salvage same sane sang
sanitize satan satire saying sea sealing sean seaside seating secure sedan seduce see seeding
seen semen semi senate sending sense sequence serene sesame sewage shade shading shake shaken
shale shame shaping share she sheer shelve shine shining shire shouting side siding siege silver
simulate sine sire site situate size song sue suicide suite sun sunken sunrise sunshine sure
susan tailing taiwan take taken tale tame tan tang tangle taping tate taxi taxing tea teaming
tease tee teen teenage tenure tide tiding tie tier tile tiling time timeline timing tina tine
ting tinge tire titan tuna tune tuning wade wading wage wailing waiting wake wan wane wang
waning wanna wanting ware warehouse woke woman women wore yale yang yankee yea you zen
";
