//! Reads `guard.yaml`: what the guard looks for before anything else is matched.

pub(crate) mod file;
pub(crate) mod schema;
