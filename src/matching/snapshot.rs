//! A knowledge base together with what finds things in it.

use jiff::civil::Date;

use super::{Calibration, Explanation, Learnt, Matcher, MatchingError, Outcome};
use crate::knowledge::KnowledgeBase;
use crate::parallel::Threads;

/// A knowledge base made ready for questions. It never changes; a reload builds another.
#[derive(Debug)]
pub struct Snapshot {
    /// What the files say.
    pub base: KnowledgeBase,
    /// What finds things in it.
    pub matcher: Matcher,
}

impl Snapshot {
    /// Indexes the questions and calibrates confidence on them.
    pub fn build(base: KnowledgeBase) -> Result<Self, MatchingError> {
        Self::build_with(base, None, Threads::all())
    }

    /// The same on so many threads. What was learnt by a snapshot of the same knowledge
    /// spares asking again; anything else that was learnt is passed over.
    pub fn build_with(
        base: KnowledgeBase,
        learnt: Option<Learnt>,
        threads: Threads,
    ) -> Result<Self, MatchingError> {
        let matcher = Matcher::build(&base, learnt, threads)?;
        Ok(Self { base, matcher })
    }

    /// What it learnt by asking its own questions, for a snapshot of the same knowledge.
    pub fn learnt(&self) -> Learnt {
        Learnt::new(&self.base, self.calibration().clone())
    }

    /// What the utterance asks for, among what is served on that day.
    pub fn find(&self, utterance: &str, today: Date) -> Outcome {
        self.matcher.examine(&self.base, utterance, today).1
    }

    /// The same, with every stage on the way.
    pub fn explain(&self, utterance: &str, today: Date) -> Explanation {
        let (examination, outcome) = self.matcher.examine(&self.base, utterance, today);
        Explanation::new(self, examination, outcome)
    }

    /// What confidence means here, and from where on an answer is given.
    pub fn calibration(&self) -> &Calibration {
        self.matcher.calibration()
    }
}
