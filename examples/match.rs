//! Embeds the engine in a program: loads the shipped knowledge and answers a question.
//!
//! ```sh
//! cargo run --example match -- 提现多久到账
//! ```

#![expect(clippy::print_stdout, reason = "an example talks to a terminal")]

use anyhow::{Context, ensure};
use jiff::Timestamp;
use kefu::{files::Root, knowledge::load, matching::Snapshot};

fn main() -> anyhow::Result<()> {
    let question = std::env::args()
        .nth(1)
        .context("expected a question as the first argument, such as 提现多久到账")?;

    // The library reads no clock and no file: the program passes the day and the files.
    #[expect(clippy::disallowed_methods, reason = "an example reads the clock itself")]
    let now = Timestamp::now();
    let files = Root::embedded().read()?;
    let today = now.to_zoned(jiff::tz::TimeZone::UTC).date();
    let loaded = load(&files, today);
    ensure!(loaded.base.is_some(), "the shipped knowledge has mistakes");
    let base = loaded.base.context("the shipped knowledge has no mistakes")?;

    // A snapshot is immutable: threads share it, and a change of the knowledge builds another.
    let snapshot = Snapshot::build(base)?;
    let outcome = snapshot.find(&question, today);

    println!("{:?}", outcome.band);
    for candidate in outcome.ranked.iter().take(3) {
        println!("{:.3}  {}  {}", candidate.confidence.get(), candidate.entry, candidate.question);
    }
    if let Some(best) = outcome.ranked.first()
        && let Some(entry) = snapshot.base.entry(&best.entry)
    {
        println!("\n{}", entry.answer.searched().whole());
    }
    Ok(())
}
