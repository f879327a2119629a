//! Why the parser went no further, and mistakes that are not reported yet.

use serde_yaml::granit_parser::ErrorKind;

use crate::knowledge::diagnostics::{codes::Code, report::Report, source::Place};

/// Says that nothing after a mistake was checked.
pub(super) const REST_UNCHECKED: &str = "这个文件里后面的内容没有检查";

/// Why and where the parser went no further.
#[derive(Clone, Debug)]
pub(super) struct Stop {
    pub(super) why: StopReason,
    pub(super) at: Place,
}

#[derive(Clone, Debug)]
pub(super) enum StopReason {
    /// Nothing but blanks and comments.
    Empty,
    /// Another document begins.
    SecondDocument,
    /// Two versions of the same lines stand there, with the marks of git around them.
    Conflict,
    Syntax(ErrorKind),
}

/// A mistake that is not reported yet: another attempt may replace it.
#[derive(Clone, Debug)]
pub(super) struct YamlNote {
    pub(super) code: Code,
    pub(super) place: Place,
    pub(super) message: String,
    pub(super) reason: String,
    pub(super) mend: String,
}

impl YamlNote {
    pub(super) fn add_to(self, report: &mut Report<'_>) {
        report.add(self.code, self.place, self.message, self.reason, self.mend);
    }
}
