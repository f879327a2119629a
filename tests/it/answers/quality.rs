//! The shipped knowledge over utterances that were worded apart from it.
//!
//! The floors stand in `knowledge/tests.yaml`, a little under what was measured: a change may
//! not make any of them worse.

use std::collections::BTreeSet;

use expect_test::expect_file;
use kefu::{
    authoring::{run_tests, sealed_figures},
    files::Root,
    knowledge::{Expected, Floor, Split, load},
    matching::{Matcher, Snapshot},
    parallel::Threads,
    text::{char_grams, normalize},
};
use tantivy::{
    Index, IndexWriter, Searcher, TantivyDocument, Term,
    collector::TopDocs,
    query::{BooleanQuery, Occur, Query, TermQuery},
    schema::{Field, IndexRecordOption, Schema, TextFieldIndexing, TextOptions},
};

/// A figure over fewer utterances says little. Those of one intent have four each, and count
/// together under `intents`.
const UTTERANCES_MIN: usize = 20;

#[test]
fn held_out_utterances_find_their_entries() {
    let today = jiff::civil::date(2026, 11, 22);
    let base = load(&Root::embedded().read().unwrap(), today).base.unwrap();
    let snapshot = Snapshot::build(base).unwrap();
    let run = run_tests(&snapshot, today, Some(Split::Test), &mut |_, _| {});
    assert_eq!(run.skipped(), 0, "all that is tested is served");
    let sealed = sealed_figures(&snapshot, today, Threads::all());
    for figure in run.figures().into_iter().chain(sealed.clone()) {
        let is_of_few = figure.floor.about().is_some();
        assert!(figure.limit.is_some() || is_of_few, "every floor is set: {figure}");
        assert!(figure.of >= UTTERANCES_MIN || is_of_few, "enough to judge by: {figure}");
        assert_eq!(figure.asked, figure.held, "all that is written for it can be asked");
        assert!(figure.is_kept(), "{figure}");
    }
}

/// Danger and crime must be seen: each such intent of which the regression set has utterances has
/// a floor of its own.
#[test]
fn every_intent_of_danger_has_a_floor() {
    let today = jiff::civil::date(2026, 11, 22);
    let base = load(&Root::embedded().read().unwrap(), today).base.unwrap();
    let is_of_danger =
        |id: &str| ["safety.", "urgent.", "illegal."].iter().any(|family| id.starts_with(family));
    let mut tested = BTreeSet::new();
    for case in base.tests.cases.iter().filter(|case| case.split == Split::Test) {
        if let Expected::Intent(id) = &case.expected {
            tested.extend(is_of_danger(id.as_str()).then_some(id));
        }
    }
    assert!(tested.len() >= 9, "enough to judge by: {tested:?}");
    for id in tested {
        let floor = base.tests.floors.get(&Floor::Intent(id.clone()));
        assert!(floor.is_some(), "{id} has no floor under floors.by_intent");
    }
}

/// tantivy's own query over all words and n-grams, as a plain search would ask it.
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
    expect_file!["../../../assets/learnt.json"].assert_eq(&written);
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
    assert!(recall >= 0.993, "{seen} of {all}: {recall:.4}");
}
