//! Chinese text: normalization, word segmentation and character n-grams.
//!
//! All other rooms compare texts in the form that [`normalize`] returns.

mod amounts;
mod fnv1a;
mod grams;
mod hex;
mod normalize;
mod normalized;
mod numerals;
mod prefilter;
mod segment;
mod shared;
mod simplify;
mod surroundings;
mod words;

#[cfg(test)]
mod tests;

pub(crate) use fnv1a::{fnv1a, fnv1a_of};
pub use grams::char_grams;
pub(crate) use hex::hex;
pub use normalize::normalize;
pub(crate) use normalize::{plain_forms, plain_text};
pub use normalized::Normalized;
pub(crate) use prefilter::Prefilter;
pub use segment::{Segmenter, Token};
pub(crate) use shared::{mark, shared_ranges};
pub(crate) use words::{WordFinder, WordHit};
