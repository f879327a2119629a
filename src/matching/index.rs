//! The questions in a tantivy index, in memory: which of them share telling terms with an
//! utterance.
//!
//! tantivy packs the postings and reads them back, block by block. What is read is planned
//! here: the rarest terms first, as they tell questions apart. They decide which questions
//! are looked at; terms that stand nearly everywhere only add to those, and only as long as
//! a budget lasts, since the ranker compares what is found term by term anyway.

use std::{cell::RefCell, ops::Range, sync::Arc};

use tantivy::{
    Index, IndexSettings, InvertedIndexReader, TantivyDocument, Term,
    directory::RamDirectory,
    postings::{BlockSegmentPostings, TermInfo},
    schema::{IndexRecordOption, Schema, TextFieldIndexing, TextOptions},
};

use super::{
    MatchingError,
    lexicon::{B, K1, Lexicon},
    question::{Lexicons, Terms},
};

/// Memory for the writer's term table. Postings beyond it grow as they must.
const WRITER_BYTES: usize = 15_000_000;

/// Rare terms bring new questions into sight until so many postings are read: this many, and
/// one for every so many questions. Few utterances need more to see the best fifty.
const BRINGING_MIN: usize = 2_560;
const QUESTIONS_FOR_ONE: usize = 32;

/// All terms together may cost so many times the postings of those that bring questions.
const ADDING_TIMES: usize = 6;

/// One document for each question, its id the question's place, with a field for each kind
/// of terms.
pub(crate) struct QuestionIndex {
    words: Postings,
    runs: Postings,
    sounds: Postings,
    /// By question: what BM25 makes of a term's weight for the question's length.
    factors: Vec<f32>,
}

/// The postings of one kind of terms.
struct Postings {
    reader: Arc<InvertedIndexReader>,
    /// By the lexicon's id; `None` for a term that stands in no question.
    terms: Vec<Option<TermInfo>>,
}

/// A term of an utterance that is looked for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sought {
    pub(crate) kind: Kind,
    /// In the lexicon of its kind.
    pub(crate) id: u32,
    /// In how many questions it stands.
    pub(crate) spread: u32,
    /// What it adds to the score of a question that has it.
    pub(crate) weight: f32,
}

/// Which lexicon a term belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    Words,
    Runs,
    Sounds,
}

/// A question in sight, with its score by BM25.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Near {
    pub(crate) question: u32,
    pub(crate) score: f32,
}

/// Room for adding up scores, kept by each thread: its scores are all zero between queries.
#[derive(Default)]
struct Scratch {
    scores: Vec<f32>,
    touched: Vec<u32>,
    near: Vec<Near>,
}

thread_local! {
    static SCRATCH: RefCell<Scratch> = RefCell::default();
}

