//! Finds passwords, one-time codes and other secrets by the words around them.
//!
//! A secret has no shape of its own, so each rule here weighs a leak against destroying an amount
//! or a date. The more closely label and value are bound, the less the value must look like a
//! secret.

mod behind;
mod expiry;
mod labels;
mod row;
mod token;
mod values;
mod weigh;

pub(super) use labels::{LabelLink, label_before, mentions};
pub(super) use values::is_service_number;

use super::cells::Cell;
use super::numbers::DigitRun;
use super::personal_data::SecretKind;
use token::Token;
pub(super) use weigh::Evidence;

/// A secret at the start of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Secret {
    pub(super) kind: SecretKind,
    /// Its length in cells.
    pub(super) cells: usize,
}

/// The secret at the start of `rest`. `run` is the run of digits at the same position, if there is
/// one.
pub(super) fn find(before: &[Cell], rest: &[Cell], run: Option<&DigitRun>) -> Option<Secret> {
    let token = Token::at(before, rest);
    let is_said = before.last().is_some_and(|cell| {
        cell.is_char() && matches!(cell.c, '是' | ':' | '=' | '为' | '叫' | '用')
    });
    if run.is_none() && token.is_none() && !is_said {
        return None;
    }
    let spot = Spot { before, rest, run, token };
    let label = label_before(before);
    values::glued(&spot)
        .or_else(|| {
            label.and_then(|(kind, link)| match kind {
                SecretKind::Expiry => expiry::labelled(&spot, link),
                _ => values::labelled(&spot, kind, link),
            })
        })
        .or_else(|| behind::find(&spot))
        .or_else(|| expiry::behind(&spot))
        .or_else(|| row::find(&spot))
        .or_else(|| weigh::find(&spot))
}

/// A position of a text at which a secret may begin.
struct Spot<'a> {
    before: &'a [Cell],
    rest: &'a [Cell],
    run: Option<&'a DigitRun>,
    token: Option<Token>,
}

impl<'a> Spot<'a> {
    fn after(&self, cells: usize) -> &'a [Cell] {
        self.rest.get(cells..).unwrap_or_default()
    }
}
