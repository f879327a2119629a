//! Whether a reaction is what a test expects.

use super::reaction::Reaction;
use crate::knowledge::{EntryId, Expected, Guard};

/// What a reaction is worth beside what was expected, best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// As expected.
    Right,
    /// Asked back with a right choice, where more was expected.
    Shown,
    /// Asked back without a right choice.
    Asked,
    /// Not understood, where something was expected.
    Missed,
    /// Something else was answered or acted on.
    Wrong,
    /// Answered or acted on, where nothing should have been said.
    Spoke,
}

impl Verdict {
    /// Judges a reaction. `choices_max` is how many choices a clarification shows at most,
    /// so that no test asks for more. `guard` tells which intents are for dangers.
    pub(crate) fn of(
        expected: &Expected,
        reaction: &Reaction,
        choices_max: usize,
        guard: &Guard,
    ) -> Self {
        let danger = || reaction.intent().and_then(|intent| guard.kind_of(intent));
        match expected {
            Expected::Entry(entry) => {
                Self::of_one(reaction, Some(entry), || reaction.answer() == Some(entry))
            }
            Expected::Intent(intent) => Self::of_one(
                reaction,
                None,
                || matches!(reaction, Reaction::Acted { intent: acted, .. } if acted == intent),
            ),
            Expected::Clarify(wanted) => match reaction {
                Reaction::Asked(shown) => {
                    let found = wanted.iter().filter(|id| shown.contains(id)).count();
                    match found {
                        0 => Self::Asked,
                        _ if found >= wanted.len().min(choices_max) => Self::Right,
                        _ => Self::Shown,
                    }
                }
                Reaction::Answered(_) | Reaction::Acted { .. } => Self::Wrong,
                Reaction::Nothing => Self::Missed,
            },
            Expected::NoAnswer(_) => match reaction {
                Reaction::Nothing | Reaction::Acted { is_reply: true, .. } => Self::Right,
                Reaction::Asked(_) => Self::Asked,
                Reaction::Answered(_) | Reaction::Acted { .. } => Self::Spoke,
            },
            Expected::Guard(kinds) => {
                let is_wanted = || danger().is_some_and(|kind| kinds.contains(&kind));
                Self::of_one(reaction, None, is_wanted)
            }
            Expected::Harmless(_) => {
                if danger().is_some() {
                    Self::Spoke
                } else {
                    Self::Right
                }
            }
        }
    }

    fn of_one(reaction: &Reaction, entry: Option<&EntryId>, is_right: impl Fn() -> bool) -> Self {
        match reaction {
            _ if is_right() => Self::Right,
            Reaction::Acted { shown, .. } if entry.is_some_and(|id| shown.contains(id)) => {
                Self::Shown
            }
            Reaction::Answered(_) | Reaction::Acted { .. } => Self::Wrong,
            Reaction::Asked(shown) if entry.is_some_and(|id| shown.contains(id)) => Self::Shown,
            Reaction::Asked(_) => Self::Asked,
            Reaction::Nothing => Self::Missed,
        }
    }

    /// Whether the customer got neither what was expected nor a way to it.
    pub fn is_failure(self) -> bool {
        self > Self::Shown
    }

