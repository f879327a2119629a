//! The day for commands at a terminal.

use jiff::{Zoned, civil::Date};

use crate::knowledge::{SourceFile, operators_day};

/// The given day, else today at the operator's place: the day by which a server would serve
/// these files.
pub(super) fn or_today(given: Option<Date>, files: &[SourceFile]) -> Date {
    given.unwrap_or_else(|| operators_day(files, now().timestamp()))
}

/// The present time of this machine.
#[expect(clippy::disallowed_methods, reason = "a command of a person at a terminal, today")]
pub(super) fn now() -> Zoned {
    Zoned::now()
}
