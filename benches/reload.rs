//! The time until new files are served, and its effect on queries meanwhile.
//!
//! Measured, over a root of 100 files of 100 entries of 4 questions each, generated with a
//! fixed seed, beside the shipped rules and settings:
//!
//! - reading all files (parsed, checked one by one and against each other), as at a start;
//! - building what answers from them, without asking the own questions, as where that was
//!   learnt before; and asking them;
//! - both after an answer in one file changed: that file alone is parsed, which is checked, and the
//!   other entries are taken over from what answered before, which must answer as if built anew;
//! - the memory that it takes, by what the system says of the process;
//! - how long a query takes while nothing else happens, and while all is built anew on the
//!   threads that a reload takes: percentiles over all queries of that time.
//!
//! Not measured: reading from a disk, the service, and its tests. Of several rounds the
//! quickest and the middle one are shown, and the time that the cores worked in the one that
//! took least of it, which says more on a busy machine. Nothing fails on a time.
//!
//! Run: `cargo bench --bench reload`. Without `--bench`, as in `cargo test`, it only checks
//! itself over a small corpus.
#![expect(clippy::print_stdout, clippy::expect_used, reason = "a bench reports and may stop")]

mod corpus;
mod generated_root;

use std::{
    hint::black_box,
    sync::atomic::{AtomicBool, Ordering},
    time::{Duration, Instant},
};

use corpus::{TODAY, utterances};
use generated_root::generated_files;
use kefu::knowledge::{KnowledgeBase, Loader, SourceFile};
use kefu::matching::{Earlier, Embeddings, Snapshot};
use kefu::parallel::Threads;

fn main() {
    let is_bench = std::env::args().any(|argument| argument == "--bench");
    let (files, entries, rounds) = if is_bench { (100, 100, 5) } else { (3, 5, 2) };
    let root = generated_files(files, entries, 17);
    let changed = with_a_new_answer(&root);
    let questions = files * entries * 4;
    println!("{files} files, {} entries, {questions} questions", files * entries);
    println!("{:<44}{:>10}{:>10}{:>10}", "", "least ms", "middle ms", "cores ms");

    let all = Threads::all();
    let before = memory();
    let mut loader = Loader::default();
    let base = load(&mut loader, &root, root.len(), all);
    let read = memory();
    let snapshot = build(base, Earlier::default(), all);
    println!(
        "{:<44}{:>10.0}{:>10.0}",
        "bytes a question: kept files, what answers",
        (read - before) / questions as f64,
        (memory() - read) / questions as f64,
    );
    answers_itself(&snapshot);

    let fresh = || load(&mut Loader::default(), &root, root.len(), all);
    report("read and check all files", rounds, || (), |()| fresh());
    stages(rounds, fresh, &snapshot, all);

    let mut loader = Loader::default();
    load(&mut loader, &root, root.len(), all);
    let other = load(&mut loader, &changed, 1, all);
    let other = build(other, Earlier::default(), all);
    // Each time the files of one root, and the snapshot of the other.
    let both = [(&root, &snapshot, &other), (&changed, &other, &snapshot)];
    let mut turn = both.iter().cycle();
    let mut next = || turn.next().expect("a cycle has no end");
    report("read and check, one file changed", rounds, &mut next, |(files, ..)| {
        load(&mut loader, files, 1, all)
    });
    let mut again = |(files, same, before): &(&Vec<SourceFile>, &Snapshot, &Snapshot)| {
        let base = load(&mut loader, files, 1, all);
        let built = build(base, earlier(same, Some(before)), all);
        assert_eq!(built.base.hash, same.base.hash);
        built
    };
    let one = next();
    answers_as(one.1, &again(one));
    report("the same, and built, without asking", rounds, &mut next, again);
    queries(&snapshot, &root, if is_bench { Duration::from_secs(4) } else { Duration::ZERO });
}

/// Building without and with hold-outs.
fn stages(rounds: usize, base: impl Fn() -> KnowledgeBase, same: &Snapshot, threads: Threads) {
    let without = report("build, without asking", rounds, &base, |base| {
        build(base, earlier(same, None), threads)
    });
    let with = report("build, asking the own questions", rounds, &base, |base| {
        build(base, Earlier::default(), threads)
    });
    let asking = with.saturating_sub(without).as_secs_f64() * 1e3;
    println!("{:<44}{asking:>10.0}", "so asking takes");
}

/// The learnt weights of the same knowledge, and the earlier snapshot.
fn earlier<'s>(same: &Snapshot, snapshot: Option<&'s Snapshot>) -> Earlier<'s> {
    Earlier { learnt: vec![same.learnt()], snapshot }
}

