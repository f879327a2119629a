//! What a running server costs where costs could grow with what is there already: the queue, a
//! long conversation, sockets that are open, a full journal.
//!
//! Measured is the real binary over a folder of its own, from outside: its CPU time and its
//! memory as Linux counts them, the bytes that clients get, and the time until `/readyz` says
//! yes. Each figure is a ratio or a difference within one run: the same work where it should
//! be cheap, in turn with the work in question. Client and server share the machine, so that
//! CPU times tell more than durations. Every part checks that the work was done. Nothing
//! fails on a time.
//!
//! - **joins**: customers join the queue one after the other while consoles watch it; beside
//!   the same joins while nobody else waits: ten join, and leave before the next ten come.
//! - **message**: a message in conversations of many thousand messages, beside one in short
//!   ones.
//! - **idle**: memory of a socket that said hello, each of another customer; then of one whose
//!   customer has said one thing.
//! - **ready**: from the start of the process until it is ready, over a journal of a million
//!   events, beside a start over an empty folder.
//!
//! The journals are written as the first released program wrote them, so that older programs
//! can be measured, too; a newer one converts them before anything is measured. All of it is
//! counted out, nothing is drawn at random.
//!
//! Run: `cargo bench --bench costs`, a few minutes. `-- --server PATH` measures another program,
//! `-- --part NAME` one part. Without `--bench`, as in `cargo test`, it only checks itself at a
//! small size.
#![expect(clippy::print_stdout, clippy::expect_used, reason = "a bench reports and may stop")]

mod client;
mod idle;
mod joins;
mod journal;
mod message;
mod ready;
mod server;

use std::path::PathBuf;

/// The amount of each measurement.
struct Sizes {
    /// Customers who join the queue, and consoles that watch it.
    joins: usize,
    consoles: usize,
    /// Messages of a long conversation.
    messages: usize,
    /// Rounds of messages in all conversations, long and short in turn.
    rounds: usize,
    /// Open sockets.
    sockets: usize,
    /// Open conversations, and events in each.
    open: usize,
    events: usize,
    /// Starts with each folder.
    starts: usize,
}

const BENCH: Sizes = Sizes {
    joins: 1_000,
    consoles: 5,
    messages: 25_000,
    rounds: 6,
    sockets: 2_000,
    open: 2_000,
    events: 500,
    starts: 5,
};

const CHECK: Sizes = Sizes {
    joins: 30,
    consoles: 2,
    messages: 400,
    rounds: 1,
    sockets: 30,
    open: 20,
    events: 50,
    starts: 1,
};

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let after = |name: &str| {
        let at = arguments.iter().position(|argument| argument == name);
        at.and_then(|at| arguments.get(at + 1)).cloned()
    };
    let is_bench = arguments.iter().any(|argument| argument == "--bench");
    let sizes = if is_bench { &BENCH } else { &CHECK };
    let program =
        after("--server").map_or_else(|| env!("CARGO_BIN_EXE_kefu").into(), PathBuf::from);
    let part = after("--part");
    let is_wanted = |name: &str| part.as_deref().is_none_or(|part| part == name);
    rlimit::increase_nofile_limit(rlimit::INFINITY).expect("more descriptors");
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    println!("server: {}", program.display());
    runtime.block_on(async {
        if is_wanted("joins") {
            joins::measure(&program, sizes).await;
        }
        if is_wanted("message") {
            message::measure(&program, sizes).await;
        }
        if is_wanted("idle") {
            idle::measure(&program, sizes).await;
        }
        if is_wanted("ready") {
            ready::measure(&program, sizes).await;
        }
    });
}

/// One line of the table.
fn report(what: &str, figure: &str, from: &str) {
    println!("{what:<58}{figure:>12}   {from}");
}
