//! All questions of a knowledge base, ready to be asked.

use std::{ops::Range, sync::Arc};

use super::{
    MatchingError, StaticTable,
    equals::{Among, Equal, Equals},
    features::{Features, OfEntry},
    gathered::{Gathered, Reader},
    index::{QuestionIndex, Sought},
    kinds::{Kind, Kinds},
    lexicon::{Bag, Counted, Known, Lexicon, key},
    question::{Lexicons, Question, Role, Target, Terms},
    rank::Judged,
    rows::{Shape, Texts},
    served::nearest_kept,
    synonyms::Cores,
    table::Vector,
    topic::{Asking, Fits, HoldOut, Topics, best},
    weights::Weights,
};
use crate::knowledge::KnowledgeBase;
use crate::parallel::Threads;
use crate::text::Segmenter;

/// How many questions are looked at closely. An entry has about ten wordings, so this keeps
/// some five entries in sight; the right one is nearly always among them.
const CANDIDATES: usize = 48;

/// How many entries and intents are looked at beside those of the candidate questions: the
/// right one may share a word with each of its wordings and much with none.
const CANDIDATES_BY_FIT: usize = 16;

/// How many are looked at because they mean nearly the same, whatever words they share.
const CANDIDATES_BY_MEANING: usize = 8;

/// With more entries and intents than this, none is looked for by meaning alone: comparing
/// with all of them would take longer than all the rest.
const SCANNED_MAX: usize = 16_384;

/// How many shared words are named: enough to see why two questions are taken for one.
const SHARED_WORDS_MAX: usize = 3;

/// The indexed questions, the words they are cut into and the index that finds them.
#[derive(Debug)]
pub(crate) struct QuestionBank {
    reader: Arc<Reader>,
    lexicons: Lexicons,
    table: Arc<StaticTable>,
    questions: Vec<Question>,
    texts: Texts,
    index: QuestionIndex,
    topics: Topics,
    /// By topic: its questions that ask for it.
    asking: Vec<Range<u32>>,
    /// By topic: where its questions lie together.
    centres: Vec<Vector>,
    equals: Equals,
}

/// An utterance ready to be compared with the questions.
#[derive(Debug)]
pub(crate) struct Asked<'a> {
    pub(crate) terms: Terms<'a>,
    counted: Kinds<Counted>,
    bags: Kinds<Bag>,
    shape: Shape,
    asking: Asking,
    vector: Vector,
    /// Questions that are thought absent.
    gone: Range<u32>,
}

/// What is looked at closely for an utterance.
struct Sight {
    questions: Vec<u32>,
    fits: Fits,
}

impl QuestionBank {
    /// Indexes the questions of all live entries that are found by likeness, and the examples
    /// of all intents. What did not change since an earlier bank was built is taken from that,
    /// with the same result to the last bit.
    pub(crate) fn build(
        base: &KnowledgeBase,
        table: Arc<StaticTable>,
        earlier: Option<(&KnowledgeBase, &Self)>,
        threads: Threads,
    ) -> Result<Self, MatchingError> {
        let earlier = earlier.filter(|(before, bank)| {
            before.dictionary == base.dictionary
                && before.synonyms == base.synonyms
                && Arc::ptr_eq(&bank.table, &table)
        });
        let reader = match earlier {
            Some((_, bank)) => bank.reader.clone(),
            None => Arc::new(Reader::of(base)),
        };
        let Gathered { questions, texts, lexicons, topics, equals, index, centres } =
            Gathered::of(base, &reader, &table, earlier, threads)?;
        let asking = asking_ranges(&questions, &topics, base.entries.len() + base.intents.len());
        Ok(Self {
            reader,
            lexicons,
            table,
            questions,
            texts,
            index,
            topics,
            asking,
            centres,
            equals,
        })
    }

    /// The questions; those of one target stand together.
    pub(crate) fn questions(&self) -> &[Question] {
        &self.questions
    }

    /// Their texts, in the same order.
    pub(crate) fn texts(&self) -> &Texts {
        &self.texts
    }

    /// The words, runs and sounds of the questions and answers.
    pub(crate) fn lexicons(&self) -> &Lexicons {
        &self.lexicons
    }

    /// The entries and intents as wholes.
    pub(crate) fn topics(&self) -> &Topics {
        &self.topics
    }

    /// The questions by their whole text.
    pub(crate) fn equals(&self) -> &Equals {
        &self.equals
    }

    /// Where a target's questions lie together.
    pub(crate) fn centre(&self, target: Target) -> &Vector {
        &self.centres[self.topics.number(target)]
    }

    /// What finds them.
    pub(crate) fn index(&self) -> &QuestionIndex {
        &self.index
    }

    /// The table that it was built with.
    pub(crate) fn table(&self) -> &Arc<StaticTable> {
        &self.table
    }

    /// What cuts texts into words, with those of the knowledge base.
    pub(crate) fn segmenter(&self) -> &Segmenter {
        &self.reader.segmenter
    }

    /// What takes the core of texts, as it was taken of the questions.
    pub(crate) fn cores(&self) -> &Cores {
        &self.reader.cores
    }

