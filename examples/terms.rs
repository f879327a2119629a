//! Extracts the terms of sentences: reads lines, and prints a JSON list of terms for each.
//!
//! The recipe of the embeddings (`assets/static/`) uses it, so that they are trained on the same
//! terms that the engine looks up.
//!
//! ```sh
//! echo 你好請問點樣提現 | cargo run --example terms
//! ```
#![expect(clippy::print_stdout, reason = "an example shows what it does")]

use jiff::civil::date;
use kefu::{files::Root, knowledge::load, matching::Snapshot};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let loaded = load(&Root::embedded().read()?, date(2026, 11, 22));
    let snapshot = Snapshot::build(loaded.base.ok_or("the shipped knowledge has mistakes")?)?;
    for line in std::io::stdin().lines() {
        println!("{}", serde_json::to_string(&snapshot.terms(&line?))?);
    }
    Ok(())
}
