//! When agents work.

/// When agents work.
#[derive(Clone, Debug)]
pub struct Hours {}
