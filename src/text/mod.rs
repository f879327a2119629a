//! Chinese text: normalization, word segmentation and character n-grams.
//!
//! All other rooms compare texts in the form that [`normalize`] returns.

mod classifier;
mod concepts;
mod fnv1a;
mod grams;
mod hex;
mod key;
mod normalize;
mod prefilter;
mod segment;
mod shared;
mod sounds;
mod words;

#[cfg(test)]
mod tests;

pub(crate) use classifier::{
    ClassLikelihood, Classifier, FeatureRow, LabelledText, SeenFeature, fit_classifier, parts,
};
pub use concepts::{Composition, CompositionTerm, Concept};
pub(crate) use concepts::{ConceptFinder, ConceptsSeen};
pub(crate) use fnv1a::{fnv1a, fnv1a_of};
pub use grams::char_grams;
pub(crate) use grams::{char_ngrams, char_units};
pub(crate) use hex::hex;
pub(crate) use key::{key, short_term};
pub use normalize::normal_form::normalize;
pub(crate) use normalize::normal_form::{plain_forms, plain_text};
pub use normalize::normalized::Normalized;
pub(crate) use prefilter::Prefilter;
pub use segment::{Segmenter, Token};
pub(crate) use shared::{mark, shared_ranges};
pub(crate) use sounds::{readings, sound_of};
pub(crate) use words::{WordFinder, WordHit};
