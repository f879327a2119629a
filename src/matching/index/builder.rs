//! From a knowledge base to the texts of its questions: read, cut and counted.
//!
//! What an entry or intent says is taken over from earlier where it did not change; ids
//! do not depend on the order of gathering, so that the result is the same to the last bit.

use std::ops::Range;

use super::{
    equals::{Equals, Hashes},
    lexicon::{Interner, Lexicon},
    lexicons::Lexicons,
    postings::{Before, GONE, Postings, SegmentPlan},
    profile::{ByProfile, Occurrence, Profiles, ProfilesBuilder},
    rows::{QuestionTexts, Rows, Shape},
};
use crate::knowledge::{Entry, Intent, KnowledgeBase, MatchBy, Status};
use crate::matching::{
    error::MatchingError,
    target::{IndexedQuestion, QuestionRole, Target},
    terms::{
        embeddings::{Embeddings, Vector},
        extract::Terms,
        kinds::{Kinds, TermKind},
        reader::Reader,
        synonyms::Cores,
    },
};
use crate::parallel::Threads;
use crate::text::normalize;

/// The questions of a knowledge base with all that is known of them.
#[derive(Debug)]
pub(crate) struct BankIndex {
    /// Those of one target stand together.
    pub(crate) questions: Vec<IndexedQuestion>,
    /// Their texts, in the same order.
    pub(crate) texts: QuestionTexts,
    /// The words, runs and sounds of the questions and answers.
    pub(crate) lexicons: Lexicons,
    /// The entries and intents as wholes.
    pub(crate) profiles: Profiles,
    /// The questions by their whole text.
    pub(crate) equals: Equals,
    /// What finds the questions.
    pub(crate) postings: Postings,
    /// By topic: where its questions lie together.
    pub(crate) centroids: Vec<Vector>,
}

impl BankIndex {
    /// Whoever gives what was gathered earlier says that its texts were read with the same reader
    /// and table.
    pub(crate) fn of(
        base: &KnowledgeBase,
        reader: &Reader,
        table: &Embeddings,
        earlier: Option<(&KnowledgeBase, &Self)>,
        threads: Threads,
    ) -> Result<Self, MatchingError> {
        let targets = targets(base, earlier.map(|(before, _)| before));
        let read = threads.map(&targets, |&(target, then)| match then {
            Some(then) => QuestionsOf::Again(then),
            None => QuestionsOf::Anew(ReadTarget::of(base, target, reader, table)),
        });
        let mut builder = BankIndexBuilder::new(base, earlier.map(|(_, earlier)| earlier));
        for ((target, _), source) in targets.into_iter().zip(read) {
            match source {
                QuestionsOf::Again(then) => builder.take_again(target, then),
                QuestionsOf::Anew(read) => builder.take(target, read),
            }
        }
        let count = builder.questions.len();
        u32::try_from(count).map_err(|_| MatchingError::TooManyQuestions(count))?;
        builder.finish(base, &reader.cores, threads)
    }

    /// The questions of a target, which stand together.
    pub(crate) fn of_target(&self, target: Target) -> Range<u32> {
        let end_of = |end: &dyn Fn(Target) -> bool| {
            self.questions.partition_point(|question| end(question.target)) as u32
        };
        end_of(&|other| other < target)..end_of(&|other| other <= target)
    }

    /// Where a target's questions lie together.
    pub(crate) fn centroid(&self, target: Target) -> &Vector {
        &self.centroids[self.profiles.number(target)]
    }
}

/// All that have questions to be ranked, each with its name of before where it says the same as
/// it did then.
fn targets(base: &KnowledgeBase, before: Option<&KnowledgeBase>) -> Vec<(Target, Option<Target>)> {
    let is_ranked =
        |entry: &Entry| entry.status == Status::Live && matches!(entry.match_by, MatchBy::Smart);
    let entries = base.entries.iter().enumerate().filter(|(_, entry)| is_ranked(entry));
    let entries = entries.map(|(place, entry)| {
        let then = before.and_then(|before| same_entry(before, entry, is_ranked));
        (Target::Entry(place), then)
    });
    let intents = base.intents.iter().enumerate().map(|(place, intent)| {
        let then = before.and_then(|before| same_intent(before, intent));
        (Target::Intent(place), then)
    });
    entries.chain(intents).collect()
}

