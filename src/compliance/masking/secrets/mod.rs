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
use super::personal_data::SecretKind;
use super::spot::Spot;
pub(super) use token::Token;
pub(super) use weigh::Evidence;

/// A secret at the start of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Secret {
    pub(super) kind: SecretKind,
    /// Its length in cells.
    pub(super) cells: usize,
}

/// The secret at a spot, if there is one.
pub(super) fn find(spot: &Spot<'_>) -> Option<Secret> {
    if spot.run.is_none() && spot.token.is_none() && !says(spot.before.last()) {
        return None;
    }
    let by_label = || {
        let (kind, link) = label_before(spot.before)?;
        match kind {
            SecretKind::Expiry => expiry::labelled(spot, link),
            _ => values::labelled(spot, kind, link),
        }
    };
    values::glued(spot)
        .or_else(by_label)
        .or_else(|| behind::find(spot))
        .or_else(|| expiry::behind(spot))
        .or_else(|| row::find(spot))
        .or_else(|| weigh::find(spot))
}

/// Whether a character introduces a value, so that any word may be a password.
pub(super) fn says(before: Option<&Cell>) -> bool {
    before.is_some_and(|cell| {
        cell.is_char() && matches!(cell.c, '是' | ':' | '=' | '为' | '叫' | '用')
    })
}
