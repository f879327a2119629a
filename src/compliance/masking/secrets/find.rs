//! The secret at a spot.

use super::labels::label_before;
use super::secret::Secret;
use super::{behind, expiry, row, values, weigh};
use crate::compliance::masking::cells::Cell;
use crate::compliance::masking::label::LabelLink;
use crate::compliance::masking::personal_data::SecretKind;
use crate::compliance::masking::spot::Spot;

/// The secret at a spot that a label names, before it or behind.
pub(in crate::compliance::masking) fn find_labelled(spot: &Spot<'_>) -> Option<Secret> {
    let by_label = || {
        let (kind, link) = label_before(spot.before)?;
        let is_bound = matches!(link, LabelLink::Said | LabelLink::Beside | LabelLink::Again);
        let kind = Some(kind).filter(|kind| is_bound && *kind != SecretKind::Expiry)?;
        values::labelled(spot, kind, link)
    };
    by_label().or_else(|| behind::find(spot))
}

/// The secret at a spot, if there is one.
pub(in crate::compliance::masking) fn find(spot: &Spot<'_>) -> Option<Secret> {
    if spot.run.is_none() && spot.token.is_none() && !says(spot.before.last()) {
        return None;
    }
    let by_label = || {
        let (kind, link) = label_before(spot.before)?;
        match kind {
            SecretKind::Expiry => expiry::labelled(spot, link),
            SecretKind::Password
            | SecretKind::OneTimeCode
            | SecretKind::Cvv
            | SecretKind::TrackData => values::labelled(spot, kind, link),
        }
    };
    values::glued(spot)
        .or_else(|| values::google_code(spot))
        .or_else(by_label)
        .or_else(|| behind::find(spot))
        .or_else(|| expiry::behind(spot))
        .or_else(|| expiry::year(spot))
        .or_else(|| row::find(spot))
        .or_else(|| weigh::find(spot))
}

/// Whether a character introduces a value, so that any word may be a password.
pub(in crate::compliance::masking) fn says(before: Option<&Cell>) -> bool {
    before.is_some_and(|cell| {
        cell.is_char() && matches!(cell.c, '是' | ':' | '=' | '为' | '叫' | '用')
    })
}
