//! Takes a lock whose content a panic cannot leave in pieces.

use std::sync::{Mutex, MutexGuard, PoisonError};

/// Everything under such a lock is changed in one call, so a panic elsewhere while it was
/// held leaves it whole.
pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
