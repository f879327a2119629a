//! One typed [`Config`] from defaults < file < environment < flags; the only reader of the
//! environment.

mod environment;
mod layers;
mod settings;
mod table_choice;

pub use environment::Environment;
pub use layers::{ConfigError, load};
pub use settings::{Config, DefaultValue, Flags, SETTINGS, Setting, VARIABLES, Variable};
pub use table_choice::TableChoice;
