//! Cuts sentences into the terms that the embeddings has rows for: lines in, a JSON list a
//! line out. The recipe of the table (`assets/static/`) uses it, so that the table is taught
//! with the very terms that the engine asks it for.
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
