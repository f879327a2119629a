//! Builds the index of a knowledge base: reads, cuts and counts the texts of its questions.
//!
//! The texts of unchanged entries and intents are reused from an earlier index. Ids do not depend
//! on the order in which terms are found, so the result is the same to the last bit.

use std::ops::Range;

use super::{
    alignment::Alignments,
    equals::{Equals, Hashes},
    lexicon::{Interner, Lexicon},
    lexicons::Lexicons,
    postings::{EarlierPostings, Postings, REMOVED, SegmentPlan},
    profile::{Occurrence, Profiles},
    profile_builder::{ProfilesBuilder, TermsByProfile},
    rows::{QuestionTexts, Rows, Shape},
};
use crate::knowledge::{Entry, Intent, KnowledgeBase, MatchBy, Status};
use crate::matching::{
    error::MatchingError,
    target::{IndexedQuestion, QuestionRole, Target},
    terms::{
        embeddings::{Embeddings, Vector},
        kinds::{Kinds, TermKind},
        reader::Reader,
        synonyms::Cores,
    },
};
use crate::parallel::Threads;
use crate::text::normalize;

/// The index of a knowledge base: its questions, their texts, and the structures to find them.
#[derive(Debug)]
pub(crate) struct BankIndex {
    /// By question id; grouped by target.
    pub(crate) questions: Vec<IndexedQuestion>,
    /// The texts of the questions, by question id.
    pub(crate) texts: QuestionTexts,
    /// The words, n-grams and sounds of the questions and answers.
    pub(crate) lexicons: Lexicons,
    /// The profiles of the entries and intents.
    pub(crate) profiles: Profiles,
    /// The words and characters of the profiles.
    pub(crate) alignments: Alignments,
    /// The questions by their whole text.
    pub(crate) equals: Equals,
    /// The postings of the questions.
    pub(crate) postings: Postings,
    /// By profile number, the centroid of its questions' embeddings.
    pub(crate) centroids: Vec<Vector>,
}

impl BankIndex {
    /// Builds the index of a base. An earlier index must have been built with an equal reader and
    /// the same embeddings.
    pub(crate) fn build(
        base: &KnowledgeBase,
        reader: &Reader,
        embeddings: &Embeddings,
        earlier: Option<(&KnowledgeBase, &Self)>,
        threads: Threads,
    ) -> Result<Self, MatchingError> {
        let targets = targets(base, earlier.map(|(earlier, _)| earlier));
        let texts = threads.map(&targets, |&(target, unchanged)| match unchanged {
            Some(earlier_target) => TargetTexts::Unchanged(earlier_target),
            None => TargetTexts::Read(ReadTarget::of(base, target, reader, embeddings)),
        });
        let mut builder = BankIndexBuilder::new(base, earlier.map(|(_, earlier)| earlier));
        for ((target, _), texts) in targets.into_iter().zip(texts) {
            match texts {
                TargetTexts::Unchanged(earlier_target) => builder.reuse(target, earlier_target),
                TargetTexts::Read(read) => builder.add(target, read),
            }
        }
        let count = builder.questions.len();
        u32::try_from(count).map_err(|_| MatchingError::TooManyQuestions(count))?;
        builder.finish(base, (&reader.cores, embeddings), threads)
    }

    /// The ids of the questions of a target, with its `not` lines.
    pub(crate) fn questions_of(&self, target: Target) -> Range<u32> {
        let start = self.questions.partition_point(|question| question.target < target);
        let end = self.questions.partition_point(|question| question.target <= target);
        start as u32..end as u32
    }

    /// The centroid of a target's questions.
    pub(crate) fn centroid(&self, target: Target) -> &Vector {
        &self.centroids[self.profiles.number(target)]
    }
}

/// All targets whose questions are ranked, each with its target in an earlier base if its texts are
/// unchanged.
fn targets(base: &KnowledgeBase, earlier: Option<&KnowledgeBase>) -> Vec<(Target, Option<Target>)> {
    let is_ranked =
        |entry: &Entry| entry.status == Status::Live && matches!(entry.match_by, MatchBy::Smart);
    let entries = base.entries.iter().enumerate().filter(|(_, entry)| is_ranked(entry));
    let entries = entries.map(|(place, entry)| {
        let unchanged = earlier.and_then(|earlier| unchanged_entry(earlier, entry, is_ranked));
        (Target::Entry(place), unchanged)
    });
    let intents = base.intents.iter().enumerate().map(|(place, intent)| {
        let unchanged = earlier.and_then(|earlier| unchanged_intent(earlier, intent));
        (Target::Intent(place), unchanged)
    });
    entries.chain(intents).collect()
}

