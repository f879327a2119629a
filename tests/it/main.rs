//! Whole-program tests, one binary: the real `kefu`, real sockets, data of their own.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]
#![expect(clippy::panic, reason = "a test that finds something else fails")]

mod answers;
mod documents;
mod harness;
mod knowledge;
mod layering;
mod masking;
mod server;
