//! The time of a whole match, beside raw tantivy over the same questions.
//!
//! Measured: `Snapshot::find`, from the typed utterance to the outcome; and tantivy as a plain
//! search would use it: the same normalization and segmentation, an OR query over the same words
//! and n-grams, the top 10 of an index of the same two fields. Not measured: the service around it,
//! loading, and a cold cache.
//!
//! Corpora: the shipped knowledge, and 1,000, 10,000 and 100,000 questions generated from its
//! words with a fixed seed; with `-- --million` 1,000,000 as well, which takes some minutes and
//! 16 GB. Both engines answer in turn in one process; of each utterance the quickest of several
//! rounds counts, and percentiles are over utterances. Every round must give the same outcome.
//! Nothing fails on a time; compare the ratios, not the microseconds.
//!
//! Run: `cargo bench --bench latency`. Without `--bench`, as in `cargo test`, it only checks
//! itself over a small corpus.
#![expect(clippy::print_stdout, clippy::expect_used, reason = "a bench reports and may stop")]

mod corpus;
mod generated_base;

use std::{
    hint::black_box,
    time::{Duration, Instant},
};

use corpus::{TODAY, shipped, utterances};
use generated_base::{checked_snapshot, generated};
use kefu::knowledge::{Entry, KnowledgeBase};
use kefu::text::{Segmenter, char_grams, normalize};
use tantivy::{
    Index, IndexWriter, Searcher, TantivyDocument, Term,
    collector::TopDocs,
    query::{BooleanQuery, Occur, Query, TermQuery},
    schema::{Field, IndexRecordOption, Schema, TextFieldIndexing, TextOptions},
};

fn main() {
    let is_bench = std::env::args().any(|argument| argument == "--bench");
    let (sizes, asked, rounds): (&[usize], _, _) =
        if is_bench { (&[1_000, 10_000, 100_000], 1_000, 7) } else { (&[200], 20, 2) };
    println!("{:<28}{:>10}{:>10}{:>10}{:>10}", "", "p50 µs", "p90 µs", "p99 µs", "max µs");
    compare("shipped", shipped(), asked, rounds);
    for &questions in sizes {
        compare(&format!("{questions} generated"), generated(questions, 7), asked, rounds);
    }
    if is_bench {
        two_threads();
    }
    if std::env::args().any(|argument| argument == "--million") {
        compare("1000000 generated", generated(1_000_000, 7), 200, 3);
    }
}

fn compare(name: &str, base: KnowledgeBase, asked: usize, rounds: usize) {
    let raw = RawTantivy::build(&base);
    let snapshot = checked_snapshot(base);
    let utterances = utterances(&snapshot.base, asked, 11);
    let expected: Vec<_> = utterances.iter().map(|text| snapshot.find(text, TODAY)).collect();
    let mut ours = vec![Duration::MAX; asked];
    let mut theirs = vec![Duration::MAX; asked];
    for _ in 0..rounds {
        for (at, utterance) in utterances.iter().enumerate() {
            let (found, time) = timed(|| snapshot.find(black_box(utterance), TODAY));
            assert_eq!(found, expected[at], "every round finds the same");
            ours[at] = ours[at].min(time);
            let (found, time) = timed(|| raw.top10(black_box(utterance)));
            assert!(!found.is_empty(), "the utterance shares terms with the question it is from");
            theirs[at] = theirs[at].min(time);
        }
    }
    let ours = report(&format!("{name}: find"), ours);
    let theirs = report(&format!("{name}: raw tantivy"), theirs);
    let ratio = |at: usize| ours[at].as_secs_f64() / theirs[at].as_secs_f64();
    println!(
        "{:<28}{:>10.2}{:>10.2}{:>10.2}{:>10.2}",
        "ratio",
        ratio(0),
        ratio(1),
        ratio(2),
        ratio(3)
    );
}