/// The earlier entry with the same id, if its texts are the same.
fn unchanged_entry(
    earlier: &KnowledgeBase,
    entry: &Entry,
    is_ranked: impl Fn(&Entry) -> bool,
) -> Option<Target> {
    let place = earlier.entries.place(&entry.id)?;
    let other = &earlier.entries[place];
    let is_unchanged = is_ranked(other)
        && other.standard_question == entry.standard_question
        && other.similar_questions == entry.similar_questions
        && other.not == entry.not
        && other.answer == entry.answer;
    is_unchanged.then_some(Target::Entry(place))
}

/// The earlier intent with the same id, if its examples are the same.
fn unchanged_intent(earlier: &KnowledgeBase, intent: &Intent) -> Option<Target> {
    let place = earlier.intents.place(&intent.id)?;
    (earlier.intents[place].examples == intent.examples).then_some(Target::Intent(place))
}

/// The texts of an entry or intent.
enum TargetTexts {
    /// The same as those of this target of the earlier index.
    Unchanged(Target),
    Read(ReadTarget),
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
    fn of(base: &KnowledgeBase, target: Target, reader: &Reader, embeddings: &Embeddings) -> Self {
        let cores = &reader.cores;
        let mut questions = Vec::new();
        let mut read = |role, wordings: &[String]| {
            for (wording, number) in wordings.iter().zip(0..) {
                let normalized = normalize(wording).into_string();
                // An utterance cannot equal or resemble a question of punctuation alone.
                if normalized.is_empty() {
                    continue;
                }
                let core = cores.core(&normalized);
                let terms = reader.terms(&core);
                questions.push(ReadQuestion {
                    role,
                    number,
                    hashes: Hashes::of(&normalized, &core),
                    keys: terms.keys(),
                    shape: Shape::of(&core, &reader.signals),
                    vector: embeddings.vector(&terms),
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
                let answer = answer.map(|core| reader.terms_of_answer(&core).keys());
                Self { questions, answer }
            }
            Target::Intent(place) => {
                read(QuestionRole::Similar, &base.intents[place].examples);
                Self { questions, answer: None }
            }
        }
    }
}

/// The core of an entry's answer; `None` when the answer only repeats the question.
fn answer_core(entry: &Entry, cores: &Cores) -> Option<String> {
    let answer = entry.answer.searched().whole();
    let is_new = answer != entry.standard_question;
    is_new.then(|| cores.core(normalize(&answer).as_str()))
}

/// The parts of an earlier index that are reused.
struct Reuse<'e> {
    index: &'e BankIndex,
    profiles: TermsByProfile<'e>,
    hashes: Vec<Option<Hashes>>,
    /// By earlier question id, the new id, or [`REMOVED`].
    questions: Vec<u32>,
}

/// Collects the questions of a [`BankIndex`].
struct BankIndexBuilder<'e> {
    questions: Vec<IndexedQuestion>,
    texts: QuestionTexts,
    hashes: Vec<Option<Hashes>>,
    interners: Kinds<Interner>,
    profiles: ProfilesBuilder,
    /// By profile number; [`Vector::ZERO`] without questions.
    centroids: Vec<Vector>,
    reuse: Option<Reuse<'e>>,
}

impl<'e> BankIndexBuilder<'e> {
    fn new(base: &KnowledgeBase, earlier: Option<&'e BankIndex>) -> Self {
        let reuse = earlier.map(|index| Reuse {
            index,
            profiles: TermsByProfile::of(&index.profiles),
            hashes: index.equals.hashes(index.questions.len()),
            questions: vec![REMOVED; index.questions.len()],
        });
        Self {
            questions: Vec::new(),
            texts: QuestionTexts::default(),
            hashes: Vec::new(),
            interners: earlier.map_or_else(Kinds::default, |earlier| {
                earlier.lexicons.as_ref().map(Interner::from_lexicon)
            }),
            profiles: ProfilesBuilder::new(base.entries.len(), base.intents.len()),
            centroids: vec![Vector::ZERO; base.entries.len() + base.intents.len()],
            reuse,
        }
    }

