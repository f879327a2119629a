//! Which answer comes, and how good the answers are.

pub(crate) mod assembly;
pub(crate) mod commands;
pub(crate) mod compliance;
pub(crate) mod diff;
pub(crate) mod encoder;
pub(crate) mod learnt;
pub(crate) mod measure;
pub(crate) mod one_turn;
pub(crate) mod pinyin;
pub(crate) mod quality;
pub(crate) mod regression;
pub(crate) mod sealed;
pub(crate) mod stability;
pub(crate) mod suggestions;
