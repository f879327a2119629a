//! Asks a question of an entry with that question held out, for the checks of `kefu check`.

use jiff::civil::Date;

use super::{
    confidence::choices::choices,
    explanation::Found,
    index::profile::HoldOut,
    rank::{
        ranking::{Ranked, rank},
        weights::Weights,
    },
    score::Confidence,
    snapshot::Snapshot,
    target::Target,
};
use crate::text::normalize;

/// The result of asking a question of an entry with that question held out. It stands for a
/// customer who says nearly the same.
#[derive(Clone, Debug)]
pub struct HeldOut {
    /// The first candidate, if it is not the question's own entry and would be answered or shown.
    pub rival: Option<Rival>,
    /// Whether the question's own entry would be among the choices of a clarification.
    pub is_choice: bool,
}

/// An entry or intent that ranks before the one to which a question belongs.
#[derive(Clone, Debug)]
pub struct Rival {
    /// The entry or intent.
    pub found: Found,
    /// Its question that matched best, as written in the files.
    pub question: String,
    /// How likely it would be right.
    pub confidence: Confidence,
    /// Whether it would be answered at once.
    pub is_sure: bool,
    /// Words that both questions have, the highest idf first; at most three.
    pub shared: Vec<String>,
}

impl Snapshot {
    /// Asks a question of an entry with that question held out. `question` is 0 for the standard
    /// question, then the similar ones follow. `None` when there is no such question, or its
    /// entry is not ranked.
    ///
    /// Only those entries compete that are served on that day or later to a customer who may be
    /// served the question's own entry.
    pub fn hold_out(&self, entry: usize, question: usize, today: Date) -> Option<HeldOut> {
        let bank = self.matcher.bank();
        let own = Target::Entry(entry);
        let own_questions = bank.questions_of(own);
        let id = own_questions.start + u32::try_from(question).ok()?;
        let count = self.base.entries.get(entry)?.questions().count();
        if !own_questions.contains(&id) || question >= count {
            return None;
        }
        let is_served = |target| match target {
            Target::Entry(place) => {
                let other = &self.base.entries[place];
                other.valid_until.is_none_or(|until| today <= until)
                    && !other.when.excludes(&self.base.entries[entry].when)
            }
            Target::Intent(_) => true,
        };
        let scored = bank.score_held_out(id, HoldOut::Question, Weights::shipped());
        let ranked = rank(scored, bank.questions(), None, is_served);
        let most = usize::from(self.base.policy.clarify_choices);
        let shows_choices = self.calibration().shows_choices(&ranked);
        let is_choice = shows_choices && choices(&ranked, most).any(|one| one.target == own);
        let rival = ranked.first().filter(|first| first.target != own);
        let rival = rival.map(|first| self.rival(id, first));
        let rival = rival.filter(|rival| {
            rival.is_sure || shows_choices && matches!(rival.found, Found::Entry(_))
        });
        Some(HeldOut { rival, is_choice })
    }

    fn rival(&self, question: u32, first: &Ranked) -> Rival {
        let bank = self.matcher.bank();
        let wording = bank.questions()[question as usize].wording(&self.base);
        Rival {
            found: Found::of(&self.base, first.target),
            question: self.matcher.wording(&self.base, first).to_owned(),
            confidence: self.calibration().confidence(first),
            is_sure: self.matcher.is_sure(
                &self.base,
                first,
                normalize(wording).as_str().chars().count(),
            ),
            shared: bank.shared_words(question, first.best.question),
        }
    }
}
