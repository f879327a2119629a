//! People in danger, requests to be refused, and vetoes: looked for before all bands.

pub(super) mod classifier;
pub(super) mod finder;
