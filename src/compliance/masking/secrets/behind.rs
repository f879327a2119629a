//! Values of which the label stands behind: 482913是验证码, 526528，验证码.

use super::labels::bare_code_at_start;
use super::secret::Secret;
use crate::compliance::masking::cells::Cell;
use crate::compliance::masking::personal_data::SecretKind;
use crate::compliance::masking::spot::Spot;
use crate::compliance::masking::words::{Binder, NAMING, SECRETS, ends_there};

/// The value with its label behind it.
pub(super) fn find(spot: &Spot<'_>) -> Option<Secret> {
    let by_digits = || {
        let number = spot.run.as_ref()?.code()?;
        let (kind, is_said) = label_after(spot.after(number.cells))?;
        let length = number.digits.len();
        let fits = match kind {
            SecretKind::Password => length == 6 || (is_said && (4..=12).contains(&length)),
            SecretKind::OneTimeCode => length == 6 || (is_said && length == 4),
            SecretKind::Cvv => matches!(length, 3..=4),
            SecretKind::Expiry | SecretKind::TrackData => false,
        };
        fits.then_some(Secret { kind, cells: number.cells })
    };
    let by_word = || {
        let token = spot.token.as_ref()?;
        let (kind, is_said) = label_after(spot.after(token.cells()))?;
        let fits = match kind {
            SecretKind::Password => {
                token.is_mixed() && token.cells() >= if is_said { 4 } else { 6 }
            }
            SecretKind::OneTimeCode => {
                is_said && token.is_mixed() && (4..=8).contains(&token.cells())
            }
            SecretKind::Cvv | SecretKind::Expiry | SecretKind::TrackData => false,
        };
        fits.then_some(Secret { kind, cells: token.cells() })
    };
    by_word().or_else(by_digits)
}

/// The label after a value, and whether a word introduces it. Without one, nothing but the label
/// may be in its clause.
fn label_after(after: &[Cell]) -> Option<(SecretKind, bool)> {
    let mut left = after;
    let mut is_said = false;
    for _ in 0..MOST_WORDS {
        let bare = || is_said.then(|| bare_code_at_start(left)).flatten();
        if let Some((kind, rest)) = SECRETS.at_start(left).or_else(bare) {
            return (is_said || ends_there(rest)).then_some((kind, is_said));
        }
        let (first, shorter) = left.split_first()?;
        if first.is_white_space() {
            left = shorter;
        } else {
            let (binder, shorter) = NAMING.at_start(left)?;
            is_said |= binder == Binder::Says;
            left = shorter;
        }
    }
    None
}

/// The most small words between a value and its label.
const MOST_WORDS: usize = 10;
