//! The files of a root: read, checked, written.

pub(crate) mod another_trade;
mod broken_figures;
pub(crate) mod broken_files;
mod broken_guard;
pub(crate) mod broken_industry;
pub(crate) mod broken_masking;
pub(crate) mod broken_rows;
pub(crate) mod check;
pub(crate) mod facts;
pub(crate) mod figures;
mod foreign_files;
pub(crate) mod import_gates;
pub(crate) mod insurance;
pub(crate) mod links;
pub(crate) mod loading;
mod mended;
pub(crate) mod new_entry;
pub(crate) mod released;
pub(crate) mod schema;
pub(crate) mod sheets;
mod typed_rows;
pub(crate) mod typed_texts;
