//! The questions of a knowledge base, indexed so that an utterance is compared with all at once.

pub(super) mod alignment;
pub(super) mod builder;
pub(super) mod encoded;
pub(super) mod equals;
mod field;
mod hits;
pub(super) mod lexicon;
pub(super) mod lexicons;
pub(super) mod postings;
pub(super) mod profile;
mod profile_builder;
pub(super) mod rows;
pub(super) mod served;
