//! One figure of the tests beside its floor, and why it does not keep it.

use std::fmt;

use super::unserved::Unserved;
use crate::knowledge::{EntryId, Floor};

/// Of 100 utterances that the files hold for a floor, how many must have been asked. With fewer
/// the figure is about something else than the floor was set for.
pub const ASKED_PERCENT_MIN: usize = 80;

/// How many ids stand for the others in a message.
pub const IDS_SHOWN: usize = 3;

/// How many of the utterances that a [`Floor`] is about did well.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Figure {
    /// Which floor.
    pub floor: Floor,
    /// How many did well.
    pub hits: usize,
    /// Of how many.
    pub of: usize,
    /// Of 1,000, how many must; `None` when the files name no such floor.
    pub at_least: Option<u16>,
    /// How many utterances the files hold for it, whatever is served today.
    pub held: usize,
    /// Those of them that could not be asked, sorted by reason and entry.
    pub unasked: Vec<Unasked>,
}

/// Utterances that could not be asked, as such a customer is not served their entry that day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unasked {
    /// Why not.
    pub why: Unserved,
    /// The entry that they need.
    pub entry: EntryId,
    /// How many.
    pub utterances: usize,
}

/// Why a floor is not kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shortfall {
    /// The files hold no utterance for it: it holds nothing.
    NoUtterances,
    /// Of those that the files hold, less than [`ASKED_PERCENT_MIN`] % could be asked.
    TooFewAsked,
    /// Nothing was answered at once, so that there is nothing to be right about.
    NothingAnswered,
    /// Fewer did well than must.
    TooLow,
}

impl Shortfall {
    /// Its name in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NoUtterances => "no_utterances",
            Self::TooFewAsked => "too_few_asked",
            Self::NothingAnswered => "nothing_answered",
            Self::TooLow => "too_low",
        }
    }
}

impl Figure {
    /// The share that did well; `None` when there is nothing to judge by.
    pub fn share(&self) -> Option<f64> {
        (self.of > 0).then(|| self.hits as f64 / self.of as f64)
    }

    /// How many of the utterances that the files hold for it could be asked.
    pub fn asked(&self) -> usize {
        self.held - self.unasked.iter().map(|one| one.utterances).sum::<usize>()
    }

    /// Whether the floor is kept. One that the files do not name is.
    pub fn is_kept(&self) -> bool {
        self.shortfall().is_none()
    }

    /// Why the floor is not kept; `None` when it is.
    pub fn shortfall(&self) -> Option<Shortfall> {
        let floor = usize::from(self.at_least?);
        if self.held == 0 {
            Some(Shortfall::NoUtterances)
        } else if self.asked() * 100 < ASKED_PERCENT_MIN * self.held {
            Some(Shortfall::TooFewAsked)
        } else if self.of == 0 {
            Some(Shortfall::NothingAnswered)
        } else {
            (self.hits * 1_000 < floor * self.of).then_some(Shortfall::TooLow)
        }
    }

    /// What could not be asked, by reason: how many utterances, and the entries that they need.
    pub fn unasked_by_reason(&self) -> Vec<(Unserved, usize, Vec<&EntryId>)> {
        let reasons = self.unasked.chunk_by(|one, other| one.why == other.why);
        let told = reasons.filter_map(|same| {
            let utterances = same.iter().map(|one| one.utterances).sum();
            Some((same.first()?.why, utterances, same.iter().map(|one| &one.entry).collect()))
        });
        told.collect()
    }
}

/// For the log, in a line.
impl fmt::Display for Figure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { floor, hits, of, held, .. } = self;
        let floor = floor.key();
        match self.shortfall() {
            Some(Shortfall::NoUtterances) => write!(f, "{floor} without an utterance to ask"),
            Some(Shortfall::TooFewAsked) => {
                let asked = self.asked();
                write!(f, "{floor} {asked} of {held} asked, wanted {ASKED_PERCENT_MIN} % (")?;
                for (at, (why, utterances, entries)) in
                    self.unasked_by_reason().into_iter().enumerate()
                {
                    let mark = if at == 0 { "" } else { "; " };
                    write!(f, "{mark}{utterances} {}: {}", why.as_str(), first_ids(&entries))?;
                }
                write!(f, ")")
            }
            Some(Shortfall::NothingAnswered) => write!(f, "{floor} with nothing answered at once"),
            Some(Shortfall::TooLow) | None => {
                write!(f, "{floor} {hits} of {of}")?;
                self.at_least.map_or(Ok(()), |floor| write!(f, ", wanted {floor} ‰"))
            }
        }
    }
}

