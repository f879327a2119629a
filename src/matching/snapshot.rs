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

/// What was done earlier and need not be done again.
#[derive(Clone, Debug, Default)]
pub struct Earlier<'s> {
    /// What snapshots learnt; only that of the same knowledge and table is taken.
    pub learnt: Vec<Learnt>,
    /// A snapshot of other files: the entries and intents in which nothing changed are taken
    /// over from it.
    pub snapshot: Option<&'s Snapshot>,
}

impl Snapshot {
    /// Indexes the questions and calibrates confidence on them, with the static table that
    /// comes with the program.
    pub fn build(base: KnowledgeBase) -> Result<Self, MatchingError> {
        Self::build_with(base, StaticTable::shipped())
    }

    /// The same with another static table, which is then a part of the snapshot's hash.
    pub fn build_with(base: KnowledgeBase, table: Arc<StaticTable>) -> Result<Self, MatchingError> {
        Self::build_again(base, table, Earlier::default(), Threads::all())
    }

    /// The same on so many threads, sparing what was done earlier. It is the same snapshot as
    /// without that, to the last bit.
    pub fn build_again(
        mut base: KnowledgeBase,
        table: Arc<StaticTable>,
        earlier: Earlier<'_>,
        threads: Threads,
    ) -> Result<Self, MatchingError> {
        base.hash = Self::hash_of(&base, &table);
        let matcher = Matcher::build(&base, table, earlier, threads)?;
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

    /// Makes ready what is otherwise made when it is first needed: what finds the words of the
    /// rules, and suggestions. Once is enough; more often does nothing.
    pub fn prepare(&self) {
        self.base.rules.prepare();
        self.prepare_suggestions();
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
