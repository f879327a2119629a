//! The questions of a knowledge base, prepared so that an utterance is compared with all of them at once.

pub(super) mod builder;
pub(super) mod equals;
pub(super) mod lexicon;
pub(super) mod lexicons;
pub(super) mod postings;
pub(super) mod profile;
pub(super) mod rows;
pub(super) mod served;
