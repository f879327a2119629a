//! The desk beside real conversations, each played through the dialogue's `step`.

mod agents;
mod board;
mod laws;
mod office;
mod scripts;