    /// Adds a target by its texts.
    fn add(&mut self, target: Target, read: ReadTarget) {
        if read.questions.is_empty() {
            return;
        }
        let wordings = read.questions.iter().filter(|one| one.role != QuestionRole::Not);
        self.centroids[self.profiles.number(target)] =
            Vector::centroid(wordings.map(|question| &question.vector));
        let mut texts: Vec<(Kinds<Vec<u32>>, Occurrence)> = Vec::new();
        let mut intern = |keys: Kinds<Vec<u64>>| {
            self.interners.as_mut().zip(keys).map(|(interner, keys)| {
                keys.into_iter().map(|key| interner.number(key)).collect::<Vec<u32>>()
            })
        };
        for one in read.questions {
            let ReadQuestion { role, number, hashes, core, keys, shape, vector } = one;
            let numbers = intern(keys);
            let terms = numbers.as_ref().map(|numbers| numbers.iter().copied());
            self.texts.push(&core, terms, shape, vector);
            self.questions.push(IndexedQuestion { target, role, number });
            self.hashes.push((role != QuestionRole::Not).then_some(hashes));
            match role {
                QuestionRole::Standard => texts.push((numbers, Occurrence::STANDARD)),
                QuestionRole::Similar => texts.push((numbers, Occurrence::SIMILAR)),
                QuestionRole::Not => {}
            }
        }
        texts.extend(read.answer.map(|keys| (intern(keys), Occurrence::ANSWER)));
        let texts = texts.iter().map(|(numbers, occurrence)| (numbers, *occurrence));
        self.profiles.add(target, texts);
    }

    /// Adds a target with the texts of a target of the earlier index.
    fn reuse(&mut self, target: Target, earlier_target: Target) {
        let reuse = self.reuse.as_mut().expect("an unchanged target comes from an earlier index");
        let Reuse { index, profiles, hashes, questions } = reuse;
        let earlier_questions = index.questions_of(earlier_target);
        if earlier_questions.is_empty() {
            return;
        }
        for earlier in earlier_questions {
            let earlier = earlier as usize;
            questions[earlier] = self.questions.len() as u32;
            self.questions.push(IndexedQuestion { target, ..index.questions[earlier] });
            self.hashes.push(hashes[earlier]);
            self.texts.push_reused(&index.texts, earlier);
        }
        self.profiles.add_reused(target, profiles, earlier_target);
        self.centroids[self.profiles.number(target)] = *index.centroid(earlier_target);
    }

    /// Gives terms their ids, and builds the structures that need all questions.
    fn finish(
        self,
        base: &KnowledgeBase,
        (cores, embeddings): (&Cores, &Embeddings),
        threads: Threads,
    ) -> Result<BankIndex, MatchingError> {
        let Self { mut questions, mut texts, hashes, interners, profiles, centroids, reuse } = self;
        if !texts.fits_offsets() {
            return Err(MatchingError::TooMuchText);
        }
        let mut is_used = interners.as_ref().map(|interner| vec![false; interner.len()]);
        texts.rows.as_ref().zip(is_used.as_mut()).map(|(rows, is_used)| rows.mark_used(is_used));
        profiles.mark_used(&mut is_used.words, &mut is_used.ngrams);
        let finished = interners.zip(is_used).map(|(interner, is_used)| interner.finish(&is_used));
        let (mut lexicons, ids) = finished.unzip();
        let earlier = reuse.map(|reuse| EarlierPostings {
            postings: &reuse.index.postings,
            questions: reuse.questions,
            terms: &ids,
        });
        let plan = SegmentPlan::new(questions.len(), earlier.as_ref());
        let fields = |kind, (rows, lexicon): (&mut Rows, &mut Lexicon)| {
            rows.finish(ids.get(kind), lexicon);
            plan.fields(kind, rows, lexicon)
        };
        let Kinds { words, ngrams, sounds } = texts.rows.as_mut().zip(lexicons.as_mut());
        // These two halves take about the same time.
        let ((words, ngrams, equals), (sounds, profiles)) = threads.both(
            |_| {
                (
                    fields(TermKind::Words, words),
                    fields(TermKind::Ngrams, ngrams),
                    Equals::new(&hashes, base, cores),
                )
            },
            || (fields(TermKind::Sounds, sounds), profiles.finish(&ids.words, &ids.ngrams)),
        );
        let fields = Kinds { words, ngrams, sounds }.transpose()?;
        let postings = Postings::new(plan, fields, &texts.rows.ngrams, &lexicons.ngrams);
        questions.shrink_to_fit();
        texts.shrink();
        let alignments = Alignments::of(&profiles, &lexicons, embeddings);
        Ok(BankIndex {
            questions,
            texts,
            lexicons,
            profiles,
            alignments,
            equals,
            postings,
            centroids,
        })
    }
}
