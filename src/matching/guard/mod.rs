//! People in danger, requests to be refused, and vetoes: looked for before all bands.

pub(super) mod finder;
pub(super) mod weights;