    /// Cuts a core text as the questions were cut.
    pub(crate) fn terms<'a>(&self, core: &'a str) -> Terms<'a> {
        Terms::of(core, self.segmenter())
    }

    /// Cuts and weighs a core text.
    pub(crate) fn ask<'a>(&self, core: &'a str) -> Asked<'a> {
        let terms = self.terms(core);
        let counted = self.lexicons.count(&terms);
        let bags = self.lexicons.weigh(&counted, &self.texts, &(0..0));
        let asking = self.topics.ask(&counted, None);
        let vector = self.table.vector(&terms);
        Asked { terms, counted, bags, shape: Shape::of(core), asking, vector, gone: 0..0 }
    }

    /// What a question's terms were taken from.
    pub(crate) fn core(&self, question: u32) -> &str {
        self.texts.core(question as usize)
    }

    /// The question that is the utterance, given by its normalised text and its core, if it is
    /// of just one target among what is served. The bank was built from that base.
    pub(crate) fn find_equal(
        &self,
        base: &KnowledgeBase,
        normalized: &str,
        core: &str,
        is_served: impl Fn(Target) -> bool,
    ) -> Option<Equal> {
        let among = Among { base, questions: &self.questions, texts: &self.texts };
        self.equals.find(normalized, core, among, is_served)
    }

    /// The questions that are looked at closely for an utterance among what is served, nearest
    /// first by the terms that they share, then those of entries that are near as wholes.
    pub(crate) fn near(
        &self,
        asked: &Asked<'_>,
        is_served: impl Fn(Target) -> bool + Copy,
    ) -> Vec<u32> {
        self.sight(asked, is_served).questions
    }

    /// The questions that share most with an utterance, at most `limit`, best first.
    pub(crate) fn nearest(&self, asked: &Asked<'_>, limit: usize) -> Vec<u32> {
        let mut sought = self.sought(asked);
        self.index.nearest(&mut sought, limit, &asked.gone, |near| {
            near.iter().map(|near| near.question).collect()
        })
    }

    fn sight(&self, asked: &Asked<'_>, is_served: impl Fn(Target) -> bool + Copy) -> Sight {
        let target = |id: u32| self.questions[id as usize].target;
        let mut questions = nearest_kept(
            CANDIDATES,
            |limit| self.nearest(asked, limit),
            |id| is_served(target(id)),
        );
        let mut seen: Vec<usize> = questions.iter().map(|&id| self.topic_of(id)).collect();
        let fits = self.topics.fits(&asked.asking);
        let is_kept = |topic: usize| {
            let mut there = self.asking[topic].clone();
            there.next().is_some_and(|id| is_served(target(id)))
        };
        let mut topics = fits.best(CANDIDATES_BY_FIT, is_kept);
        if self.centres.len() <= SCANNED_MAX {
            let cosines = asked.vector.cosines(&self.centres);
            topics.extend(best(&cosines, CANDIDATES_BY_MEANING, is_kept));
        }
        for topic in topics {
            if !seen.contains(&topic) {
                seen.push(topic);
                questions.extend(self.nearest_in_meaning(asked, topic));
            }
        }
        Sight { questions, fits }
    }

    /// Of a topic's questions the one that means most nearly the same.
    fn nearest_in_meaning(&self, asked: &Asked<'_>, topic: usize) -> Option<u32> {
        let there = self.asking[topic].clone().filter(|id| !asked.gone.contains(id));
        let meanings = asked.vector.cosines(there.clone().map(|id| self.vector(id)));
        let nearest = there
            .zip(meanings)
            .max_by(|(one, near), (other, nearer)| near.total_cmp(nearer).then(other.cmp(one)));
        nearest.map(|(id, _)| id)
    }

    fn vector(&self, question: u32) -> &Vector {
        self.texts.vector(question)
    }

    /// The terms of an utterance to look for. A pair of sounds is looked for only where no
    /// question has the characters themselves: there one may have been mistyped.
    fn sought(&self, asked: &Asked<'_>) -> Vec<Sought> {
        let counted = &asked.counted;
        let kinds = match counted.runs.unknown {
            0 => &[Kind::Words, Kind::Runs][..],
            _ => &[Kind::Words, Kind::Runs, Kind::Sounds],
        };
        let mut sought =
            Vec::with_capacity(kinds.iter().map(|&kind| counted.get(kind).known.len()).sum());
        for &kind in kinds {
            let lexicon = self.lexicons.get(kind);
            sought.extend(counted.get(kind).known.iter().filter_map(|&Known { id, .. }| {
                let (spread, weight) = (lexicon.spread(id), lexicon.rarity(id));
                (spread > 0).then_some(Sought { kind, id, spread, weight })
            }));
        }
        sought
    }

    /// Finds the questions nearest to an utterance among what is served, and measures each.
    pub(crate) fn judge(
        &self,
        asked: &Asked<'_>,
        equal: Option<u32>,
        weights: &Weights,
        is_served: impl Fn(Target) -> bool + Copy,
    ) -> Vec<Judged> {
        let mut sight = self.sight(asked, is_served);
        if let Some(equal) = equal.filter(|equal| !sight.questions.contains(equal)) {
            sight.questions.push(equal);
        }
        self.judge_all(asked, &sight, None, weights)
    }

    /// Asks a question as if it, or its whole target, were not there.
    pub(crate) fn judge_held_out(
        &self,
        question: u32,
        hold_out: HoldOut,
        weights: &Weights,
    ) -> Vec<Judged> {
        let held = self.questions[question as usize];
        let gone = match hold_out {
            HoldOut::Question => question..question + 1,
            HoldOut::Target => self.of_target(held.target),
        };
        let core = self.core(question);
        let terms = self.terms(core);
        let counted = self.lexicons.count(&terms);
        let asked = Asked {
            bags: self.lexicons.weigh(&counted, &self.texts, &gone),
            shape: self.texts.text(question as usize).shape,
            asking: self.topics.ask(&counted, Some((held.target, hold_out))),
            terms,
            counted,
            vector: *self.vector(question),
            gone: gone.clone(),
        };
        let own = self.topics.number(held.target);
        let others = self.asking[own].clone().filter(|id| !gone.contains(id));
        let without = Vector::centre(others.map(|id| self.vector(id)));
        self.judge_all(&asked, &self.sight(&asked, |_| true), Some((own, without)), weights)
    }

    /// Words that two questions have in common, the rarest first, without those inside of
    /// others; pairs of characters when they have no word in common. At most three.
    pub(crate) fn shared_words(&self, one: u32, other: u32) -> Vec<String> {
        let terms = |id: u32| self.terms(self.core(id));
        let (one, other) = (terms(one), terms(other));
        let words = one.content_words().filter(|word| other.words.contains(word));
        let spread = |lexicon: &Lexicon, term: &str| {
            lexicon.id(key(term)).map_or(0, |id| lexicon.spread(id))
        };
        let mut shared: Vec<(u32, &str)> =
            words.map(|word| (spread(&self.lexicons.words, word), word)).collect();
        if shared.is_empty() {
            let pairs = one.runs.iter().filter(|run| run.chars().nth(1).is_some());
            let pairs = pairs.filter(|run| other.runs.contains(run));
            shared = pairs.map(|&run| (spread(&self.lexicons.runs, run), run)).collect();
        }
        shared.sort_unstable();
        shared.dedup();
        let is_inside =
            |word: &str| shared.iter().any(|(_, longer)| *longer != word && longer.contains(word));
        let whole = shared.iter().filter(|(_, word)| !is_inside(word));
        whole.take(SHARED_WORDS_MAX).map(|(_, word)| (*word).to_owned()).collect()
    }

    /// The questions of a target, which stand together.
    pub(crate) fn of_target(&self, target: Target) -> Range<u32> {
        let end_of = |end: &dyn Fn(Target) -> bool| {
            self.questions.partition_point(|question| end(question.target)) as u32
        };
        end_of(&|other| other < target)..end_of(&|other| other <= target)
    }

    /// Measures what is in sight. `moved` is a topic whose centre lies elsewhere for now.
    fn judge_all(
        &self,
        asked: &Asked<'_>,
        sight: &Sight,
        moved: Option<(usize, Vector)>,
        weights: &Weights,
    ) -> Vec<Judged> {
        let centre = |&id: &u32| {
            let topic = self.topic_of(id);
            let elsewhere = moved.as_ref().filter(|&&(place, _)| place == topic);
            elsewhere.map_or(&self.centres[topic], |(_, centre)| centre)
        };
        let meanings = asked.vector.cosines(sight.questions.iter().map(|&id| self.vector(id)));
        let of_entries = asked.vector.cosines(sight.questions.iter().map(centre));
        let judge = |((&id, meaning), of_entry): ((&u32, f32), f32)| {
            let question = &self.questions[id as usize];
            let of_entry = OfEntry {
                fit: sight.fits.get(self.topics.number(question.target)),
                meaning: of_entry,
                questions: self.topics.questions(question.target),
            };
            let (asked, text) = ((&asked.bags, asked.shape), self.texts.text(id as usize));
            let features = Features::between(asked, &text, &self.lexicons, meaning, of_entry);
            Judged::new(id, features, weights)
        };
        sight.questions.iter().zip(meanings).zip(of_entries).map(judge).collect()
    }

    fn topic_of(&self, question: u32) -> usize {
        self.topics.number(self.questions[question as usize].target)
    }
}

/// For each topic its questions that ask for it; they stand before its `not` lines.
fn asking_ranges(questions: &[Question], topics: &Topics, count: usize) -> Vec<Range<u32>> {
    let mut ranges = vec![0..0; count];
    let mut from = 0;
    for of_target in questions.chunk_by(|one, next| one.target == next.target) {
        let asking = of_target.iter().take_while(|question| question.role != Role::Not).count();
        ranges[topics.number(of_target[0].target)] = from..from + asking as u32;
        from += of_target.len() as u32;
    }
    ranges
}
