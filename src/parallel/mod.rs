//! Work that several threads share, with results that do not depend on their number.

mod threads;

pub use threads::Threads;
