//! How much words tell of each kind of secret.

/// What the words around a value tell: the weight for each kind of secret.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::compliance) struct SecretEvidence {
    pub(super) code: i16,
    pub(super) password: i16,
    pub(super) cvv: i16,
    pub(super) expiry: i16,
    /// Against all kinds.
    pub(super) against: i16,
    /// Whether a label of each kind, in the same order, was counted: it counts once.
    pub(super) labels: [bool; 4],
}
