//! Hints from earlier messages, which stand before the first cell of a text.

use super::personal_data::{PersonalData, SecretKind};

use super::evidence::SecretEvidence;
use super::label::{Label, LabelLink};
use super::tag::Tag;

/// One thing that an earlier message tells: a kind or a count, never a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::compliance) enum Hint {
    /// A number of this kind was announced or requested.
    Label(Label),
    /// A secret of this kind was announced or requested.
    Secret(SecretKind, LabelLink),
    /// The message was about a secret of this kind.
    Mentioned(SecretKind),
    /// The words of the message weigh so much for each kind of secret.
    Weighs(SecretEvidence),
    /// The message ended with data of this class.
    Tag(Tag),
    /// The message ended with the first part of a number.
    Number(OpenNumber),
}

/// The first part of a number, of which the rest may come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::compliance) struct OpenNumber {
    /// The class by its label, or by its first digits.
    pub(super) data: PersonalData,
    /// The digits that came so far.
    pub(super) digits: u8,
    /// The messages with these digits.
    pub(super) pieces: u8,
    /// Whether a label named the class, or a part was masked already.
    pub(super) is_sure: bool,
}
