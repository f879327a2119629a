//! Work shared by several threads, whose results do not depend on how many there are.

mod threads;

pub use threads::Threads;
