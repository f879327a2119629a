//! What earlier messages tell about a text: kinds, never values.

use super::cells::Cell;
use super::evidence::SecretEvidence;
use super::hint::Hint;
use super::label::{Label, LabelLink};
use super::number_words::read_numbers;
use super::open_number::left_open;
use super::personal_data::SecretKind;
use super::secrets::{label_before, mentions};
use super::tag::{Remains, Tag};
use super::words::{ASKS, BINDERS, COUPON_WORDS, WARNINGS};

/// What the messages before a text tell about it: labels that are open, numbers that go on.
///
/// It is a fold over stored texts, which are masked. It holds kinds and counts, never values. A
/// message is forgotten after [`MaskContext::MESSAGES`] later ones of the customer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MaskContext {
    /// The oldest first.
    hints: Vec<AgedHint>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct AgedHint {
    hint: Hint,
    /// The messages of the customer after which it is forgotten.
    left: u8,
    /// Whether an agent's message gave it.
    is_request: bool,
}

impl MaskContext {
    /// The messages of the customer after which nothing is left of an earlier message.
    ///
    /// That is 4 + 3 × 2: an agent's request counts for four messages, and a number that begins in
    /// the last of them may have three parts, each within two messages of the one before.
    pub const MESSAGES: usize = 10;

    /// The context after the next message of the customer, as it is stored.
    pub fn customer_said(&mut self, masked: &str) {
        let cells = self.cells_before(read_numbers(masked));
        let own = cells.get(self.hints.len()..).unwrap_or_default();
        let mut hints = Vec::new();
        // Coupons and contracts expire, too.
        let is_other = COUPON_WORDS.is_in(own);
        let counts = |kind: SecretKind| kind != SecretKind::Expiry || !is_other;
        let kinds = last_of_each(mentions(own)).into_iter().filter(|kind| counts(*kind));
        hints.extend(kinds.map(|kind| (Hint::Mentioned(kind), MENTIONED)));
        if let Some(tag) =
            own.iter().rev().find(|cell| !cell.is_separator()).and_then(|cell| cell.tag)
        {
            // Of the value itself nothing is remembered.
            let tag = match tag.remains {
                Remains::LastFour(_) => Tag::destroyed(tag.data),
                Remains::Nothing | Remains::Length(_) => tag,
            };
            hints.push((Hint::Tag(tag), NEXT));
        }
        let open = label_before(own)
            .filter(|(kind, link)| counts(*kind) && !matches!(link, LabelLink::Received));
        match open {
            Some((kind, link @ (LabelLink::Said | LabelLink::Beside))) => {
                hints.push((Hint::Secret(kind, link), NEXT));
            }
            // After a secret of this kind another may follow.
            Some((kind, _)) => hints.push((Hint::Mentioned(kind), MENTIONED)),
            None => {}
        }
        if let Some(label) = open_label(own) {
            hints.push((Hint::Label(label), NEXT));
        }
        if let Some(open) = left_open(&cells) {
            hints.push((Hint::Number(open), NEXT));
        }
        for aged in &mut self.hints {
            aged.left = aged.left.saturating_sub(1);
        }
        if let Some(weights) = SecretEvidence::of_message(own) {
            hints.push((Hint::Weighs(weights.less(is_other)), NEXT));
        }
        if is_other {
            self.hints.retain(|aged| {
                !matches!(
                    aged.hint,
                    Hint::Mentioned(SecretKind::Expiry) | Hint::Secret(SecretKind::Expiry, _)
                )
            });
        }
        // A value answers what was asked for: then nothing is open any more.
        let has_value = own.iter().any(Cell::is_tag);
        self.hints.retain(|aged| {
            aged.left > 0
                && (!has_value
                    || aged.is_request
                    || matches!(aged.hint, Hint::Mentioned(_) | Hint::Weighs(_)))
        });
        self.hints.extend(hints.into_iter().map(|(hint, left)| AgedHint {
            hint,
            left,
            is_request: false,
        }));
    }

