//! Everything behind one lock: no thread, no file, no waiting.
//!
//! It answers at once, so that tests of the shell and simulations run in virtual time, and it
//! can be told to fail as a disk does.

mod accounts;
mod conversations;
mod disk;
mod engine;
mod rows;

#[cfg(test)]
mod tests;

pub use disk::Fault;
pub use engine::Memory;
