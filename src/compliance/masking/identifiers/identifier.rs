//! An identifying number that was found.

use crate::compliance::masking::personal_data::PersonalData;

/// An identifying number at the start of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::compliance::masking) struct Identifier {
    pub(in crate::compliance::masking) data: PersonalData,
    /// Digits and upper-case letters, without separators.
    pub(in crate::compliance::masking) characters: String,
    /// Its length in cells.
    pub(in crate::compliance::masking) cells: usize,
}
