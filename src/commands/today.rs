//! The day that a command of a person at a terminal is about.

use jiff::{Zoned, civil::Date};

use crate::knowledge::{SourceFile, operators_day};

/// The day that was given, else today where the operator of these files is: the day by which a
/// server would serve them.
pub(super) fn or_today(given: Option<Date>, files: &[SourceFile]) -> Date {
    given.unwrap_or_else(|| operators_day(files, now().timestamp()))
}

/// Now, on this machine.
#[expect(clippy::disallowed_methods, reason = "a command of a person at a terminal, today")]
pub(super) fn now() -> Zoned {
    Zoned::now()
}
