//! The shipped knowledge over utterances that were worded apart from it.
//!
//! The floors stand in `knowledge/tests.yaml`, a little under what was measured: a change may
//! not make any of them worse.

use std::collections::BTreeSet;

use expect_test::expect_file;
use kefu::{
    authoring::{Figure, Judged, Reaction, run_tests},
    files::Root,
    knowledge::{Expected, Split, load},
    matching::{Matcher, Snapshot},
    text::{char_grams, normalize},
};
use tantivy::{
    Index, IndexWriter, Searcher, TantivyDocument, Term,
    collector::TopDocs,
    query::{BooleanQuery, Occur, Query, TermQuery},
    schema::{Field, IndexRecordOption, Schema, TextFieldIndexing, TextOptions},
};

/// The share of what customers ask that no entry answers, as the calibration takes it to be.
const UNANSWERABLE_SHARE: f64 = 0.25;

/// How far the mean confidence may lie from the share that is right. Measured: 0.01.
const CALIBRATION_ERROR_MAX: f64 = 0.06;

#[test]
fn held_out_utterances_find_their_entries() {
    let today = jiff::civil::date(2026, 11, 22);
    let base = load(&Root::embedded().read().unwrap(), today).base.unwrap();
    let snapshot = Snapshot::build(base).unwrap();
    let run = run_tests(&snapshot, today, Some(Split::Test), &mut |_, _| {});
    assert_eq!(run.skipped(), 0, "all that is tested is served");
    for figure in run.figures() {
        let Figure { of, at_least, held, .. } = figure;
        assert!(at_least.is_some(), "every floor is set");
        assert!(of >= 20, "enough to judge by: {figure}");
        assert_eq!(figure.asked(), held, "all that is written for it can be asked");
        assert!(figure.is_kept(), "{figure}");
    }

    let is_ranked = |one: &&Judged<'_>| {
        matches!(one.case.expected, Expected::Entry(_) | Expected::NoAnswer(_))
            && !matches!(one.reaction, Reaction::Acted { .. })
    };
    let ranked: Vec<&Judged<'_>> = run.judged.iter().filter(is_ranked).collect();
    assert!(ranked.len() >= 190, "enough to judge by");
    let sure = |one: &&Judged<'_>| one.confidence.map_or(0.0, |best| f64::from(best.get()));
    let is_answerable = |one: &Judged<'_>| matches!(one.case.expected, Expected::Entry(_));
    let answerable = ranked.iter().filter(|one| is_answerable(one)).count() as f64;
    let unanswerable = ranked.len() as f64 - answerable;
    let weight = |one: &Judged<'_>| {
        if is_answerable(one) {
            (1.0 - UNANSWERABLE_SHARE) / answerable
        } else {
            UNANSWERABLE_SHARE / unanswerable
        }
    };
    let mean: f64 = ranked.iter().map(|one| weight(one) * sure(one)).sum();
    let right: f64 = ranked.iter().filter(|one| one.is_first).map(|one| weight(one)).sum();
    let error = (mean - right).abs();
    assert!(error <= CALIBRATION_ERROR_MAX, "confidence is off by {error:.3}");
}

/// tantivy's own query over all words and character runs, as a plain search would ask it.
struct WholeQuery<'m> {
    matcher: &'m Matcher,
    searcher: Searcher,
    words: Field,
    runs: Field,
}

impl<'m> WholeQuery<'m> {
    fn over(cores: &[String], matcher: &'m Matcher) -> Self {
        let indexing = TextFieldIndexing::default()
            .set_tokenizer("whitespace")
            .set_index_option(IndexRecordOption::WithFreqs);
        let options = TextOptions::default().set_indexing_options(indexing);
        let mut schema = Schema::builder();
        let words = schema.add_text_field("words", options.clone());
        let runs = schema.add_text_field("runs", options);
        let index = Index::create_in_ram(schema.build());
        let mut writer: IndexWriter = index.writer_with_num_threads(1, 50_000_000).unwrap();
        for core in cores {
            let mut document = TantivyDocument::default();
            document.add_text(words, matcher.words(core).join(" "));
            document.add_text(runs, char_grams(core, 1..=2).join(" "));
            writer.add_document(document).unwrap();
        }
        writer.commit().unwrap();
        Self { matcher, searcher: index.reader().unwrap().searcher(), words, runs }
    }

    /// The places of the best ten.
    fn top10<'c>(&self, core: &'c str) -> Vec<u32> {
        let clause = |field, text: &str| {
            let term = Term::from_field_text(field, text);
            let query: Box<dyn Query> =
                Box::new(TermQuery::new(term, IndexRecordOption::WithFreqs));
            (Occur::Should, query)
        };
        let once = |terms: Vec<&'c str>| terms.into_iter().collect::<BTreeSet<&str>>().into_iter();
        let words = once(self.matcher.words(core)).map(|word| clause(self.words, word));
        let runs = once(char_grams(core, 1..=2)).map(|run| clause(self.runs, run));
        let query = BooleanQuery::new(words.chain(runs).collect());
        let found = self.searcher.search(&query, &TopDocs::with_limit(10).order_by_score());
        found.unwrap().into_iter().map(|(_, address)| address.doc_id).collect()
    }
}

/// `UPDATE_EXPECT=1` writes it anew, after a change of the knowledge or of the engine.
#[test]
fn what_comes_with_the_program_was_learnt_of_what_comes_with_it() {
    let today = jiff::civil::date(2026, 11, 22);
    let base = load(&Root::embedded().read().unwrap(), today).base.unwrap();
    let snapshot = Snapshot::build(base).unwrap();
    let learnt = snapshot.learn_anew().unwrap();
    let written = serde_json::to_string_pretty(&learnt).unwrap() + "\n";
    expect_file!["../../assets/learnt.json"].assert_eq(&written);
}

#[test]
fn the_planned_search_sees_what_the_whole_query_finds() {
    let today = jiff::civil::date(2026, 11, 22);
    let base = load(&Root::embedded().read().unwrap(), today).base.unwrap();
    let snapshot = Snapshot::build(base).unwrap();
    let matcher = &snapshot.matcher;
    let entries = snapshot.base.entries.iter().filter(|entry| entry.is_served_on(today));
    let of_entries =
        entries.flat_map(|entry| entry.questions().chain(entry.not.iter().map(String::as_str)));
    let of_intents = snapshot.base.intents.iter().flat_map(|intent| &intent.examples);
    let wordings: Vec<&str> = of_entries.chain(of_intents.map(String::as_str)).collect();
    let core = |text: &str| matcher.core(normalize(text).as_str());
    let cores: Vec<String> = wordings.iter().map(|wording| core(wording)).collect();
    let whole = WholeQuery::over(&cores, matcher);
    let (mut seen, mut all) = (0_usize, 0_usize);
    for said in snapshot.base.tests.cases.iter().flat_map(|case| &case.say) {
        let normalized = normalize(&said.text);
        let candidates = matcher.candidates(&snapshot.base, normalized.as_str());
        for place in whole.top10(&core(&said.text)) {
            all += 1;
            seen += usize::from(candidates.contains(&wordings[place as usize]));
        }
    }
    assert!(all > 15_000, "enough to judge by: {all}");
    let recall = seen as f64 / all as f64;
    assert!(recall >= 0.995, "{seen} of {all}: {recall:.4}");
}