impl QuestionIndex {
    /// Indexes the questions in their order.
    pub(crate) fn build<'a>(
        questions: impl IntoIterator<Item = &'a Terms<'a>>,
        lexicons: &Lexicons,
    ) -> Result<Self, MatchingError> {
        // Terms come cut and joined by spaces, which no normalised text holds.
        let indexing = TextFieldIndexing::default()
            .set_tokenizer("whitespace")
            .set_index_option(IndexRecordOption::Basic)
            .set_fieldnorms(false);
        let options = TextOptions::default().set_indexing_options(indexing);
        let mut schema = Schema::builder();
        let words = schema.add_text_field("words", options.clone());
        let runs = schema.add_text_field("runs", options.clone());
        let sounds = schema.add_text_field("sounds", options);
        let settings =
            IndexSettings { docstore_compress_dedicated_thread: false, ..IndexSettings::default() };
        // A single segment, written in one go, keeps document ids in the order of adding.
        let mut writer = Index::builder()
            .schema(schema.build())
            .settings(settings)
            .single_segment_index_writer(RamDirectory::create(), WRITER_BYTES)?;
        let mut factors = Vec::new();
        for terms in questions {
            let mut document = TantivyDocument::default();
            document.add_text(words, terms.words.join(" "));
            document.add_text(runs, terms.runs.join(" "));
            document.add_text(sounds, joined(&terms.sounds));
            writer.add_document(document)?;
            let long = 1.0 - B + B * terms.runs.len() as f32 / lexicons.runs.mean_length();
            factors.push((K1 + 1.0) / (1.0 + K1 * long));
        }
        let searcher = writer.finalize()?.reader()?.searcher();
        let segment = searcher.segment_readers().first();
        let postings = |field, terms: Vec<Term>| match segment {
            Some(segment) => Postings::open(segment.inverted_index(field)?, &terms),
            None => Ok(Postings::empty()),
        };
        let of_text = |field, lexicon: &Lexicon<String>| {
            let terms = lexicon.terms().into_iter();
            postings(field, terms.map(|term| Term::from_field_text(field, term)).collect())
        };
        let of_sounds = lexicons.sounds.terms().into_iter();
        let of_sounds = of_sounds.map(|sound| Term::from_field_text(sounds, &sound.to_string()));
        Ok(Self {
            words: of_text(words, &lexicons.words)?,
            runs: of_text(runs, &lexicons.runs)?,
            sounds: postings(sounds, of_sounds.collect())?,
            factors,
        })
    }

    /// Gives `take` the questions that share most with the terms sought, best first, at most
    /// `limit` of them; ties go to the question written first. The `gone` ones are passed over.
    pub(crate) fn nearest<T>(
        &self,
        sought: &mut [Sought],
        limit: usize,
        gone: &Range<u32>,
        take: impl FnOnce(&[Near]) -> T,
    ) -> T {
        sought.sort_unstable_by_key(|term| (term.spread, term.kind, term.id));
        SCRATCH.with_borrow_mut(|scratch| {
            let Scratch { scores, touched, near } = scratch;
            if scores.len() < self.factors.len() {
                scores.resize(self.factors.len(), 0.0);
            }
            self.add_up(sought, scores, touched);
            near.clear();
            for &question in touched.iter() {
                let score = std::mem::take(&mut scores[question as usize]);
                if !gone.contains(&question) {
                    let factor = self.factors[question as usize];
                    near.push(Near { question, score: score * factor });
                }
            }
            touched.clear();
            keep_best(near, limit);
            take(near)
        })
    }

    /// Adds up what the terms give to each question, rarest term first.
    fn add_up(&self, sought: &[Sought], scores: &mut [f32], touched: &mut Vec<u32>) {
        let bringing = BRINGING_MIN + self.factors.len() / QUESTIONS_FOR_ONE;
        let mut read = 0;
        for term in sought {
            let brings = read < bringing;
            read += term.spread as usize;
            if !brings && read > bringing * ADDING_TIMES {
                break;
            }
            let Some(mut block) = self.postings(term.kind).read(term.id) else { continue };
            while block.block_len() > 0 {
                for &question in block.docs() {
                    let score = &mut scores[question as usize];
                    if *score > 0.0 {
                        *score += term.weight;
                    } else if brings {
                        *score = term.weight;
                        touched.push(question);
                    }
                }
                block.advance();
            }
        }
    }

    fn postings(&self, kind: Kind) -> &Postings {
        match kind {
            Kind::Words => &self.words,
            Kind::Runs => &self.runs,
            Kind::Sounds => &self.sounds,
        }
    }
}

impl Postings {
    /// The terms come in the order of their ids.
    fn open(reader: Arc<InvertedIndexReader>, terms: &[Term]) -> Result<Self, MatchingError> {
        let infos = terms.iter().map(|term| reader.get_term_info(term)).collect::<Result<_, _>>();
        Ok(Self { terms: infos.map_err(tantivy::TantivyError::from)?, reader })
    }

    /// Of no question at all.
    fn empty() -> Self {
        let reader = InvertedIndexReader::empty(IndexRecordOption::Basic);
        Self { reader: Arc::new(reader), terms: Vec::new() }
    }

    fn read(&self, term: u32) -> Option<BlockSegmentPostings> {
        let info = self.terms.get(term as usize)?.as_ref()?;
        let read = self.reader.read_block_postings_from_terminfo(info, IndexRecordOption::Basic);
        Some(read.expect("an index in memory, just written, can be read"))
    }
}

/// Numbers as a text of words.
fn joined(sounds: &[u64]) -> String {
    sounds.iter().map(u64::to_string).collect::<Vec<_>>().join(" ")
}

/// Keeps the best ones, sorted.
fn keep_best(near: &mut Vec<Near>, limit: usize) {
    let order = |one: &Near, other: &Near| {
        other.score.total_cmp(&one.score).then(one.question.cmp(&other.question))
    };
    if near.len() > limit {
        near.select_nth_unstable_by(limit, order);
        near.truncate(limit);
    }
    near.sort_unstable_by(order);
}

impl std::fmt::Debug for QuestionIndex {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("QuestionIndex")
            .field("questions", &self.factors.len())
            .finish_non_exhaustive()
    }
}
