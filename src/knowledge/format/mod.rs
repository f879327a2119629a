//! One file for each kind of file: its reader and its keys.

pub(super) mod compliance_file;
pub(super) mod dictionary_file;
pub(super) mod drafts;
pub(super) mod entry_file;
pub(super) mod facts_file;
pub(super) mod file;
pub(super) mod help_line;
pub(super) mod hours_file;
pub(super) mod ids;
pub(super) mod intent_file;
pub(super) mod markdown;
pub(super) mod match_by;
pub(super) mod pattern;
pub(super) mod policy_file;
pub(super) mod prose;
pub(super) mod question;
pub(super) mod role;
pub(super) mod schema;
pub(super) mod synonyms_file;
pub(super) mod tests_file;
pub(super) mod variables_file;
pub(super) mod written;