/// Percentiles of queries, alone and while another thread builds.
fn queries(snapshot: &Snapshot, root: &[SourceFile], least: Duration) {
    let asked = utterances(&snapshot.base, 500, 23);
    println!("{:<44}{:>10}{:>10}{:>10}{:>10}", "", "queries", "p50 µs", "p99 µs", "max µs");
    let end = now() + least;
    percentiles("queries alone", ask_until(snapshot, &asked, || now() >= end));
    let is_built = AtomicBool::new(false);
    let times = std::thread::scope(|scope| {
        scope.spawn(|| {
            let end = now() + least;
            loop {
                let base = load(&mut Loader::default(), root, root.len(), Threads::but_one());
                drop(black_box(build(base, Earlier::default(), Threads::but_one())));
                if now() >= end {
                    break;
                }
            }
            is_built.store(true, Ordering::Release);
        });
        ask_until(snapshot, &asked, || is_built.load(Ordering::Acquire))
    });
    percentiles("queries while all is built anew", times);
}

fn ask_until(snapshot: &Snapshot, asked: &[String], is_over: impl Fn() -> bool) -> Vec<Duration> {
    let mut times = Vec::new();
    for utterance in asked.iter().cycle() {
        let start = now();
        assert!(!black_box(snapshot.find(utterance, TODAY)).ranked.is_empty());
        times.push(now() - start);
        if is_over() {
            break;
        }
    }
    times
}

fn percentiles(name: &str, mut times: Vec<Duration>) {
    times.sort_unstable();
    let at = |percent: usize| times[(times.len() * percent / 100).min(times.len() - 1)];
    let [p50, p99, most] = [50, 99, 100].map(|percent| at(percent).as_secs_f64() * 1e6);
    println!("{name:<44}{:>10}{p50:>10.0}{p99:>10.0}{most:>10.0}", times.len());
}

fn load(
    loader: &mut Loader,
    files: &[SourceFile],
    parsed: usize,
    threads: Threads,
) -> KnowledgeBase {
    let read = loader.load(files, TODAY, threads);
    assert_eq!(read.parsed, parsed, "unchanged files are not parsed again");
    assert_eq!(read.diagnostics, [], "the generated files have no mistakes");
    read.base.expect("no mistakes, so a base")
}

fn build(base: KnowledgeBase, earlier: Earlier<'_>, threads: Threads) -> Snapshot {
    let built = Snapshot::rebuild(base, Embeddings::shipped(), earlier, threads);
    built.expect("the index is in memory")
}

/// The root with another answer in one of its files.
fn with_a_new_answer(root: &[SourceFile]) -> Vec<SourceFile> {
    let mut changed = root.to_vec();
    let file = changed.last_mut().expect("there are files");
    let text = String::from_utf8_lossy(&file.bytes).replacen("编号", "改过的编号", 1);
    assert_ne!(text.as_bytes(), file.bytes);
    file.bytes = text.into_bytes();
    changed
}

/// A rebuilt snapshot answers like a new one.
fn answers_as(anew: &Snapshot, again: &Snapshot) {
    answers_itself(again);
    for utterance in utterances(&anew.base, 200, 31) {
        assert_eq!(again.find(&utterance, TODAY), anew.find(&utterance, TODAY), "{utterance}");
    }
}

/// A fast wrong answer is not a result.
fn answers_itself(snapshot: &Snapshot) {
    for entry in snapshot.base.entries.iter().step_by(97) {
        let outcome = snapshot.find(&entry.standard_question, TODAY);
        assert_eq!(outcome.ranked.first().map(|first| &first.entry), Some(&entry.id));
    }
}

/// Prints the fastest and the median time of several rounds. Returns the fastest.
fn report<G, R>(
    name: &str,
    rounds: usize,
    mut given: impl FnMut() -> G,
    mut run: impl FnMut(G) -> R,
) -> Duration {
    let mut times = Vec::new();
    let mut work = Vec::new();
    for _ in 0..rounds {
        let given = given();
        let (start, worked) = (now(), worked());
        let result = black_box(run(given));
        times.push(now() - start);
        work.push(self::worked() - worked);
        drop(result);
    }
    times.sort_unstable();
    let ms = |time: Duration| time.as_secs_f64() * 1e3;
    let least_work = work.into_iter().fold(f64::INFINITY, f64::min);
    let (least, middle) = (ms(times[0]), ms(times[rounds / 2]));
    println!("{name:<44}{least:>10.0}{middle:>10.0}{least_work:>10.0}");
    times[0]
}

/// Milliseconds of CPU time of all threads of this process; 0 where the system does not report it.
fn worked() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    // After the name in parentheses: the 12th and 13th field, in hundredths of a second.
    let fields = stat.rsplit(')').next().unwrap_or_default().split_whitespace();
    fields.skip(11).take(2).filter_map(|ticks| ticks.parse::<f64>().ok()).sum::<f64>() * 10.0
}

/// Bytes of memory of this process; 0 where the system does not report it.
fn memory() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kilobytes = line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<f64>().ok());
    kilobytes.unwrap_or_default() * 1024.0
}

#[expect(clippy::disallowed_methods, reason = "a bench measures real time")]
fn now() -> Instant {
    Instant::now()
}
