//! Messages with a private value.

use super::class::Class;
use super::dice::Dice;
use super::evasion::Evasion;
use super::frames::{CLOSINGS, OPENINGS};
use super::values::Value;

/// A private value in the messages that tell it.
#[derive(Clone, Debug)]
pub(crate) struct Sample {
    pub(crate) class: Class,
    /// `None` if it is spelled plainly.
    pub(crate) evasion: Option<Evasion>,
    /// The value without separators.
    pub(crate) characters: String,
    pub(crate) messages: Vec<Typed>,
}

/// A message, as it is typed.
#[derive(Clone, Debug, Default)]
pub(crate) struct Typed {
    pub(crate) before: String,
    /// The value or a part of it; empty in a message that has none.
    pub(crate) value: String,
    pub(crate) after: String,
    /// Whether the value is the first part of a number, which may stay.
    pub(crate) is_first_part: bool,
}

impl Typed {
    pub(crate) fn text(&self) -> String {
        format!("{}{}{}", self.before, self.value, self.after)
    }
}

impl Sample {
    pub(crate) fn plain(class: Class, dice: &mut Dice) -> Sample {
        let value = Value::of(class, dice);
        let message = sentence(class, &value.characters, value.plain, dice);
        Sample { class, evasion: None, characters: value.characters, messages: vec![message] }
    }

    pub(crate) fn evaded(class: Class, evasion: Evasion, dice: &mut Dice) -> Sample {
        let value = Value::of(class, dice);
        let characters = value.characters;
        let messages = match evasion {
            Evasion::LabelFirst => {
                let label = dice.pick(class.labels()).to_owned();
                let label = local(&label, class, &characters);
                let value = value.plain;
                vec![
                    Typed { before: label, ..Typed::default() },
                    Typed { value, ..Typed::default() },
                ]
            }
            Evasion::TwoBubbles => {
                let third = characters.chars().count() / 3;
                let at = third + dice.below(third + 1);
                let (first, second) = characters.split_at(at);
                let before = local(dice.pick(class.labels()), class, &characters);
                let later = dice.pick(&["", "", "后面是", "然后"]).to_owned();
                vec![
                    Typed {
                        before,
                        value: first.to_owned(),
                        is_first_part: true,
                        ..Typed::default()
                    },
                    Typed { before: later, value: second.to_owned(), ..Typed::default() },
                ]
            }
            Evasion::Letters => {
                let mut message = sentence(class, &characters, characters.clone(), dice);
                // Letters after letters would be another word.
                if message.before.ends_with(|c: char| c.is_ascii_alphabetic()) {
                    message.before.push(' ');
                }
                message.before.push_str(dice.pick(class.letters()));
                vec![message]
            }
            Evasion::Spaces
            | Evasion::Dashes
            | Evasion::Dots
            | Evasion::ZeroWidth
            | Evasion::FullWidth
            | Evasion::Chinese
            | Evasion::Spoken
            | Evasion::Circled
            | Evasion::OtherScript
            | Evasion::Mixed
            | Evasion::LineBreak
            | Evasion::Words => {
                let written = evasion.write(class, &characters, dice);
                vec![sentence(class, &characters, written, dice)]
            }
        };
        Sample { class, evasion: Some(evasion), characters, messages }
    }
}

fn sentence(class: Class, characters: &str, value: String, dice: &mut Dice) -> Typed {
    let frame = local(dice.pick(class.sentences()), class, characters);
    let (before, after) = frame.split_once('#').unwrap_or_default();
    let opening = if dice.one_in(4) { dice.pick(OPENINGS) } else { "" };
    let closing = if dice.one_in(4) { dice.pick(CLOSINGS) } else { "" };
    Typed {
        before: format!("{opening}{before}"),
        value,
        after: format!("{after}{closing}"),
        is_first_part: false,
    }
}

/// The sentence with the place to which a phone belongs.
fn local(frame: &str, class: Class, characters: &str) -> String {
    if class == Class::HkPhone && characters.starts_with("853") {
        return frame.replace("香港", "澳门").replace("Hong Kong", "Macau");
    }
    frame.to_owned()
}