/// Where the entry stands that says the same.
fn same_entry(
    before: &KnowledgeBase,
    entry: &Entry,
    is_ranked: impl Fn(&Entry) -> bool,
) -> Option<Target> {
    let place = before.entries.place(&entry.id)?;
    let then = &before.entries[place];
    let says_the_same = is_ranked(then)
        && then.standard_question == entry.standard_question
        && then.similar_questions == entry.similar_questions
        && then.not == entry.not
        && then.answer == entry.answer;
    says_the_same.then_some(Target::Entry(place))
}

/// Where the intent stands that has the same examples.
fn same_intent(before: &KnowledgeBase, intent: &Intent) -> Option<Target> {
    let place = before.intents.place(&intent.id)?;
    (before.intents[place].examples == intent.examples).then_some(Target::Intent(place))
}

/// Where the texts of an entry or intent come from.
enum QuestionsOf {
    /// They were named so earlier.
    Again(Target),
    /// They were read.
    Anew(ReadTarget),
}

/// The texts of one entry or intent, cut into terms.
struct ReadTarget {
    questions: Vec<ReadQuestion>,
    answer: Option<Kinds<Vec<u64>>>,
}

struct ReadQuestion {
    role: QuestionRole,
    number: u32,
    hashes: Hashes,
    core: String,
    keys: Kinds<Vec<u64>>,
    shape: Shape,
    vector: Vector,
}

impl ReadTarget {
    fn of(base: &KnowledgeBase, target: Target, reader: &Reader, table: &Embeddings) -> Self {
        let Reader { cores, segmenter } = reader;
        let mut questions = Vec::new();
        let mut read = |role, wordings: &[String]| {
            for (wording, number) in wordings.iter().zip(0..) {
                let normalized = normalize(wording).into_string();
                // A question of punctuation alone can find nothing.
                if normalized.is_empty() {
                    continue;
                }
                let core = cores.core(&normalized);
                let terms = Terms::of(&core, segmenter);
                questions.push(ReadQuestion {
                    role,
                    number,
                    hashes: Hashes::of(&normalized, &core),
                    keys: terms.keys(),
                    shape: Shape::of(&core),
                    vector: table.vector(&terms),
                    core,
                });
            }
        };
        match target {
            Target::Entry(place) => {
                let entry = &base.entries[place];
                read(QuestionRole::Standard, std::slice::from_ref(&entry.standard_question));
                read(QuestionRole::Similar, &entry.similar_questions);
                read(QuestionRole::Not, &entry.not);
                let answer = answer_core(entry, cores);
                let answer = answer.map(|core| Terms::of_answer(&core, segmenter).keys());
                Self { questions, answer }
            }
            Target::Intent(place) => {
                read(QuestionRole::Similar, &base.intents[place].examples);
                Self { questions, answer: None }
            }
        }
    }
}

/// What the terms of an entry's answer are taken from. An answer that only repeats the
/// question has nothing more to say.
fn answer_core(entry: &Entry, cores: &Cores) -> Option<String> {
    let is_own = entry.answer != entry.standard_question;
    is_own.then(|| cores.core(normalize(&entry.answer).as_str()))
}

/// What was gathered earlier, to be taken over.
struct Taking<'e> {
    earlier: &'e BankIndex,
    profiles: ByProfile<'e>,
    hashes: Vec<Option<Hashes>>,
    /// By earlier place, the place now.
    questions: Vec<u32>,
}

/// Questions on their way to a [`BankIndex`].
struct BankIndexBuilder<'e> {
    questions: Vec<IndexedQuestion>,
    texts: QuestionTexts,
    hashes: Vec<Option<Hashes>>,
    interners: Kinds<Interner>,
    profiles: ProfilesBuilder,
    /// By topic; of one without questions, nowhere.
    centroids: Vec<Vector>,
    taking: Option<Taking<'e>>,
}

impl<'e> BankIndexBuilder<'e> {
    fn new(base: &KnowledgeBase, earlier: Option<&'e BankIndex>) -> Self {
        let taking = earlier.map(|earlier| Taking {
            earlier,
            profiles: earlier.profiles.by_profile(),
            hashes: earlier.equals.hashes(earlier.questions.len()),
            questions: vec![GONE; earlier.questions.len()],
        });
        Self {
            questions: Vec::new(),
            texts: QuestionTexts::default(),
            hashes: Vec::new(),
            interners: earlier.map_or_else(Kinds::default, |earlier| {
                earlier.lexicons.as_ref().map(Interner::after)
            }),
            profiles: ProfilesBuilder::new(base.entries.len(), base.intents.len()),
            centroids: vec![Vector::NOWHERE; base.entries.len() + base.intents.len()],
            taking,
        }
    }

