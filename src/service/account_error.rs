//! Why accounts refuse.

use std::time::Duration;

use crate::storage::StorageError;

/// Why an account cannot be made, changed or used.
#[derive(Debug, thiserror::Error)]
pub enum AccountError {
    /// Empty, longer than 40 characters, or with spaces at an end or control characters.
    #[error("use the name: 1 to 40 characters, no control characters, no space at either end")]
    Name,
    /// Too short or too long.
    #[error("use the password: at least 10 characters and at most 256 bytes")]
    Password,
    /// Name or password wrong, or the account disabled; which of them is not told.
    #[error("sign in: name or password is wrong")]
    SignIn,
    /// Too many tries from this address or at this account; nothing was checked.
    #[error("sign in: too many tries")]
    Limited {
        /// After this time a try goes through, as far as the limits are concerned.
        retry_after: Duration,
    },
    /// Hashing failed.
    #[error("hash the password: {0}")]
    Hash(String),
    /// The store refused.
    #[error(transparent)]
    Storage(#[from] StorageError),
}
