//! A tantivy index, in memory: which texts share rare terms with an utterance.

use tantivy::{
    Index, IndexSettings, ReloadPolicy, Searcher, TantivyDocument, Term,
    collector::TopDocs,
    directory::RamDirectory,
    query::{BooleanQuery, Occur, Query, TermQuery},
    schema::{Field, IndexRecordOption, Schema, TextFieldIndexing, TextOptions},
};

use super::{
    MatchingError,
    question::{Lexicons, Terms},
};

/// Memory for the writer's term table. Postings beyond it grow as they must.
const WRITER_BYTES: usize = 15_000_000;

/// How many terms of an utterance are asked for, rarest first. The common ones are long
/// lists that hardly change which texts are found and take most of the time.
const TERMS_MAX: usize = 28;

/// One document for each text, its id the text's place, with two fields: words, and runs of
/// one and two characters.
pub(crate) struct TextIndex {
    searcher: Searcher,
    words: Field,
    runs: Field,
}

impl TextIndex {
    /// Indexes the texts in their order.
    pub(crate) fn build<'a>(
        texts: impl IntoIterator<Item = Terms<'a>>,
    ) -> Result<Self, MatchingError> {
        // Terms come cut and joined by spaces, which no normalised text holds.
        let indexing = TextFieldIndexing::default()
            .set_tokenizer("whitespace")
            .set_index_option(IndexRecordOption::WithFreqs);
        let options = TextOptions::default().set_indexing_options(indexing);
        let mut schema = Schema::builder();
        let words = schema.add_text_field("words", options.clone());
        let runs = schema.add_text_field("runs", options);
        let settings =
            IndexSettings { docstore_compress_dedicated_thread: false, ..IndexSettings::default() };
        // A single segment, written in one go, keeps document ids in the order of adding.
        let mut writer = Index::builder()
            .schema(schema.build())
            .settings(settings)
            .single_segment_index_writer(RamDirectory::create(), WRITER_BYTES)?;
        for terms in texts {
            let mut document = TantivyDocument::default();
            document.add_text(words, terms.words.join(" "));
            document.add_text(runs, terms.runs.join(" "));
            writer.add_document(document)?;
        }
        let index = writer.finalize()?;
        let reader = index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
        Ok(Self { searcher: reader.searcher(), words, runs })
    }

    /// The places of at most `limit` texts, best first by BM25 over both fields.
    pub(crate) fn nearest(&self, terms: &Terms<'_>, lexicons: &Lexicons, limit: usize) -> Vec<u32> {
        let query = self.query(terms, lexicons);
        let found = self
            .searcher
            .search(&query, &TopDocs::with_limit(limit).order_by_score())
            .expect("an index in memory, just written, can be read");
        found.into_iter().map(|(_, address)| address.doc_id).collect()
    }

    fn query(&self, terms: &Terms<'_>, lexicons: &Lexicons) -> BooleanQuery {
        let words = terms.words.iter().map(|&word| (lexicons.words.spread(word), self.words, word));
        let runs = terms.runs.iter().map(|&run| (lexicons.runs.spread(run), self.runs, run));
        let mut asked: Vec<(u32, Field, &str)> =
            words.chain(runs).filter(|&(spread, ..)| spread > 0).collect();
        asked.sort_unstable();
        asked.dedup();
        asked.truncate(TERMS_MAX);
        let clause = |(_, field, text)| {
            let term = Term::from_field_text(field, text);
            let query: Box<dyn Query> =
                Box::new(TermQuery::new(term, IndexRecordOption::WithFreqs));
            (Occur::Should, query)
        };
        BooleanQuery::new(asked.into_iter().map(clause).collect())
    }
}

impl std::fmt::Debug for TextIndex {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TextIndex")
            .field("texts", &self.searcher.num_docs())
            .finish_non_exhaustive()
    }
}
