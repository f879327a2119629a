//! Reads what was typed in pinyin, with the words of the knowledge base.
//!
//! “tixian duojiu daozhang” becomes 提现多久到账, so that all later stages see the same text as for
//! Han. [`reader::PinyinReader`] is the way in.

mod english;
mod lattice;
pub(super) mod reader;
pub(super) mod readings;
mod spelled;
mod syllables;
mod vocabulary;
