//! kefu (客服): a FAQ-driven chatbot engine for Chinese internet-finance customer service.
//!
//! Reviewed answers in YAML are found by a Chinese tokenizer and a tantivy index, with a
//! confidence that is a measured precision; a pure dialogue state machine decides what is
//! said; and a human agent gets every turn that the bot should not answer.
//!
//! The modules stand in reading order, the pure core first. A module uses only modules
//! above it; `tests/it/layering/` holds the table.

pub mod parallel;

pub mod text;

pub mod compliance;

pub mod knowledge;

pub mod matching;

pub mod evaluation;

pub mod journal;

pub mod dialogue;

pub mod handoff;

pub mod authoring;

pub mod files;

pub mod config;

pub mod storage;

pub mod assembly;

pub mod service;

pub mod transport;

pub mod commands;
