//! When agents work.

/// When agents work.
#[derive(Clone, Debug)]
pub struct Hours {}

impl Hours {
    /// Open at any time.
    pub fn always() -> Self {
        Self {}
    }
}
