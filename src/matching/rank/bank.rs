//! All questions of a knowledge base, ready to be asked.

use std::{ops::Range, sync::Arc};

use super::{
    features::{Features, OfEntry},
    ranking::Judged,
    weights::Weights,
};
use crate::knowledge::KnowledgeBase;
use crate::matching::{
    error::MatchingError,
    index::{
        builder::Gathered,
        equals::{Among, Equal},
        lexicon::{Bag, Counted, Known, Lexicon},
        postings::Sought,
        profile::{Asking, Fits, HoldOut, Topics, best},
        rows::Shape,
        served::nearest_kept,
    },
    target::{Question, Role, Target},
    terms::{
        embeddings::{StaticTable, Vector},
        extract::Terms,
        key::key,
        kinds::{Kind, Kinds},
        reader::Reader,
        synonyms::Cores,
    },
};
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
    table: Arc<StaticTable>,
    gathered: Gathered,
    /// By topic: its questions that ask for it.
    asking: Vec<Range<u32>>,
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
        let before = earlier.map(|(base, bank)| (base, &bank.gathered));
        let gathered = Gathered::of(base, &reader, &table, before, threads)?;
        let topics = base.entries.len() + base.intents.len();
        let asking = asking_ranges(&gathered.questions, &gathered.topics, topics);
        Ok(Self { reader, table, gathered, asking })
    }

    /// The questions; those of one target stand together.
    pub(crate) fn questions(&self) -> &[Question] {
        &self.gathered.questions
    }

    /// What finds them.
    #[cfg(test)]
    pub(crate) fn index(&self) -> &crate::matching::index::postings::QuestionIndex {
        &self.gathered.index
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
        let counted = self.gathered.lexicons.count(&terms);
        let bags = self.gathered.lexicons.weigh(&counted, &self.gathered.texts, &(0..0));
        let asking = self.gathered.topics.ask(&counted, None);
        let vector = self.table.vector(&terms);
        Asked { terms, counted, bags, shape: Shape::of(core), asking, vector, gone: 0..0 }
    }

    /// What a question's terms were taken from.
    pub(crate) fn core(&self, question: u32) -> &str {
        self.gathered.texts.core(question as usize)
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
        let among =
            Among { base, questions: &self.gathered.questions, texts: &self.gathered.texts };
        self.gathered.equals.find(normalized, core, among, is_served)
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
        self.gathered.index.nearest(&mut sought, limit, &asked.gone, |near| {
            near.iter().map(|near| near.question).collect()
        })
    }

    fn sight(&self, asked: &Asked<'_>, is_served: impl Fn(Target) -> bool + Copy) -> Sight {
        let target = |id: u32| self.gathered.questions[id as usize].target;
        let mut questions = nearest_kept(
            CANDIDATES,
            |limit| self.nearest(asked, limit),
            |id| is_served(target(id)),
        );
        let mut seen: Vec<usize> = questions.iter().map(|&id| self.topic_of(id)).collect();
        let fits = self.gathered.topics.fits(&asked.asking);
        let is_kept = |topic: usize| {
            let mut there = self.asking[topic].clone();
            there.next().is_some_and(|id| is_served(target(id)))
        };
        let mut topics = fits.best(CANDIDATES_BY_FIT, is_kept);
        if self.gathered.centres.len() <= SCANNED_MAX {
            let cosines = asked.vector.cosines(&self.gathered.centres);
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
        self.gathered.texts.vector(question)
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
            let lexicon = self.gathered.lexicons.get(kind);
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
        let held = self.gathered.questions[question as usize];
        let gone = match hold_out {
            HoldOut::Question => question..question + 1,
            HoldOut::Target => self.of_target(held.target),
        };
        let core = self.core(question);
        let terms = self.terms(core);
        let counted = self.gathered.lexicons.count(&terms);
        let asked = Asked {
            bags: self.gathered.lexicons.weigh(&counted, &self.gathered.texts, &gone),
            shape: self.gathered.texts.text(question as usize).shape,
            asking: self.gathered.topics.ask(&counted, Some((held.target, hold_out))),
            terms,
            counted,
            vector: *self.vector(question),
            gone: gone.clone(),
        };
        let own = self.gathered.topics.number(held.target);
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
            words.map(|word| (spread(&self.gathered.lexicons.words, word), word)).collect();
        if shared.is_empty() {
            let pairs = one.runs.iter().filter(|run| run.chars().nth(1).is_some());
            let pairs = pairs.filter(|run| other.runs.contains(run));
            shared = pairs.map(|&run| (spread(&self.gathered.lexicons.runs, run), run)).collect();
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
        self.gathered.of_target(target)
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
            elsewhere.map_or(&self.gathered.centres[topic], |(_, centre)| centre)
        };
        let meanings = asked.vector.cosines(sight.questions.iter().map(|&id| self.vector(id)));
        let of_entries = asked.vector.cosines(sight.questions.iter().map(centre));
        let judge = |((&id, meaning), of_entry): ((&u32, f32), f32)| {
            let question = &self.gathered.questions[id as usize];
            let of_entry = OfEntry {
                fit: sight.fits.get(self.gathered.topics.number(question.target)),
                meaning: of_entry,
                questions: self.gathered.topics.questions(question.target),
            };
            let (asked, text) = ((&asked.bags, asked.shape), self.gathered.texts.text(id as usize));
            let features =
                Features::between(asked, &text, &self.gathered.lexicons, meaning, of_entry);
            Judged::new(id, features, weights)
        };
        sight.questions.iter().zip(meanings).zip(of_entries).map(judge).collect()
    }

    fn topic_of(&self, question: u32) -> usize {
        self.gathered.topics.number(self.gathered.questions[question as usize].target)
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
