//! A knowledge base together with what finds things in it.

use std::sync::{Arc, OnceLock};

use super::{
    Calibration, Explanation, Learnt, Matcher, MatchingError, Outcome, StaticTable,
    suggest::SuggestIndex,
};
use crate::knowledge::{Circumstances, KnowledgeBase};
use crate::parallel::Threads;

/// A knowledge base made ready for questions. It never changes; a reload builds another.
#[derive(Debug)]
pub struct Snapshot {
    /// What the files say.
    pub base: KnowledgeBase,
    /// What finds things in it.
    pub matcher: Matcher,
    /// What suggestions are looked for in; built when it is first needed.
    pub(super) suggest_index: OnceLock<SuggestIndex>,
}

impl Snapshot {
    /// Indexes the questions and calibrates confidence on them, with the static table that
    /// comes with the program.
    pub fn build(base: KnowledgeBase) -> Result<Self, MatchingError> {
        Self::build_with(base, StaticTable::shipped())
    }

    /// The same with another static table, which is then a part of the snapshot's hash.
    pub fn build_with(base: KnowledgeBase, table: Arc<StaticTable>) -> Result<Self, MatchingError> {
        Self::build_again(base, table, None, Threads::all())
    }

    /// The same on so many threads. What a snapshot of the same knowledge and table learnt
    /// spares asking again; anything else that was learnt is passed over.
    pub fn build_again(
        mut base: KnowledgeBase,
        table: Arc<StaticTable>,
        learnt: Option<Learnt>,
        threads: Threads,
    ) -> Result<Self, MatchingError> {
        base.hash = Self::hash_of(&base, &table);
        let matcher = Matcher::build(&base, table, learnt, threads)?;
        Ok(Self { base, matcher, suggest_index: OnceLock::new() })
    }

    /// The hash that a snapshot of these will have.
    pub(crate) fn hash_of(base: &KnowledgeBase, table: &Arc<StaticTable>) -> String {
        // The shipped table is a part of the engine, whose version is in the hash already.
        if Arc::ptr_eq(table, &StaticTable::shipped()) {
            base.hash.clone()
        } else {
            table.hash_with(&base.hash)
        }
    }

    /// What it learnt by asking its own questions, for [`Snapshot::build_again`].
    pub fn learnt(&self) -> Learnt {
        Learnt::new(&self.base, self.calibration().clone())
    }

    /// The same, asked anew.
    pub fn learn_anew(&self) -> Result<Learnt, MatchingError> {
        Ok(Learnt::new(&self.base, self.matcher.calibrate(&self.base, Threads::all())?))
    }

    /// What the utterance asks for, among what is served on that day to such a customer. A
    /// date alone is a customer of whom nothing is known.
    pub fn find<'f>(
        &self,
        utterance: &str,
        circumstances: impl Into<Circumstances<'f>>,
    ) -> Outcome {
        self.matcher.examine(&self.base, utterance, circumstances.into()).1
    }

    /// The same, with every stage on the way.
    pub fn explain<'f>(
        &self,
        utterance: &str,
        circumstances: impl Into<Circumstances<'f>>,
    ) -> Explanation {
        let (examination, outcome) =
            self.matcher.examine(&self.base, utterance, circumstances.into());
        Explanation::new(self, utterance, examination, outcome)
    }

    /// What confidence means here, and from where on an answer is given.
    pub fn calibration(&self) -> &Calibration {
        self.matcher.calibration()
    }

    /// The terms of an utterance that the static table may have rows for.
    pub fn terms(&self, utterance: &str) -> Vec<String> {
        self.matcher.table_terms(utterance)
    }
}
