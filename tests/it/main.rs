//! Whole-program tests, one binary: the real `kefu`, real sockets, data of their own.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]
#![expect(clippy::panic, reason = "a test that finds something else fails")]

mod harness;

mod another_trade;
mod architecture;
mod assembly;
mod bad_input;
mod broken_files;
mod broken_industry;
mod broken_rows;
mod check;
mod commands;
mod compliance;
mod conversation;
mod diff;
mod door;
mod drivers;
mod durability;
mod examples;
mod facts;
mod floods;
mod glossary;
mod handoff;
mod help;
mod http_errors;
mod import_gates;
mod insurance;
mod layering;
mod learnt;
mod loading;
mod new_entry;
mod one_turn;
mod pages;
mod protocol;
mod quality;
mod readme;
mod regression;
mod released;
mod reload;
mod restart;
mod schema;
mod sealed;
mod settings;
mod sheets;
mod sign_in;
mod start_and_stop;
mod suggestions;
mod wire;
