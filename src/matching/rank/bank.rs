//! All questions of a knowledge base, ready to be asked.

use std::{ops::Range, sync::Arc};

use super::{
    features::{Features, OfEntry},
    ranking::ScoredQuestion,
    weights::Weights,
};
use crate::knowledge::KnowledgeBase;
use crate::matching::{
    error::MatchingError,
    index::{
        builder::BankIndex,
        equals::{Among, Equal},
        lexicon::{Bag, Counted, KnownTerm, Lexicon},
        postings::Sought,
        profile::{Asking, Fits, HoldOut, Profiles, best},
        rows::Shape,
        served::nearest_kept,
    },
    target::{IndexedQuestion, QuestionRole, Target},
    terms::{
        embeddings::{Embeddings, Vector},
        extract::Terms,
        key::key,
        kinds::{Kinds, TermKind},
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
    table: Arc<Embeddings>,
    index: BankIndex,
    /// By topic: its questions that ask for it.
    asking: Vec<Range<u32>>,
}

/// An utterance ready to be compared with the questions.
#[derive(Debug)]
pub(crate) struct Analyzed<'a> {
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
        table: Arc<Embeddings>,
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
        let before = earlier.map(|(base, bank)| (base, &bank.index));
        let index = BankIndex::of(base, &reader, &table, before, threads)?;
        let profiles = base.entries.len() + base.intents.len();
        let asking = asking_ranges(&index.questions, &index.profiles, profiles);
        Ok(Self { reader, table, index, asking })
    }

    /// The questions; those of one target stand together.
    pub(crate) fn questions(&self) -> &[IndexedQuestion] {
        &self.index.questions
    }

    /// What finds them.
    #[cfg(test)]
    pub(crate) fn index(&self) -> &crate::matching::index::postings::Postings {
        &self.index.postings
    }

    /// The table that it was built with.
    pub(crate) fn table(&self) -> &Arc<Embeddings> {
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
    pub(crate) fn ask<'a>(&self, core: &'a str) -> Analyzed<'a> {
        let terms = self.terms(core);
        let counted = self.index.lexicons.count(&terms);
        let bags = self.index.lexicons.weigh(&counted, &self.index.texts, &(0..0));
        let asking = self.index.profiles.ask(&counted, None);
        let vector = self.table.vector(&terms);
        Analyzed { terms, counted, bags, shape: Shape::of(core), asking, vector, gone: 0..0 }
    }

    /// What a question's terms were taken from.
    pub(crate) fn core(&self, question: u32) -> &str {
        self.index.texts.core(question as usize)
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
        let among = Among { base, questions: &self.index.questions, texts: &self.index.texts };
        self.index.equals.find(normalized, core, among, is_served)
    }

    /// The questions that are looked at closely for an utterance among what is served, nearest
    /// first by the terms that they share, then those of entries that are near as wholes.
    pub(crate) fn near(
        &self,
        asked: &Analyzed<'_>,
        is_served: impl Fn(Target) -> bool + Copy,
    ) -> Vec<u32> {
        self.sight(asked, is_served).questions
    }

    /// The questions that share most with an utterance, at most `limit`, best first.
    pub(crate) fn nearest(&self, asked: &Analyzed<'_>, limit: usize) -> Vec<u32> {
        let mut sought = self.sought(asked);
        self.index.postings.nearest(&mut sought, limit, &asked.gone, |near| {
            near.iter().map(|near| near.question).collect()
        })
    }

    fn sight(&self, asked: &Analyzed<'_>, is_served: impl Fn(Target) -> bool + Copy) -> Sight {
        let target = |id: u32| self.index.questions[id as usize].target;
        let mut questions = nearest_kept(
            CANDIDATES,
            |limit| self.nearest(asked, limit),
            |id| is_served(target(id)),
        );
        let mut seen: Vec<usize> = questions.iter().map(|&id| self.profile_of(id)).collect();
        let fits = self.index.profiles.fits(&asked.asking);
        let is_kept = |profile: usize| {
            let mut there = self.asking[profile].clone();
            there.next().is_some_and(|id| is_served(target(id)))
        };
        let mut profiles = fits.best(CANDIDATES_BY_FIT, is_kept);
        if self.index.centroids.len() <= SCANNED_MAX {
            let cosines = asked.vector.cosines(&self.index.centroids);
            profiles.extend(best(&cosines, CANDIDATES_BY_MEANING, is_kept));
        }
        for profile in profiles {
            if !seen.contains(&profile) {
                seen.push(profile);
                questions.extend(self.nearest_in_meaning(asked, profile));
            }
        }
        Sight { questions, fits }
    }

    /// Of a topic's questions the one that means most nearly the same.
    fn nearest_in_meaning(&self, asked: &Analyzed<'_>, profile: usize) -> Option<u32> {
        let there = self.asking[profile].clone().filter(|id| !asked.gone.contains(id));
        let meanings = asked.vector.cosines(there.clone().map(|id| self.vector(id)));
        let nearest = there
            .zip(meanings)
            .max_by(|(one, near), (other, nearer)| near.total_cmp(nearer).then(other.cmp(one)));
        nearest.map(|(id, _)| id)
    }

    fn vector(&self, question: u32) -> &Vector {
        self.index.texts.vector(question)
    }

    /// The terms of an utterance to look for. A pair of sounds is looked for only where no
    /// question has the characters themselves: there one may have been mistyped.
    fn sought(&self, asked: &Analyzed<'_>) -> Vec<Sought> {
        let counted = &asked.counted;
        let kinds = match counted.ngrams.unknown {
            0 => &[TermKind::Words, TermKind::Ngrams][..],
            _ => &[TermKind::Words, TermKind::Ngrams, TermKind::Sounds],
        };
        let mut sought =
            Vec::with_capacity(kinds.iter().map(|&kind| counted.get(kind).known.len()).sum());
        for &kind in kinds {
            let lexicon = self.index.lexicons.get(kind);
            sought.extend(counted.get(kind).known.iter().filter_map(
                |&KnownTerm { id, .. }| {
                    let (document_frequency, weight) =
                        (lexicon.document_frequency(id), lexicon.idf(id));
                    (document_frequency > 0).then_some(Sought {
                        kind,
                        id,
                        document_frequency,
                        weight,
                    })
                },
            ));
        }
        sought
    }

    /// Finds the questions nearest to an utterance among what is served, and measures each.
    pub(crate) fn judge(
        &self,
        asked: &Analyzed<'_>,
        equal: Option<u32>,
        weights: &Weights,
        is_served: impl Fn(Target) -> bool + Copy,
    ) -> Vec<ScoredQuestion> {
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
    ) -> Vec<ScoredQuestion> {
        let held = self.index.questions[question as usize];
        let gone = match hold_out {
            HoldOut::Question => question..question + 1,
            HoldOut::Target => self.of_target(held.target),
        };
        let core = self.core(question);
        let terms = self.terms(core);
        let counted = self.index.lexicons.count(&terms);
        let asked = Analyzed {
            bags: self.index.lexicons.weigh(&counted, &self.index.texts, &gone),
            shape: self.index.texts.text(question as usize).shape,
            asking: self.index.profiles.ask(&counted, Some((held.target, hold_out))),
            terms,
            counted,
            vector: *self.vector(question),
            gone: gone.clone(),
        };
        let own = self.index.profiles.number(held.target);
        let others = self.asking[own].clone().filter(|id| !gone.contains(id));
        let without = Vector::centroid(others.map(|id| self.vector(id)));
        self.judge_all(&asked, &self.sight(&asked, |_| true), Some((own, without)), weights)
    }

    /// Words that two questions have in common, the rarest first, without those inside of
    /// others; pairs of characters when they have no word in common. At most three.
    pub(crate) fn shared_words(&self, one: u32, other: u32) -> Vec<String> {
        let terms = |id: u32| self.terms(self.core(id));
        let (one, other) = (terms(one), terms(other));
        let words = one.content_words().filter(|word| other.words.contains(word));
        let document_frequency = |lexicon: &Lexicon, term: &str| {
            lexicon.id(key(term)).map_or(0, |id| lexicon.document_frequency(id))
        };
        let mut shared: Vec<(u32, &str)> = words
            .map(|word| (document_frequency(&self.index.lexicons.words, word), word))
            .collect();
        if shared.is_empty() {
            let pairs = one.ngrams.iter().filter(|run| run.chars().nth(1).is_some());
            let pairs = pairs.filter(|run| other.ngrams.contains(run));
            shared = pairs
                .map(|&run| (document_frequency(&self.index.lexicons.ngrams, run), run))
                .collect();
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
        self.index.of_target(target)
    }

    /// Measures what is in sight. `moved` is a topic whose centre lies elsewhere for now.
    fn judge_all(
        &self,
        asked: &Analyzed<'_>,
        sight: &Sight,
        moved: Option<(usize, Vector)>,
        weights: &Weights,
    ) -> Vec<ScoredQuestion> {
        let centroid = |&id: &u32| {
            let profile = self.profile_of(id);
            let elsewhere = moved.as_ref().filter(|&&(place, _)| place == profile);
            elsewhere.map_or(&self.index.centroids[profile], |(_, centroid)| centroid)
        };
        let meanings = asked.vector.cosines(sight.questions.iter().map(|&id| self.vector(id)));
        let of_entries = asked.vector.cosines(sight.questions.iter().map(centroid));
        let judge = |((&id, meaning), of_entry): ((&u32, f32), f32)| {
            let question = &self.index.questions[id as usize];
            let of_entry = OfEntry {
                fit: sight.fits.get(self.index.profiles.number(question.target)),
                meaning: of_entry,
                questions: self.index.profiles.questions(question.target),
            };
            let (asked, text) = ((&asked.bags, asked.shape), self.index.texts.text(id as usize));
            let features = Features::between(asked, &text, &self.index.lexicons, meaning, of_entry);
            ScoredQuestion::new(id, features, weights)
        };
        sight.questions.iter().zip(meanings).zip(of_entries).map(judge).collect()
    }

    fn profile_of(&self, question: u32) -> usize {
        self.index.profiles.number(self.index.questions[question as usize].target)
    }
}

/// For each topic its questions that ask for it; they stand before its `not` lines.
fn asking_ranges(
    questions: &[IndexedQuestion],
    profiles: &Profiles,
    count: usize,
) -> Vec<Range<u32>> {
    let mut ranges = vec![0..0; count];
    let mut from = 0;
    for of_target in questions.chunk_by(|one, next| one.target == next.target) {
        let asking =
            of_target.iter().take_while(|question| question.role != QuestionRole::Not).count();
        ranges[profiles.number(of_target[0].target)] = from..from + asking as u32;
        from += of_target.len() as u32;
    }
    ranges
}
