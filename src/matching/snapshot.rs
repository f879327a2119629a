//! A knowledge base together with what finds things in it.

use jiff::civil::Date;

use super::{Calibration, Explanation, Matcher, MatchingError, Outcome};
use crate::knowledge::KnowledgeBase;

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
        let matcher = Matcher::build(&base)?;
        Ok(Self { base, matcher })
    }

    /// What the utterance asks for, among what is served on that day.
    pub fn find(&self, utterance: &str, today: Date) -> Outcome {
        self.matcher.examine(&self.base, utterance, today).1
    }

    /// The same, with every stage on the way.
    pub fn explain(&self, utterance: &str, today: Date) -> Explanation {
        let (examination, outcome) = self.matcher.examine(&self.base, utterance, today);
        Explanation::new(self, utterance, examination, outcome)
    }

    /// What confidence means here, and from where on an answer is given.
    pub fn calibration(&self) -> &Calibration {
        self.matcher.calibration()
    }
}
