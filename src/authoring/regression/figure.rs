//! One figure of the tests beside its limit, and why it does not keep it.

use std::fmt;

use super::unserved::Unserved;
use crate::evaluation::wilson;
use crate::knowledge::{EntryId, Floor};

/// Of 100 utterances that the files hold for a figure, the least that must have been asked. With
/// fewer the figure is about something else than its limit was set for.
pub const ASKED_PERCENT_MIN: usize = 80;

/// How many ids stand for the others in a message.
pub const IDS_SHOWN: usize = 3;

/// A figure of the tests, and the limit that the operator sets for it.
#[derive(Clone, Debug, PartialEq)]
pub struct Figure {
    /// Which figure.
    pub floor: Floor,
    /// How many utterances did well. Of the two figures about confidence: how many best candidates
    /// were right.
    pub hits: usize,
    /// Of how many.
    pub of: usize,
    /// The figure itself, 0 to 1; `None` when there is nothing to judge by.
    pub value: Option<f64>,
    /// In thousandths, the least that it must be, or the most that it may be
    /// ([`Floor::is_ceiling`]); `None` when the files set no limit.
    pub limit: Option<u16>,
    /// How many utterances the files hold for it, whatever is served today.
    pub held: usize,
    /// How many of those could be asked.
    pub asked: usize,
    /// The others, sorted by reason and entry; empty for sealed utterances, of which nothing but
    /// numbers is told.
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

/// Why a limit is not kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shortfall {
    /// The files hold no utterance for it: the limit holds nothing.
    NoUtterances,
    /// Of those that the files hold, less than [`ASKED_PERCENT_MIN`] % could be asked.
    TooFewAsked,
    /// Nothing was answered at once, so that there is nothing to be right about.
    NothingAnswered,
    /// There is no right candidate, or no wrong one, to tell from the other.
    NothingToTellApart,
    /// The figure is under its limit.
    TooLow,
    /// The figure is over its limit.
    TooHigh,
}

impl Shortfall {
    /// Its name in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NoUtterances => "no_utterances",
            Self::TooFewAsked => "too_few_asked",
            Self::NothingAnswered => "nothing_answered",
            Self::NothingToTellApart => "nothing_to_tell_apart",
            Self::TooLow => "too_low",
            Self::TooHigh => "too_high",
        }
    }
}

impl Figure {
    /// Whether the limit is kept. A figure without one keeps it.
    pub fn is_kept(&self) -> bool {
        self.shortfall().is_none()
    }

    /// Why the limit is not kept; `None` when it is.
    pub fn shortfall(&self) -> Option<Shortfall> {
        let limit = self.limit?;
        if self.held == 0 {
            return Some(Shortfall::NoUtterances);
        }
        if self.asked * 100 < ASKED_PERCENT_MIN * self.held {
            return Some(Shortfall::TooFewAsked);
        }
        match (&self.floor, self.value) {
            (Floor::Auroc | Floor::EceMax, None) => Some(Shortfall::NothingToTellApart),
            (_, None) => Some(Shortfall::NothingAnswered),
            (Floor::EceMax, Some(error)) => {
                (error * 1_000.0 > f64::from(limit)).then_some(Shortfall::TooHigh)
            }
            (Floor::Auroc, Some(area)) => {
                (area * 1_000.0 < f64::from(limit)).then_some(Shortfall::TooLow)
            }
            // A share is compared in whole numbers, so that it may lie on its limit.
            (_, Some(_)) => {
                (self.hits * 1_000 < usize::from(limit) * self.of).then_some(Shortfall::TooLow)
            }
        }
    }

    /// The 95 % interval of the share that did well, by Wilson's score method.
    pub fn interval(&self) -> (f64, f64) {
        wilson(self.hits, self.of)
    }

    /// Whether hits of a whole are what it is made of.
    pub fn is_share(&self) -> bool {
        !matches!(self.floor, Floor::Auroc | Floor::EceMax)
    }

    /// The utterances that could not be asked, by reason: how many, and the entries that they
    /// need.
    pub fn unasked_by_reason(&self) -> Vec<(Unserved, usize, Vec<&EntryId>)> {
        let reasons = self.unasked.chunk_by(|one, other| one.why == other.why);
        let told = reasons.filter_map(|same| {
            let utterances = same.iter().map(|one| one.utterances).sum();
            Some((same.first()?.why, utterances, same.iter().map(|one| &one.entry).collect()))
        });
        told.collect()
    }
}