/// The first ids and how many more there are, in English.
pub(in super::super) fn first_ids(ids: &[&EntryId]) -> String {
    let shown: Vec<&str> = ids.iter().take(IDS_SHOWN).map(|id| id.as_str()).collect();
    let shown = shown.join(", ");
    match ids.len().saturating_sub(IDS_SHOWN) {
        0 => shown,
        more => format!("{shown} and {more} more"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn figure(at_least: u16, (hits, of): (usize, usize), held: usize, left: usize) -> Figure {
        let unasked = |(why, id): (Unserved, &str), utterances: usize| Unasked {
            why,
            entry: id.into(),
            utterances,
        };
        let one = [unasked((Unserved::Draft, "a.a"), left.min(1))];
        let rest = [unasked((Unserved::Retired, "a.b"), left.saturating_sub(1))];
        let unasked = one.into_iter().chain(rest).filter(|one| one.utterances > 0).collect();
        let floor = Floor::AnsweredRight;
        Figure { floor, hits, of, at_least: Some(at_least), held, unasked }
    }

    #[test]
    fn a_floor_is_kept_by_enough_of_what_the_files_hold() {
        use Shortfall::{NoUtterances, NothingAnswered, TooFewAsked, TooLow};
        let cases = [
            // (what it shows, floor, hits and of, held, not asked, shortfall)
            ("on the floor", 900, (9, 10), 10, 0, None),
            ("under it", 901, (9, 10), 10, 0, Some(TooLow)),
            ("nothing held", 900, (0, 0), 0, 0, Some(NoUtterances)),
            ("nothing held for a floor of nothing", 0, (0, 0), 0, 0, Some(NoUtterances)),
            ("nothing asked", 900, (0, 0), 10, 10, Some(TooFewAsked)),
            ("four in five asked", 900, (8, 8), 10, 2, None),
            ("less than four in five", 900, (79, 79), 100, 21, Some(TooFewAsked)),
            ("few, and those wrong", 900, (0, 7), 10, 3, Some(TooFewAsked)),
            ("asked, and nothing answered", 900, (0, 0), 10, 0, Some(NothingAnswered)),
            ("one left out of one", 0, (0, 0), 1, 1, Some(TooFewAsked)),
        ];
        for (shows, floor, counted, held, left, expected) in cases {
            assert_eq!(figure(floor, counted, held, left).shortfall(), expected, "{shows}");
        }
        let mut without = figure(900, (0, 0), 0, 0);
        without.at_least = None;
        assert!(without.is_kept(), "no floor is set");
    }

    #[test]
    fn the_log_says_what_is_short() {
        let cases = [
            (figure(901, (9, 10), 10, 0), "answered_right 9 of 10, wanted 901 ‰"),
            (figure(1, (0, 0), 0, 0), "answered_right without an utterance to ask"),
            (figure(1, (0, 0), 10, 0), "answered_right with nothing answered at once"),
            (
                figure(1, (2, 2), 5, 3),
                "answered_right 2 of 5 asked, wanted 80 % (1 draft: a.a; 2 retired: a.b)",
            ),
        ];
        for (figure, expected) in cases {
            assert_eq!(figure.to_string(), expected);
        }
        let ids: Vec<EntryId> = ["a", "b", "c", "d", "e"].map(EntryId::from).into();
        let ids: Vec<&EntryId> = ids.iter().collect();
        assert_eq!(first_ids(&ids), "a, b, c and 2 more");
        assert_eq!(first_ids(&ids[..3]), "a, b, c");
    }
}
