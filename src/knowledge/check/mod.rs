//! Checks that look across files.

pub(super) mod across;
pub(super) mod facts;
pub(super) mod figures;
pub(super) mod guard;
pub(super) mod guard_intents;
pub(super) mod industry;
pub(super) mod language;
pub(super) mod patterns;
pub(super) mod places;
pub(super) mod polarity;
pub(super) mod promise;
pub(super) mod prose;
pub(super) mod questions;
pub(super) mod references;
pub(super) mod reviews;
pub(super) mod spoken;
pub(super) mod test_cases;
pub(super) mod wording;