    /// Adds a target with the texts that were read of it.
    fn take(&mut self, target: Target, read: ReadTarget) {
        if read.questions.is_empty() {
            return;
        }
        let asking = read.questions.iter().filter(|question| question.role != QuestionRole::Not);
        self.centroids[self.profiles.number(target)] =
            Vector::centroid(asking.map(|question| &question.vector));
        let mut texts: Vec<(Kinds<Vec<u32>>, Occurrence)> = Vec::new();
        let mut number = |keys: Kinds<Vec<u64>>| {
            self.interners.as_mut().zip(keys).map(|(interner, keys)| {
                keys.into_iter().map(|key| interner.number(key)).collect::<Vec<u32>>()
            })
        };
        for one in read.questions {
            let ReadQuestion { role, number: place, hashes, core, keys, shape, vector } = one;
            let numbers = number(keys);
            let terms = numbers.as_ref().map(|numbers| numbers.iter().copied());
            self.texts.push(&core, terms, shape, vector);
            self.questions.push(IndexedQuestion { target, role, number: place });
            self.hashes.push((role != QuestionRole::Not).then_some(hashes));
            match role {
                QuestionRole::Standard => texts.push((numbers, Occurrence::STANDARD)),
                QuestionRole::Similar => texts.push((numbers, Occurrence::SIMILAR)),
                QuestionRole::Not => {}
            }
        }
        texts.extend(read.answer.map(|keys| (number(keys), Occurrence::ANSWER)));
        self.profiles.add(target, texts.iter().map(|(numbers, seen)| (numbers, *seen)));
    }

    /// Adds a target that was named so before, with the same texts.
    fn take_again(&mut self, target: Target, then: Target) {
        let taking =
            self.taking.as_mut().expect("only what was gathered earlier has earlier names");
        let Taking { earlier, profiles, hashes, questions } = taking;
        let of_target = earlier.of_target(then);
        if of_target.is_empty() {
            return;
        }
        for before in of_target {
            let place = before as usize;
            questions[place] = self.questions.len() as u32;
            self.questions.push(IndexedQuestion { target, ..earlier.questions[place] });
            self.hashes.push(hashes[place]);
            self.texts.push_again(&earlier.texts, place);
        }
        self.profiles.add_again(target, profiles, then);
        self.centroids[self.profiles.number(target)] = *earlier.centroid(then);
    }

    fn finish(
        self,
        base: &KnowledgeBase,
        cores: &Cores,
        threads: Threads,
    ) -> Result<BankIndex, MatchingError> {
        let Self { mut questions, mut texts, hashes, interners, profiles, centroids, taking } =
            self;
        if !texts.can_be_counted() {
            return Err(MatchingError::TooMuchText);
        }
        let mut is_used = interners.as_ref().map(|interner| vec![false; interner.len()]);
        texts.rows.as_ref().zip(is_used.as_mut()).map(|(rows, is_used)| rows.mark_used(is_used));
        profiles.mark_used(&mut is_used.words, &mut is_used.ngrams);
        let finished = interners.zip(is_used).map(|(interner, is_used)| interner.finish(&is_used));
        let (mut lexicons, ids) = finished.unzip();
        let before = taking.map(|taking| Before {
            index: &taking.earlier.postings,
            questions: taking.questions,
            terms: &ids,
        });
        let plan = SegmentPlan::new(questions.len(), before.as_ref());
        let settle = |kind, (rows, lexicon): (&mut Rows, &mut Lexicon)| {
            rows.settle(ids.get(kind), lexicon);
            plan.fields(kind, rows, lexicon)
        };
        let Kinds { words, ngrams, sounds } = texts.rows.as_mut().zip(lexicons.as_mut());
        // Two halves that take about as long.
        let ((words, ngrams, equals), (sounds, profiles)) = threads.both(
            |_| {
                (
                    settle(TermKind::Words, words),
                    settle(TermKind::Ngrams, ngrams),
                    Equals::new(&hashes, base, cores),
                )
            },
            || (settle(TermKind::Sounds, sounds), profiles.finish(&ids.words, &ids.ngrams)),
        );
        let fields = Kinds { words, ngrams, sounds }.transpose()?;
        let postings = Postings::new(plan, fields, &texts.rows.ngrams, &lexicons.ngrams);
        questions.shrink_to_fit();
        texts.shrink();
        Ok(BankIndex { questions, texts, lexicons, profiles, equals, postings, centroids })
    }
}
