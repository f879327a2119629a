//! Reads YAML text into a checked [`KnowledgeBase`], or reports [`Diagnostic`]s with places.
//!
//! [`load`] reads each file into a tree in which every value knows its place (`yaml`), reads
//! drafts of entries, intents and settings from the trees (`format`), checks the drafts
//! against each other (`check`), and builds the knowledge base (`model`) when no error was
//! found (`diagnostics`).

mod check;
mod diagnostics;
mod format;
mod hash;
mod load;
mod loader;
mod model;
mod operators_day;
mod questions_only;
mod yaml;

pub use check::places::{Finding, Part};
pub use check::promise::without_promises;
pub use diagnostics::codes::Code;
pub(crate) use diagnostics::diagnostic::first_hidden;
pub use diagnostics::diagnostic::{Diagnostic, Language, Severity, Span};
pub(crate) use diagnostics::similar_word::nearest;
pub(crate) use diagnostics::source::Located;
pub use diagnostics::source::SourceFile;
pub(crate) use format::entries::keys::{QUESTION_CHARS, key_order as entry_key_order};
pub(crate) use format::industry::file::categories_of;
pub(crate) use format::industry::{
    question_kinds::KINDS_MAX,
    words::{BRANDS_MAX, OPPOSITES_MAX, RIVAL_GROUPS_MAX, RIVALS_MAX},
};
pub use format::measure_file::read_measured;
pub(crate) use format::parts::markdown::first_sentence;
pub use format::schema::SchemaKind;
pub(crate) use format::written::{Written, is_entry_file, is_test_file};
pub use hash::files_name;
pub use load::{Loaded, Summary};
pub use loader::{Loader, load};
pub use model::answer::{AnswerVersion, DatedAnswer, whole};
pub use model::base::{DictionaryWord, KnowledgeBase};
pub use model::by_id::{ById, Edit, Identified};
pub use model::cases::{Case, Expected, Floor, KindName, Said, SealedCase, Split, Tests};
pub use model::categories::{Categories, Category};
pub use model::circumstances::Circumstances;
pub use model::entry::{Compliance, Entry, EntryHandoff, MatchBy, Status};
pub use model::facts::{Facts, FactsError, When};
pub use model::given_facts::{DroppedFacts, GivenFacts};
pub use model::guard::{Guard, GuardKind, GuardRule, LikelyEnough, Watch};
pub use model::hours::Hours;
pub use model::id::{EntryId, IntentId};
pub use model::industry::{Courtesies, Industry, Opposites, QuestionKind, Thing};
pub use model::intent::{HandoffTexts, Intent, IntentAction};
pub use model::measured::{ExpectedFind, MeasureFloors, MeasuredGroup, MeasuredSentences};
pub use model::policy::Policy;
pub use model::synonyms::{Synonym, Synonyms};
pub use model::texts::{PolicyText, TEXTS, Texts};
pub use operators_day::operators_day;
pub use questions_only::questions_only;
pub(crate) use yaml::tree::{Lookalike, Node, NodeKind};
