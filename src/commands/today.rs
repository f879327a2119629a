//! The day that a command of a person at a terminal is about.

use jiff::{Zoned, civil::Date};

/// The day that was given, else today on this machine.
pub(super) fn or_today(given: Option<Date>) -> Date {
    given.unwrap_or_else(|| now().date())
}

/// Now, on this machine.
#[expect(clippy::disallowed_methods, reason = "a command of a person at a terminal, today")]
pub(super) fn now() -> Zoned {
    Zoned::now()
}
