//! Locks a mutex whose content a panic cannot leave inconsistent.

use std::sync::{Mutex, MutexGuard, PoisonError};

/// Each such content is changed in one call, so a panic while the lock was held leaves it
/// consistent.
pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
