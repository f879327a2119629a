//! Checks of a knowledge base that must ask the engine.

mod clashes;
mod idle_words;
mod nothing_served;

#[cfg(test)]
mod tests;

pub use clashes::find_clashes;
pub use idle_words::find_idle_words;
pub use nothing_served::find_nothing_served;
