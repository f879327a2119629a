//! Whole-program tests, one binary.

#![expect(clippy::unwrap_used, reason = "a failed test may panic")]

mod broken_files;
mod layering;
