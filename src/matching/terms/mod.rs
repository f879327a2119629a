//! Extracts from a text all that is compared: its core, terms of three kinds, signals, embedding.

pub(super) mod core_text;
pub(super) mod embeddings;
pub(super) mod extract;
pub(super) mod kinds;
pub(super) mod needed_words;
pub(super) mod reader;
pub(super) mod replacements;
pub(super) mod signals;
pub(super) mod sounds;
pub(super) mod synonyms;