/// For the log, in a line, without a sentence of the tests.
impl fmt::Display for Figure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { floor, hits, of, held, asked, .. } = self;
        let limit = self.limit.unwrap_or_default();
        match self.shortfall() {
            Some(Shortfall::NoUtterances) => write!(f, "{floor} without an utterance to ask"),
            Some(Shortfall::TooFewAsked) => {
                write!(f, "{floor} {asked} of {held} asked, wanted {ASKED_PERCENT_MIN} %")?;
                let reasons = self.unasked_by_reason().into_iter().map(|(why, count, entries)| {
                    format!("{count} {}: {}", why.as_str(), first_ids(&entries))
                });
                let reasons = reasons.collect::<Vec<_>>().join("; ");
                if reasons.is_empty() { Ok(()) } else { write!(f, " ({reasons})") }
            }
            Some(Shortfall::NothingAnswered) => write!(f, "{floor} with nothing answered at once"),
            Some(Shortfall::NothingToTellApart) => {
                write!(f, "{floor} with no right and wrong to tell apart")
            }
            Some(Shortfall::TooLow | Shortfall::TooHigh) | None => {
                match self.value.filter(|_| !self.is_share()) {
                    Some(value) => write!(f, "{floor} {value:.3} of {of} asked")?,
                    None => write!(f, "{floor} {hits} of {of}")?,
                }
                let least = if floor.is_ceiling() { "at most " } else { "" };
                self.limit.map_or(Ok(()), |_| write!(f, ", wanted {least}{limit} ‰"))
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

    fn figure(limit: u16, (hits, of): (usize, usize), held: usize, left: usize) -> Figure {
        let unasked = |(why, id): (Unserved, &str), utterances: usize| Unasked {
            why,
            entry: id.into(),
            utterances,
        };
        let one = [unasked((Unserved::Draft, "a.a"), left.min(1))];
        let rest = [unasked((Unserved::Retired, "a.b"), left.saturating_sub(1))];
        let unasked = one.into_iter().chain(rest).filter(|one| one.utterances > 0).collect();
        Figure {
            floor: Floor::AnsweredRight,
            hits,
            of,
            value: (of > 0).then(|| hits as f64 / of as f64),
            limit: Some(limit),
            held,
            asked: held - left,
            unasked,
        }
    }

    /// One about confidence, of ten utterances.
    fn of_confidence(floor: Floor, value: Option<f64>, limit: u16) -> Figure {
        let asked = figure(limit, (9, 10), 10, 0);
        Figure { floor, value, ..asked }
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
        without.limit = None;
        assert!(without.is_kept(), "no floor is set");
    }

    #[test]
    fn confidence_has_a_floor_and_a_ceiling() {
        use Shortfall::{NothingToTellApart, TooHigh, TooLow};
        let cases = [
            // (what it shows, floor, value, limit, shortfall)
            ("tells apart well enough", Floor::Auroc, Some(0.9), 900, None),
            ("does not", Floor::Auroc, Some(0.899), 900, Some(TooLow)),
            ("all are right", Floor::Auroc, None, 0, Some(NothingToTellApart)),
            ("near enough", Floor::EceMax, Some(0.05), 50, None),
            ("too far", Floor::EceMax, Some(0.051), 50, Some(TooHigh)),
            ("nothing found", Floor::EceMax, None, 1_000, Some(NothingToTellApart)),
        ];
        for (shows, floor, value, limit, expected) in cases {
            assert_eq!(of_confidence(floor, value, limit).shortfall(), expected, "{shows}");
        }
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
            (
                of_confidence(Floor::EceMax, Some(0.0612), 50),
                "ece_max 0.061 of 10 asked, wanted at most 50 ‰",
            ),
            (
                Figure {
                    floor: Floor::Sealed("payment".into()),
                    unasked: Vec::new(),
                    ..figure(1, (2, 2), 5, 3)
                },
                "sealed.payment 2 of 5 asked, wanted 80 %",
            ),
            (
                Figure {
                    floor: Floor::Intent("safety.self_harm".into()),
                    ..figure(800, (3, 4), 4, 0)
                },
                "by_intent.safety.self_harm 3 of 4, wanted 800 ‰",
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
