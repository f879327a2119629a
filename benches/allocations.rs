//! Allocations of a whole match, and memory of a snapshot, counted by dhat.
//!
//! Measured: blocks and bytes that `Snapshot::find` allocates for an utterance, from the typed text
//! to the outcome, after a first round over the same utterances has filled the threads' caches.
//! Also the bytes that a snapshot keeps for each question and example, including suggestions,
//! beside the knowledge base and the embeddings: all bytes over all questions, and the bytes of
//! each further question without fixed parts such as the words of the segmenter. Corpora: the
//! shipped knowledge, and 5,000 and 10,000 questions generated from its words, with utterances made
//! of them by a fixed seed. Counts, not times: the same on every machine, except for the sizes of
//! hash maps.
//!
//! Run: `cargo bench --bench allocations`.
#![expect(clippy::print_stdout, reason = "a bench reports")]

mod corpus;
mod generated_base;

use std::hint::black_box;

use corpus::{TODAY, shipped, utterances};
use generated_base::{checked_snapshot, generated};
use kefu::knowledge::{Entry, KnowledgeBase};
use kefu::matching::Embeddings;

#[global_allocator]
static ALLOCATOR: dhat::Alloc = dhat::Alloc;

fn main() {
    let is_bench = std::env::args().any(|argument| argument == "--bench");
    let (questions, asked) = if is_bench { (10_000, 1_000) } else { (200, 20) };
    count("shipped", shipped(), asked);
    let half = count("half as many", generated(questions / 2, 7), asked);
    let all = count(&format!("{questions} generated"), generated(questions, 7), asked);
    println!("{} bytes for each further question", (all - half) / (questions / 2));
}

/// Prints the counts. Returns the bytes that the snapshot keeps.
fn count(name: &str, base: KnowledgeBase, asked: usize) -> usize {
    let questions = base.entries.iter().flat_map(Entry::questions).count();
    let examples = base.intents.iter().map(|intent| intent.examples.len()).sum::<usize>();
    // A fixed part, independent of the knowledge.
    drop(Embeddings::shipped());
    let profiler = dhat::Profiler::builder().testing().build();
    let snapshot = checked_snapshot(base);
    snapshot.prepare_suggestions();
    let kept = dhat::HeapStats::get().curr_bytes;
    drop(profiler);
    let utterances = utterances(&snapshot.base, asked, 11);
    let ask_all = || {
        for utterance in &utterances {
            black_box(snapshot.find(black_box(utterance), TODAY));
        }
    };
    ask_all();
    let profiler = dhat::Profiler::builder().testing().build();
    let before = dhat::HeapStats::get();
    ask_all();
    let after = dhat::HeapStats::get();
    drop(profiler);
    let blocks = (after.total_blocks - before.total_blocks) / asked as u64;
    let bytes = (after.total_bytes - before.total_bytes) / asked as u64;
    assert!(blocks > 0, "an outcome owns its texts");
    let each = kept / (questions + examples);
    println!(
        "{name}: {blocks} allocations and {bytes} bytes a match; {each} bytes kept a question"
    );
    kept
}