    /// The context after a message of an agent, as it is stored.
    pub fn agent_said(&mut self, masked: &str) {
        let cells = read_numbers(masked);
        let labels = last_of_each(Label::all(&cells));
        // What is asked for may be another thing about the secret: when it came, what it said.
        let is_other = COUPON_WORDS.is_in(&cells);
        let mut secrets = last_of_each(mentions(&cells));
        secrets.retain(|kind| *kind != SecretKind::Expiry || !is_other);
        let weights = SecretEvidence::of_message(&cells);
        if labels.is_empty() && secrets.is_empty() && weights.is_none() && !is_other {
            return;
        }
        self.hints.retain(|aged| !aged.is_request);
        // A warning names secrets, too. A value must then stand alone.
        let asks_other = is_other || labels.last().is_some_and(|label| label.is_impersonal());
        let is_warning = WARNINGS.is_in(&cells) || asks_other;
        // What only explains something asks for nothing.
        let is_question = ASKS.is_in(&cells);
        let other = (is_other && is_question).then_some(Label::Order);
        if is_question && asks_other && secrets.is_empty() {
            // The next message answers the agent, not what the customer began to say.
            self.hints.retain(|aged| !matches!(aged.hint, Hint::Secret(..)));
        }
        // “When” asks for the month itself.
        let is_month = secrets.contains(&SecretKind::Expiry);
        let labels = labels
            .into_iter()
            .chain(other)
            .filter(|label| !label.is_impersonal() || (is_question && !is_month))
            .map(Hint::Label);
        let secrets = secrets.into_iter().map(|kind| {
            if is_warning { Hint::Mentioned(kind) } else { Hint::Secret(kind, LabelLink::Beside) }
        });
        let weights = weights
            .map(|weights| Hint::Weighs(if is_warning { weights.less(is_other) } else { weights }));
        let hints = labels.chain(secrets).chain(weights);
        self.hints.extend(hints.map(|hint| {
            // Only the next message answers such a question.
            let is_impersonal = matches!(hint, Hint::Label(label) if label.is_impersonal());
            let left = if is_impersonal { 1 } else { REQUESTED };
            AgedHint { hint, left, is_request: true }
        }));
    }

    /// The hints before the cells of a message.
    pub(super) fn cells_before(&self, message: Vec<Cell>) -> Vec<Cell> {
        if self.hints.is_empty() {
            return message;
        }
        self.hints.iter().map(|aged| Cell::of_hint(aged.hint)).chain(message).collect()
    }
}

/// The items without repeats, each where it stands last.
fn last_of_each<T: PartialEq>(items: Vec<T>) -> Vec<T> {
    let mut kept: Vec<T> = Vec::new();
    for item in items {
        kept.retain(|known| *known != item);
        kept.push(item);
    }
    kept
}

/// The label at the end, before small words alone.
fn at_the_end(cells: &[Cell]) -> Option<Label> {
    let mut left = cells;
    for _ in 0..6 {
        if let Some(label) = Label::at_end(left) {
            return Some(label);
        }
        let (last, shorter) = left.split_last()?;
        left = if last.is_separator() { shorter } else { BINDERS.at_end(left)?.1 };
    }
    None
}

/// The label that a message leaves open: its value did not follow.
fn open_label(cells: &[Cell]) -> Option<Label> {
    // Digits after a label are its value.
    let start = cells.iter().rposition(|cell| cell.is_ascii_digit() || cell.is_tag());
    let rest = cells.get(start.map_or(0, |at| at + 1)..)?;
    let near =
        at_the_end(rest).or_else(|| Label::before(rest).filter(|label| !label.is_impersonal()));
    let any = Label::all(rest).into_iter().next_back();
    // People speak of their account in many ways: only right before its number is it meant.
    near.or(any.filter(|label| {
        !matches!(label, Label::Account | Label::Card | Label::Order | Label::Amount)
    }))
}

/// How long an open label or number waits for its value.
const NEXT: u8 = 2;

/// How long a mention counts.
const MENTIONED: u8 = 3;

/// How long a request of an agent counts.
const REQUESTED: u8 = 4;
