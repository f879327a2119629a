//! One typed [`Config`] from defaults < file < environment < flags; the only reader of the
//! environment.

mod layers;
mod model;

pub use layers::{ConfigError, Environment, Flags, load};
pub use model::{Config, TableChoice};
