//! An optional second encoder: a small network that turns a text into a vector, read from a file
//! that the operator makes. Nothing of it is in the program.
//!
//! A text becomes pieces, pieces become rows of numbers, and convolutions over neighbouring pieces
//! become one vector (Yang et al. 2019, "Multilingual Universal Sentence Encoder for Semantic
//! Retrieval"). `assets/encoder/` has the recipe and the format of the file.

mod file;
mod matrix;
mod model;
mod network;
mod pieces;
#[cfg(test)]
mod tests;
#[cfg(test)]
pub(crate) mod toy;
mod vector;

pub use file::EncoderError;
pub use model::Encoder;
pub(crate) use vector::SentenceVector;
