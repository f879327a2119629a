//! A store in memory: no thread, no file, no waiting.
//!
//! It answers at once, so that tests of the shell and simulations run in virtual time. Tests can
//! make it fail like a disk.

mod accounts;
mod conversations;
mod disk;
mod engine;
mod rows;

#[cfg(test)]
mod tests;

pub use disk::Fault;
pub use engine::Memory;
