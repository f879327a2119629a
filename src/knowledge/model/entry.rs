//! Entries: reviewed answers with their questions.

use jiff::civil::Date;
use regex::Regex;

use super::{answer::DatedAnswer, circumstances::Circumstances, facts::When, id::EntryId};

/// One reviewed answer with the questions that it answers.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Its stable name.
    pub id: EntryId,
    /// The business category, such as `payment`; from the entry or the `defaults` of its file.
    pub category: String,
    /// The one canonical wording, shown in clarifications.
    pub standard_question: String,
    /// Other wordings of it.
    pub similar_questions: Vec<String>,
    /// Questions that look alike and must not find this entry.
    pub not: Vec<String>,
    /// How an utterance finds it.
    pub match_by: MatchBy,
    /// The customers to whom it may be served.
    pub when: When,
    /// What it says, by day, with its steps and source.
    pub answer: DatedAnswer,
    /// Entries offered as buttons under the answer.
    pub follow_ups: Vec<EntryId>,
    /// Whether the answer offers or starts a handoff.
    pub handoff: EntryHandoff,
    /// The first day on which it may be served.
    pub valid_from: Option<Date>,
    /// The last day on which it may be served.
    pub valid_until: Option<Date>,
    /// Whether it is served at all.
    pub status: Status,
    /// Free labels for search and reports.
    pub tags: Vec<String>,
    /// Its sources and reviews.
    pub compliance: Compliance,
}

impl Entry {
    /// Whether the entry is live and valid on that day. `when` may still restrict it to some
    /// customers.
    pub fn is_served_on(&self, today: Date) -> bool {
        self.status == Status::Live
            && self.valid_from.is_none_or(|from| from <= today)
            && self.valid_until.is_none_or(|until| today <= until)
    }

    /// Whether the entry may be served on that day to a customer with these facts.
    pub fn is_served_in(&self, circumstances: Circumstances<'_>) -> bool {
        self.is_served_on(circumstances.today) && self.when.holds(circumstances.facts)
    }

    /// The standard question, then the similar questions.
    pub fn questions(&self) -> impl Iterator<Item = &str> {
        std::iter::once(self.standard_question.as_str())
            .chain(self.similar_questions.iter().map(String::as_str))
    }
}

/// How an utterance finds an entry. An utterance that equals one of the entry's questions finds
/// it in every case.
#[derive(Clone, Debug)]
pub enum MatchBy {
    /// By its similarity to the questions and the answer, in one ranking with other entries.
    Smart,
    /// Only by equality with one of its questions.
    Exact,
    /// By containing one of these normalised words.
    Contains(Vec<String>),
    /// By one of these patterns, matched against the normalised utterance in linear time.
    Regex(Vec<Regex>),
}

/// Whether an entry is served.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// Being written.
    Draft,
    /// Served.
    Live,
    /// No longer served; kept because transcripts refer to its id.
    Retired,
}

/// Whether an entry offers or starts a handoff.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EntryHandoff {
    /// Nothing.
    None,
    /// The answer carries a button to reach a human.
    Offer,
    /// The answer is given and the conversation goes to the queue.
    Force,
}

/// The compliance class of an entry and the dates of its reviews.
#[derive(Clone, Debug)]
pub struct Compliance {
    /// A class of `knowledge/compliance.yaml`, which may add a risk line to the answer.
    pub class: String,
    /// The day on which its sources were last checked.
    pub checked: Date,
    /// The day by which it must be checked again.
    pub review_due: Date,
}
