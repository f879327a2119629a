//! What an utterance gets from one knowledge base and from another.

use std::collections::BTreeSet;

use super::super::regression::Reaction;
use super::change_reason::ChangeReason;
use crate::knowledge::{EntryId, Facts};
use crate::matching::Confidence;

/// One utterance to which two knowledge bases say different things.
#[derive(Clone, Debug)]
pub struct Change {
    /// What the customer says.
    pub utterance: String,
    /// What is known of that customer.
    pub facts: Facts,
    /// What the change comes to.
    pub kind: ChangeKind,
    /// Whether it is better or worse, where a test or a question says what is right.
    pub worth: Worth,
    /// Before.
    pub old: Side,
    /// After.
    pub new: Side,
    /// Why, as far as that can be told; never empty.
    pub reasons: Vec<ChangeReason>,
}

/// What one knowledge base does with the utterance.
#[derive(Clone, Debug)]
pub struct Side {
    /// What the bot does.
    pub reaction: Reaction,
    /// How likely its best entry is right; `None` when no entry is found.
    pub confidence: Option<Confidence>,
    /// What it says when it answers or acts on an intent; else empty.
    pub text: String,
}

/// What a change comes to, worst first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ChangeKind {
    /// Another entry answers, or another intent is acted on.
    OtherAnswer,
    /// What was answered is not understood any more.
    LostAnswer,
    /// What was answered is asked back.
    NowAsked,
    /// What was not understood, or asked back, is answered.
    NewAnswer,
    /// What was asked back is not understood any more.
    LostChoices,
    /// The same entry or intent says something else.
    OtherText,
    /// What was not understood is asked back.
    NewChoices,
    /// Other choices are shown; their order does not count.
    OtherChoices,
}

/// Whether a change is to the good.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Worth {
    /// Further from what is expected.
    Worse,
    /// Nobody says what is expected, or it makes no difference to that.
    Unknown,
    /// Nearer to what is expected.
    Better,
}

impl ChangeKind {
    /// Every kind, worst first.
    pub const ALL: [Self; 8] = [
        Self::OtherAnswer,
        Self::LostAnswer,
        Self::NowAsked,
        Self::NewAnswer,
        Self::LostChoices,
        Self::OtherText,
        Self::NewChoices,
        Self::OtherChoices,
    ];

    /// `None` when the customer sees no difference.
    pub(super) fn between(old: &Side, new: &Side) -> Option<Self> {
        use Reaction::{Acted, Answered, Asked, Nothing};
        let kind = match (&old.reaction, &new.reaction) {
            (Answered(_) | Acted { .. }, Answered(_) | Acted { .. }) => {
                if !is_same_answer(&old.reaction, &new.reaction) {
                    Self::OtherAnswer
                } else if old.text == new.text {
                    return None;
                } else {
                    Self::OtherText
                }
            }
            (Answered(_) | Acted { .. }, Asked(_)) => Self::NowAsked,
            (Answered(_) | Acted { .. }, Nothing) => Self::LostAnswer,
            (Asked(_) | Nothing, Answered(_) | Acted { .. }) => Self::NewAnswer,
            (Asked(_), Nothing) => Self::LostChoices,
            (Nothing, Asked(_)) => Self::NewChoices,
            (Asked(old), Asked(new)) if choices(old) != choices(new) => Self::OtherChoices,
            (Asked(_), Asked(_)) | (Nothing, Nothing) => return None,
        };
        Some(kind)
    }

    /// Its name in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::OtherAnswer => "other_answer",
            Self::LostAnswer => "lost_answer",
            Self::NowAsked => "now_asked",
            Self::NewAnswer => "new_answer",
            Self::LostChoices => "lost_choices",
            Self::OtherText => "other_text",
            Self::NewChoices => "new_choices",
            Self::OtherChoices => "other_choices",
        }
    }

    /// In Chinese.
    pub fn title(self) -> &'static str {
        match self {
            Self::OtherAnswer => "换了回答",
            Self::LostAnswer => "回答变兜底",
            Self::NowAsked => "回答变反问",
            Self::NewAnswer => "变成直接回答",
            Self::LostChoices => "反问变兜底",
            Self::OtherText => "答案文字变了",
            Self::NewChoices => "兜底变反问",
            Self::OtherChoices => "选项变了",
        }
    }
}

impl Worth {
    /// Its name in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Worse => "worse",
            Self::Unknown => "unknown",
            Self::Better => "better",
        }
    }

    /// In Chinese; empty when nobody knows.
    pub fn title(self) -> &'static str {
        match self {
            Self::Worse => "变差",
            Self::Unknown => "",
            Self::Better => "变好",
        }
    }
}

/// An intent that answers with an entry says what that entry says.
fn is_same_answer(old: &Reaction, new: &Reaction) -> bool {
    match (old.answer(), new.answer()) {
        (None, None) => old == new,
        (old, new) => old == new,
    }
}

fn choices(ids: &[EntryId]) -> BTreeSet<&EntryId> {
    ids.iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_pair_of_reactions_has_its_kind() {
        let answered = |id: &str| Reaction::Answered(id.into());
        let asked = |ids: &[&str]| Reaction::Asked(ids.iter().map(|&id| id.into()).collect());
        let acted = |id: &str, entry: Option<&str>| Reaction::Acted {
            intent: id.into(),
            entry: entry.map(EntryId::from),
            is_reply: entry.is_none(),
            shown: Vec::new(),
        };
        let nothing = || Reaction::Nothing;
        let cases = [
            // (what it shows, old, new, kind)
            ("the same", answered("a.a"), answered("a.a"), None),
            ("the same by an intent", answered("a.a"), acted("i.i", Some("a.a")), None),
            ("another entry", answered("a.a"), answered("a.b"), Some(ChangeKind::OtherAnswer)),
            ("an intent", answered("a.a"), acted("i.i", None), Some(ChangeKind::OtherAnswer)),
            (
                "another intent",
                acted("i.j", None),
                acted("i.i", None),
                Some(ChangeKind::OtherAnswer),
            ),
            ("asked back", answered("a.a"), asked(&["a.a"]), Some(ChangeKind::NowAsked)),
            ("lost", acted("i.i", None), nothing(), Some(ChangeKind::LostAnswer)),
            ("found", nothing(), answered("a.a"), Some(ChangeKind::NewAnswer)),
            ("found surely", asked(&["a.a"]), answered("a.a"), Some(ChangeKind::NewAnswer)),
            ("choices lost", asked(&["a.a"]), nothing(), Some(ChangeKind::LostChoices)),
            ("choices found", nothing(), asked(&["a.a"]), Some(ChangeKind::NewChoices)),
            ("others", asked(&["a.a"]), asked(&["a.a", "a.b"]), Some(ChangeKind::OtherChoices)),
            ("in another order", asked(&["a.b", "a.a"]), asked(&["a.a", "a.b"]), None),
            ("still nothing", nothing(), nothing(), None),
        ];
        let side =
            |reaction, text: &str| Side { reaction, confidence: None, text: text.to_owned() };
        for (shows, old, new, kind) in cases {
            assert_eq!(ChangeKind::between(&side(old, "x"), &side(new, "x")), kind, "{shows}");
        }
        let edited = ChangeKind::between(&side(answered("a.a"), "x"), &side(answered("a.a"), "y"));
        assert_eq!(edited, Some(ChangeKind::OtherText));
    }
}