/// The throughput of two threads over that of one, with twice as many utterances.
fn two_threads() {
    let snapshot = checked_snapshot(generated(10_000, 7));
    let utterances = utterances(&snapshot.base, 1_000, 11);
    let all = || {
        for utterance in &utterances {
            black_box(snapshot.find(black_box(utterance), TODAY));
        }
    };
    let best = |run: &dyn Fn()| (0..9).map(|_| timed(run).1).min().unwrap_or_default();
    all();
    let one = best(&all);
    let two = best(&|| {
        std::thread::scope(|scope| {
            scope.spawn(all);
            all();
        });
    });
    let efficiency = one.as_secs_f64() / two.as_secs_f64();
    println!("two threads: {efficiency:.2} of twice one thread's throughput");
}

/// Prints and returns the 50th, 90th, 99th and 100th percentile.
fn report(name: &str, mut times: Vec<Duration>) -> [Duration; 4] {
    times.sort_unstable();
    let percentiles =
        [50, 90, 99, 100].map(|percent| times[(times.len() * percent / 100).min(times.len() - 1)]);
    let [p50, p90, p99, most] = percentiles.map(|time| time.as_secs_f64() * 1e6);
    println!("{name:<28}{p50:>10.1}{p90:>10.1}{p99:>10.1}{most:>10.1}");
    percentiles
}

fn timed<T>(run: impl FnOnce() -> T) -> (T, Duration) {
    #[expect(clippy::disallowed_methods, reason = "a bench measures real time")]
    let start = Instant::now();
    let result = run();
    (result, start.elapsed())
}

/// tantivy as a plain search would use it.
struct RawTantivy {
    segmenter: Segmenter,
    searcher: Searcher,
    words: Field,
    ngrams: Field,
}

impl RawTantivy {
    fn build(base: &KnowledgeBase) -> Self {
        let dictionary = base.dictionary.iter().map(|one| (one.word.as_str(), one.frequency));
        let segmenter = Segmenter::new(dictionary);
        let indexing = TextFieldIndexing::default()
            .set_tokenizer("whitespace")
            .set_index_option(IndexRecordOption::WithFreqs);
        let options = TextOptions::default().set_indexing_options(indexing);
        let mut schema = Schema::builder();
        let words = schema.add_text_field("words", options.clone());
        let ngrams = schema.add_text_field("ngrams", options);
        let index = Index::create_in_ram(schema.build());
        let mut writer: IndexWriter =
            index.writer_with_num_threads(1, 50_000_000).expect("memory for the writer");
        for question in base.entries.iter().flat_map(Entry::questions) {
            let normalized = normalize(question).into_string();
            let mut document = TantivyDocument::default();
            let cut = segmenter.cut(&normalized);
            document
                .add_text(words, cut.iter().map(|token| token.text).collect::<Vec<_>>().join(" "));
            document.add_text(ngrams, char_grams(&normalized, 1..=2).join(" "));
            writer.add_document(document).expect("the index is in memory");
        }
        writer.commit().expect("the index is in memory");
        let searcher = index.reader().expect("the index is in memory").searcher();
        Self { segmenter, searcher, words, ngrams }
    }

    fn top10(&self, utterance: &str) -> Vec<(f32, tantivy::DocAddress)> {
        let normalized = normalize(utterance).into_string();
        let clause = |field, text: &str| {
            let term = Term::from_field_text(field, text);
            let query: Box<dyn Query> =
                Box::new(TermQuery::new(term, IndexRecordOption::WithFreqs));
            (Occur::Should, query)
        };
        let words =
            self.segmenter.cut(&normalized).into_iter().map(|token| clause(self.words, token.text));
        let ngrams =
            char_grams(&normalized, 1..=2).into_iter().map(|ngram| clause(self.ngrams, ngram));
        let query = BooleanQuery::new(words.chain(ngrams).collect());
        let top = TopDocs::with_limit(10).order_by_score();
        self.searcher.search(&query, &top).expect("the index is in memory")
    }
}
