//! Errors of accounts and sign-in.

use std::time::Duration;

use crate::storage::StorageError;

/// Why an account cannot be created, changed or used.
#[derive(Debug, thiserror::Error)]
pub enum AccountError {
    /// Empty, longer than 40 characters, white space at an end, or a control character.
    #[error("use the name: 1 to 40 characters, no control characters, no space at either end")]
    Name,
    /// Shorter than 10 characters or longer than 256 bytes.
    #[error("use the password: at least 10 characters and at most 256 bytes")]
    Password,
    /// Wrong name or password, or a disabled account. The error does not tell which.
    #[error("sign in: name or password is wrong")]
    SignIn,
    /// Too many attempts from this address or at this account. The password was not checked.
    #[error("sign in: too many tries")]
    Limited {
        /// The limits admit an attempt after this time.
        retry_after: Duration,
    },
    /// The password could not be hashed.
    #[error("hash the password: {0}")]
    Hash(String),
    /// The store failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
}
