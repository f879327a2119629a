//! Chinese text: normalising, word segmentation and character n-grams.
//!
//! Everything else in the program that compares texts compares what [`normalize`] returns.

mod grams;
mod normalize;
mod segment;
mod simplify;

pub use grams::char_grams;
pub(crate) use normalize::plain_forms;
pub use normalize::{Normalized, normalize};
pub use segment::{Segmenter, Token};
