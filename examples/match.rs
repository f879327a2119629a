//! Embeds the engine: loads the shipped knowledge and finds the answer to a question.
//!
//! ```sh
//! cargo run --example match -- 提现多久到账
//! ```

#![expect(clippy::print_stdout, reason = "an example talks to a terminal")]

use anyhow::{Context, ensure};
use jiff::Timestamp;
use kefu::{files::Root, knowledge::load, matching::Snapshot};

fn main() -> anyhow::Result<()> {
    let question = std::env::args().nth(1).context("ask something, such as 提现多久到账")?;

    // The core has no clock and opens no file: the shell hands both in.
    #[expect(clippy::disallowed_methods, reason = "this example is its own shell")]
    let now = Timestamp::now();
    let files = Root::embedded().read()?;
    let today = now.to_zoned(jiff::tz::TimeZone::UTC).date();
    let loaded = load(&files, today);
    ensure!(loaded.base.is_some(), "the shipped knowledge has mistakes");
    let base = loaded.base.context("the shipped knowledge has no mistakes")?;

    // A snapshot is immutable: share it among threads, and build another to change anything.
    let snapshot = Snapshot::build(base)?;
    let outcome = snapshot.find(&question, today);

    println!("{:?}", outcome.band);
    for candidate in outcome.ranked.iter().take(3) {
        println!("{:.3}  {}  {}", candidate.confidence.get(), candidate.entry, candidate.question);
    }
    if let Some(best) = outcome.ranked.first()
        && let Some(entry) = snapshot.base.entry(&best.entry)
    {
        println!("\n{}", entry.answer);
    }
    Ok(())
}
