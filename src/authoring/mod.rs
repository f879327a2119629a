//! The workshop of the people who keep the knowledge: what needs the engine to be checked,
//! regression tests, comparisons of two roots, and sheets.

mod clashes;
mod idle_words;
#[cfg(test)]
mod tests;

pub use clashes::find_clashes;
pub use idle_words::find_idle_words;
