//! One file for each kind of file: its reader, its keys and limits, and its schema.
//!
//! `parts` reads what stands in several kinds of files. `file` reads one file by its `role`,
//! `drafts` holds what all files say before they are checked against each other.

pub(super) mod compliance_file;
pub(super) mod dictionary_file;
pub(super) mod drafts;
pub(super) mod entries;
pub(super) mod facts_file;
pub(super) mod figures;
pub(super) mod file;
pub(super) mod guard;
pub(super) mod hours_file;
pub(super) mod ids_file;
pub(super) mod industry;
pub(super) mod intent_file;
pub(super) mod masking_file;
pub(super) mod measure_file;
pub(super) mod parts;
pub(super) mod policy_file;
pub(super) mod role;
pub(super) mod schema;
pub(super) mod synonyms_file;
pub(super) mod tests_file;
pub(super) mod variables_file;
pub(super) mod written;
