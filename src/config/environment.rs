//! The variables of the process, read once.

use std::{ffi::OsString, path::Path};

use super::settings::{CONFIG, LOG, NO_COLOR, Variable};

/// The variables named `KEFU_…`, and `NO_COLOR`, as read once at start.
#[derive(Clone, Debug, Default)]
pub struct Environment(Vec<(String, String)>);

impl Environment {
    /// Reads the process's environment.
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the environment")]
    pub fn read() -> Self {
        Self(std::env::vars_os().filter_map(ours).collect())
    }

    /// Takes these variables instead, for tests.
    pub fn of(variables: &[(&str, &str)]) -> Self {
        Self(variables.iter().map(|&(n, v)| (n.to_owned(), v.to_owned())).collect())
    }

    /// The configuration file that `KEFU_CONFIG` names.
    pub(super) fn config(&self) -> Option<&Path> {
        self.of_variable(CONFIG).map(Path::new)
    }

    /// The filter of the log, by `KEFU_LOG`.
    pub fn log_filter(&self) -> Option<&str> {
        self.of_variable(LOG)
    }

    /// Whether `NO_COLOR` asks for text without colours.
    pub fn is_plain(&self) -> bool {
        self.of_variable(NO_COLOR).is_some()
    }

    fn of_variable(&self, variable: Variable) -> Option<&str> {
        self.get(variable.name)
    }

    /// The value of a variable that is set and not empty.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        let found = self.0.iter().find(|(n, _)| n == name);
        found.map(|(_, value)| value.as_str()).filter(|value| !value.is_empty())
    }
}

/// A variable of ours. What is no UTF-8 has U+FFFD in it, and is refused where it is used.
fn ours((name, value): (OsString, OsString)) -> Option<(String, String)> {
    let name = name.into_string().ok()?;
    let is_ours = name.starts_with("KEFU_") || name == NO_COLOR.name;
    is_ours.then(|| (name, value.to_string_lossy().into_owned()))
}
