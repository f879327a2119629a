//! A secret that was found.

use crate::compliance::masking::personal_data::SecretKind;

/// A secret at the start of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::compliance::masking) struct Secret {
    pub(in crate::compliance::masking) kind: SecretKind,
    /// Its length in cells.
    pub(in crate::compliance::masking) cells: usize,
}