    /// Its name in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Right => "right",
            Self::Shown => "shown",
            Self::Asked => "asked",
            Self::Missed => "missed",
            Self::Wrong => "wrong",
            Self::Spoke => "spoke",
        }
    }

    /// In Chinese.
    pub fn title(self) -> &'static str {
        match self {
            Self::Right => "对",
            Self::Shown => "选项里有",
            Self::Asked => "选项里没有",
            Self::Missed => "没听懂",
            Self::Wrong => "答错",
            Self::Spoke => "不该答",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::knowledge::{GuardKind, Watch};

    #[test]
    fn each_reaction_has_its_verdict() {
        let entry = || Expected::Entry("a.a".into());
        let intent = || Expected::Intent("i.i".into());
        let nothing = || Expected::NoAnswer("别家产品".to_owned());
        let clarify = |ids: &[&str]| Expected::Clarify(ids.iter().map(|&id| id.into()).collect());
        let answered = |id: &str| Reaction::Answered(id.into());
        let asked = |ids: &[&str]| Reaction::Asked(ids.iter().map(|&id| id.into()).collect());
        let acted = |id: &str, entry: Option<&str>, is_reply| Reaction::Acted {
            intent: id.into(),
            entry: entry.map(EntryId::from),
            is_reply,
            shown: vec!["a.c".into()],
        };
        let guard = Guard::default();
        let cases = [
            // (what it shows, expected, reaction, verdict)
            ("the entry", entry(), answered("a.a"), Verdict::Right),
            (
                "an intent that answers with it",
                entry(),
                acted("x.x", Some("a.a"), false),
                Verdict::Right,
            ),
            (
                "a button of an intent",
                Expected::Entry("a.c".into()),
                acted("i.i", None, false),
                Verdict::Shown,
            ),
            ("another entry", entry(), answered("a.b"), Verdict::Wrong),
            ("an intent", entry(), acted("i.i", None, true), Verdict::Wrong),
            ("a choice", entry(), asked(&["a.b", "a.a"]), Verdict::Shown),
            ("no choice", entry(), asked(&["a.b"]), Verdict::Asked),
            ("nothing found", entry(), Reaction::Nothing, Verdict::Missed),
            ("the intent", intent(), acted("i.i", None, true), Verdict::Right),
            ("another intent", intent(), acted("i.j", None, true), Verdict::Wrong),
            ("an entry for an intent", intent(), answered("a.a"), Verdict::Wrong),
            ("choices for an intent", intent(), asked(&["a.a"]), Verdict::Asked),
            (
                "all choices",
                clarify(&["a.a", "a.b"]),
                asked(&["a.b", "a.c", "a.a"]),
                Verdict::Right,
            ),
            (
                "as many as are shown",
                clarify(&["a.a", "a.b", "a.c", "a.d"]),
                asked(&["a.b", "a.c", "a.a"]),
                Verdict::Right,
            ),
            (
                "one of two choices",
                clarify(&["a.a", "a.b"]),
                asked(&["a.b", "a.c"]),
                Verdict::Shown,
            ),
            ("other choices", clarify(&["a.a", "a.b"]), asked(&["a.c"]), Verdict::Asked),
            (
                "an answer for an ambiguous one",
                clarify(&["a.a", "a.b"]),
                answered("a.a"),
                Verdict::Wrong,
            ),
            ("nothing, rightly", nothing(), Reaction::Nothing, Verdict::Right),
            ("small talk", nothing(), acted("i.i", None, true), Verdict::Right),
            ("choices of nothing right", nothing(), asked(&["a.a"]), Verdict::Asked),
            ("an answer too much", nothing(), answered("a.a"), Verdict::Spoke),
            ("a handoff too much", nothing(), acted("i.i", None, false), Verdict::Spoke),
        ];
        for (shows, expected, reaction, verdict) in cases {
            assert_eq!(Verdict::of(&expected, &reaction, 3, &guard), verdict, "{shows}");
        }
    }

    #[test]
    fn a_danger_and_a_false_alarm_have_their_verdicts() {
        let asked = |ids: &[&str]| Reaction::Asked(ids.iter().map(|&id| id.into()).collect());
        let answered = |id: &str| Reaction::Answered(id.into());
        let acted = |id: &str, entry: Option<&str>, is_reply| Reaction::Acted {
            intent: id.into(),
            entry: entry.map(EntryId::from),
            is_reply,
            shown: Vec::new(),
        };
        let watch = |kind, intent: &str| Watch {
            kind,
            intent: intent.into(),
            near: None,
            rules: Vec::new(),
        };
        let watches = vec![watch(GuardKind::Fraud, "g.f"), watch(GuardKind::Theft, "g.t")];
        let guard = Guard { watches, ..Guard::default() };
        let danger = || Expected::Guard(vec![GuardKind::Fraud, GuardKind::Harm]);
        let harmless = || Expected::Harmless("口语".to_owned());
        let cases = [
            ("the danger", danger(), acted("g.f", None, false), Verdict::Right),
            ("another danger", danger(), acted("g.t", None, false), Verdict::Wrong),
            ("no danger found", danger(), Reaction::Nothing, Verdict::Missed),
            ("a danger asked back", danger(), asked(&["a.a"]), Verdict::Asked),
            ("a false alarm", harmless(), acted("g.t", None, false), Verdict::Spoke),
            ("no alarm", harmless(), answered("a.a"), Verdict::Right),
            ("no alarm by another intent", harmless(), acted("i.i", None, false), Verdict::Right),
        ];
        for (shows, expected, reaction, verdict) in cases {
            assert_eq!(Verdict::of(&expected, &reaction, 3, &guard), verdict, "{shows}");
        }
    }
}
