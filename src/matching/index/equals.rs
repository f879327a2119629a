//! Finds the question that equals an utterance.

use super::rows::QuestionTexts;
use crate::knowledge::{KnowledgeBase, MatchBy, Status};
use crate::matching::{
    target::{IndexedQuestion, Target},
    terms::synonyms::Cores,
};
use crate::text::{fnv1a_of, normalize};

/// A question that equals the utterance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Equal {
    /// A question of the bank, by its id.
    Ranked(u32),
    /// A question of an entry that is not ranked: the indexes of the entry and of the question.
    Unranked { entry: usize, question: usize },
}

/// Questions by their whole text and by their core.
///
/// Several targets may have the same text: entries that exclude one another by `when`, and
/// targets whose questions differ in courtesies or synonyms only.
#[derive(Debug, Default)]
pub(crate) struct Equals {
    by_text: ByHash,
    by_core: ByHash,
    /// The questions of the entries that are not ranked. Their ids follow those of the bank.
    unranked: Vec<UnrankedQuestion>,
}

#[derive(Debug)]
struct UnrankedQuestion {
    entry: usize,
    question: usize,
    normalized: String,
    core: String,
}

/// The texts of the bank's questions, which a text that has the same hash is compared with.
#[derive(Clone, Copy, Debug)]
pub(crate) struct IndexedTexts<'a> {
    pub(crate) base: &'a KnowledgeBase,
    pub(crate) questions: &'a [IndexedQuestion],
    pub(crate) texts: &'a QuestionTexts,
}

/// Hashes of a question's normalised text and of its core. A question that is found by hash is
/// compared by its text, so collisions are harmless.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Hashes {
    text: u32,
    core: u32,
}

impl Hashes {
    pub(crate) fn of(normalized: &str, core: &str) -> Self {
        Self { text: hash(normalized), core: hash(core) }
    }
}

fn hash(text: &str) -> u32 {
    let hash = fnv1a_of(text);
    (hash >> 32) as u32 ^ hash as u32
}

/// Pairs of a hash and a question id, sorted.
#[derive(Debug, Default)]
struct ByHash(Vec<(u32, u32)>);

impl ByHash {
    fn new(mut hashes: Vec<(u32, u32)>) -> Self {
        hashes.sort_unstable();
        Self(hashes)
    }

    fn of(&self, text: &str) -> impl Iterator<Item = u32> {
        let hash = hash(text);
        let from = self.0.partition_point(|&(other, _)| other < hash);
        self.0[from..].iter().take_while(move |(other, _)| *other == hash).map(|&(_, id)| id)
    }
}

impl Equals {
    /// From the hashes of the bank's questions, `None` for a `not` line; and from the entries of
    /// the base that are not ranked.
    pub(crate) fn new(ranked: &[Option<Hashes>], base: &KnowledgeBase, cores: &Cores) -> Self {
        let unranked = unranked_questions(base, cores);
        let of_unranked = unranked.iter().map(|one| Some(Hashes::of(&one.normalized, &one.core)));
        let all = ranked.iter().copied().chain(of_unranked).zip(0..);
        let all: Vec<(Hashes, u32)> = all.filter_map(|(hashes, id)| Some((hashes?, id))).collect();
        Self {
            by_text: ByHash::new(all.iter().map(|&(hashes, id)| (hashes.text, id)).collect()),
            by_core: ByHash::new(all.iter().map(|&(hashes, id)| (hashes.core, id)).collect()),
            unranked,
        }
    }

    /// The hashes of the bank's questions, by id: the argument of [`Self::new`].
    pub(crate) fn hashes(&self, questions: usize) -> Vec<Option<Hashes>> {
        let mut hashes = vec![None; questions];
        for &(text, id) in &self.by_text.0 {
            if let Some(hashes) = hashes.get_mut(id as usize) {
                *hashes = Some(Hashes { text, core: 0 });
            }
        }
        for &(core, id) in &self.by_core.0 {
            if let Some(Some(hashes)) = hashes.get_mut(id as usize) {
                hashes.core = core;
            }
        }
        hashes
    }

    /// The question that equals the utterance by its normalised text, or else by its core. `None`
    /// when served questions of several targets equal it.
    pub(crate) fn find(
        &self,
        normalized: &str,
        core: &str,
        indexed: IndexedTexts<'_>,
        is_served: impl Fn(Target) -> bool,
    ) -> Option<Equal> {
        let IndexedTexts { base, questions, texts } = indexed;
        let unranked = |id: u32| &self.unranked[id as usize - questions.len()];
        let of_id = |id: u32| {
            if let Some(question) = questions.get(id as usize) {
                return (question.target, Equal::Ranked(id));
            }
            let &UnrankedQuestion { entry, question, .. } = unranked(id);
            (Target::Entry(entry), Equal::Unranked { entry, question })
        };
        let only_target = |ids: &mut dyn Iterator<Item = u32>| {
            let mut served = ids.map(of_id).filter(|(target, _)| is_served(*target));
            let (target, equal) = served.next()?;
            served.all(|(other, _)| other == target).then_some(equal)
        };
        let is_text = |&id: &u32| match questions.get(id as usize) {
            Some(question) => normalize(question.wording(base)).as_str() == normalized,
            None => unranked(id).normalized == normalized,
        };
        let is_core = |&id: &u32| match questions.get(id as usize) {
            Some(_) => texts.core(id as usize) == core,
            None => unranked(id).core == core,
        };
        only_target(&mut self.by_text.of(normalized).filter(is_text))
            .or_else(|| only_target(&mut self.by_core.of(core).filter(is_core)))
    }
}

fn unranked_questions(base: &KnowledgeBase, cores: &Cores) -> Vec<UnrankedQuestion> {
    let mut unranked = Vec::new();
    for (entry, written) in base.entries.iter().enumerate() {
        if written.status != Status::Live || matches!(written.match_by, MatchBy::Smart) {
            continue;
        }
        for (question, wording) in written.questions().enumerate() {
            let normalized = normalize(wording).into_string();
            let core = cores.core(&normalized);
            unranked.push(UnrankedQuestion { entry, question, normalized, core });
        }
    }
    unranked
}
