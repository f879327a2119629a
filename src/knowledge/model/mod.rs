//! The knowledge base as the rest of kefu sees it.

pub(super) mod answer;
pub(super) mod base;
pub(super) mod by_id;
pub(super) mod cases;
pub(super) mod categories;
pub(super) mod circumstances;
pub(super) mod entry;
pub(super) mod facts;
pub(super) mod given_facts;
pub(super) mod guard;
pub(super) mod hours;
pub(super) mod id;
pub(super) mod industry;
pub(super) mod intent;
pub(super) mod measured;
pub(super) mod policy;
pub(super) mod synonyms;
pub(super) mod texts;
