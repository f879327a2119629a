//! The postings of the questions, in a tantivy index in memory, and the search in them.
//!
//! tantivy compresses the postings and reads them block by block. The order of reading is ours,
//! in the manner of `MaxScore` (Turtle and Flood 1995): terms are read by rising document
//! frequency. The rarest ones are essential, as their postings admit questions to the candidates.
//! The others only add to the scores of admitted questions, and only within a budget, because the
//! ranker compares the candidates term by term anyway.
//!
//! After a change of few questions, the segment of the earlier index still serves the unchanged
//! ones, beside a small segment of the changed ones.

use std::{cell::RefCell, ops::Range, sync::Arc};

use tantivy::{
    Index, IndexSettings, InvertedIndexReader, TantivyDocument,
    directory::RamDirectory,
    postings::{BlockSegmentPostings, TermInfo},
    schema::{IndexRecordOption, NumericOptions, Schema},
};

use super::{
    lexicon::{Lexicon, NO_TERM},
    rows::Rows,
};
use crate::matching::{
    error::MatchingError,
    terms::kinds::{Kinds, TermKind},
};

/// Memory for the writer's term table, in bytes. Postings grow beyond it as needed.
const WRITER_BYTES: usize = 15_000_000;

/// Terms are essential until this many postings are read, and one more for every
/// [`QUESTIONS_PER_POSTING`] questions. Few utterances need more for their best fifty questions.
const ESSENTIAL_POSTINGS_MIN: usize = 2_560;
const QUESTIONS_PER_POSTING: usize = 32;

/// The budget of postings for all terms, as a multiple of that for essential terms.
const BUDGET_FACTOR: usize = 6;

/// The earlier segment is reused while at most one question in this many is changed or removed.
const QUESTIONS_PER_CHANGE: usize = 8;

/// The id of an earlier question that was removed.
pub(crate) const REMOVED: u32 = u32::MAX;

/// The postings of all questions; each question is one document.
#[derive(Debug)]
pub(crate) struct Postings {
    /// The first has nearly all questions; a second has those that changed since it was written.
    segments: Vec<Segment>,
    /// By question: BM25's factor of a term that occurs once, for the length of the question.
    length_factors: Vec<f32>,
}

/// Questions that were written together.
#[derive(Debug)]
struct Segment {
    /// By document, the id of its question, or [`REMOVED`].
    questions: Vec<u32>,
    fields: Kinds<Field>,
}

/// The postings of one kind of terms in a segment. Each kind is a tantivy index of its own, so
/// that all kinds can be written at the same time.
pub(crate) struct Field {
    reader: Arc<InvertedIndexReader>,
    /// By term id, the location of its postings.
    locations: Vec<Location>,
}

/// The byte range of the postings of a term: tantivy's `TermInfo` in less memory.
#[derive(Clone, Copy, Debug, Default)]
struct Location {
    from: u32,
    to: u32,
    /// How many documents have the term; 0 when the field does not have it.
    documents: u32,
}

/// The postings of an earlier index, and the new ids of its questions and terms.
#[derive(Debug)]
pub(crate) struct EarlierPostings<'a> {
    pub(crate) postings: &'a Postings,
    /// By earlier question id, the new id, or [`REMOVED`].
    pub(crate) questions: Vec<u32>,
    /// By earlier term id, the new id, or [`NO_TERM`]. Ids of new terms may follow.
    pub(crate) terms: &'a Kinds<Vec<u32>>,
}

/// A term of an utterance.
#[derive(Clone, Copy, Debug)]
pub(crate) struct QueryTerm {
    pub(crate) kind: TermKind,
    /// Its id in the lexicon of its kind.
    pub(crate) id: u32,
    /// How many questions have it.
    pub(crate) document_frequency: u32,
    /// Its idf.
    pub(crate) weight: f32,
}

/// A question that was found, with its BM25 score.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Hit {
    pub(crate) question: u32,
    pub(crate) score: f32,
}

/// Memory for adding up scores, reused by each thread. Between queries all scores are zero.
#[derive(Default)]
struct Scratch {
    scores: Vec<f32>,
    touched: Vec<u32>,
    hits: BestHits,
}

/// The best hits of a query so far, and fewer than as many again that may be among them.
#[derive(Default)]
struct BestHits {
    hits: Vec<Hit>,
    /// The score of the worst of the best; most hits of a query have a smaller one.
    least: f32,
}

thread_local! {
    static SCRATCH: RefCell<Scratch> = RefCell::default();
}

/// The questions of each segment.
#[derive(Debug)]
pub(crate) struct SegmentPlan<'b> {
    /// The earlier postings whose first segment is reused.
    reused: Option<&'b EarlierPostings<'b>>,
    /// By segment and document, the question id.
    segments: Vec<Vec<u32>>,
}

impl<'b> SegmentPlan<'b> {
    /// A plan for this many questions. The earlier segment is reused, unless more than one
    /// question in [`QUESTIONS_PER_CHANGE`] is changed or removed.
    pub(crate) fn new(questions: usize, earlier: Option<&'b EarlierPostings<'b>>) -> Self {
        let all = 0..questions as u32;
        let write_all = || Self {
            reused: None,
            segments: if all.is_empty() { Vec::new() } else { vec![all.clone().collect()] },
        };
        let Some(earlier) = earlier else { return write_all() };
        let Some(segment) = earlier.postings.segments.first() else { return write_all() };
        let new_id = |&question: &u32| match question {
            REMOVED => REMOVED,
            question => earlier.questions[question as usize],
        };
        let reused: Vec<u32> = segment.questions.iter().map(new_id).collect();
        let mut is_reused = vec![false; questions];
        for &question in reused.iter().filter(|&&question| question != REMOVED) {
            is_reused[question as usize] = true;
        }
        let written: Vec<u32> = all.clone().filter(|&id| !is_reused[id as usize]).collect();
        let removed = reused.len() + written.len() - questions;
        if (written.len() + removed) * QUESTIONS_PER_CHANGE > questions {
            return write_all();
        }
        let segments = [reused, written].into_iter().filter(|segment| !segment.is_empty());
        Self { reused: Some(earlier), segments: segments.collect() }
    }

    /// Builds the fields of one kind of terms, one for each segment.
    pub(crate) fn fields(
        &self,
        kind: TermKind,
        rows: &Rows,
        lexicon: &Lexicon,
    ) -> Result<Vec<Field>, MatchingError> {
        let mut fields = Vec::with_capacity(self.segments.len());
        let mut segments = self.segments.iter();
        if let Some(EarlierPostings { postings, terms, .. }) = self.reused
            && segments.next().is_some()
        {
            let earlier = postings.segments[0].fields.get(kind);
            fields.push(earlier.renumbered(terms.get(kind), lexicon));
        }
        for questions in segments {
            fields.push(Field::write(questions, rows, lexicon)?);
        }
        Ok(fields)
    }
}

impl Postings {
    /// Combines the fields into the segments of a plan. `ngrams` and `lexicon` are those of the
    /// n-grams, which give the length factors.
    pub(crate) fn new(
        plan: SegmentPlan<'_>,
        fields: Kinds<Vec<Field>>,
        ngrams: &Rows,
        lexicon: &Lexicon,
    ) -> Self {
        let Kinds { words, ngrams: ngram_fields, sounds } = fields;
        let fields = words.into_iter().zip(ngram_fields).zip(sounds);
        let fields = fields.map(|((words, ngrams), sounds)| Kinds { words, ngrams, sounds });
        let segments = plan.segments.into_iter().zip(fields);
        let segments = segments.map(|(questions, fields)| Segment { questions, fields });
        let factor = |length: usize| lexicon.saturation(length).of(1.0);
        Self {
            segments: segments.collect(),
            length_factors: ngrams.iter().map(|row| factor(row.terms.len())).collect(),
        }
    }

    /// How many segments there are.
    #[cfg(test)]
    pub(crate) fn segments(&self) -> usize {
        self.segments.len()
    }

    /// Calls `take` with the best questions by BM25, best first, at most `limit`. Ties go to the
    /// question written first. The `excluded` questions are left out.
    pub(crate) fn nearest<T>(
        &self,
        terms: &mut [QueryTerm],
        limit: usize,
        excluded: &Range<u32>,
        take: impl FnOnce(&[Hit]) -> T,
    ) -> T {
        terms.sort_unstable_by_key(|term| (term.document_frequency, term.kind, term.id));
        let documents = self.segments.iter().map(|segment| segment.questions.len()).sum();
        SCRATCH.with_borrow_mut(|scratch| {
            let Scratch { scores, touched, hits } = scratch;
            if scores.len() < documents {
                scores.resize(documents, 0.0);
            }
            hits.clear();
            let essential =
                ESSENTIAL_POSTINGS_MIN + self.length_factors.len() / QUESTIONS_PER_POSTING;
            let mut rest = scores.as_mut_slice();
            for segment in &self.segments {
                let (scores, others) = rest.split_at_mut(segment.questions.len());
                rest = others;
                segment.add_up(terms, essential, scores, touched);
                for document in touched.drain(..) {
                    let score = std::mem::take(&mut scores[document as usize]);
                    let question = segment.questions[document as usize];
                    if question != REMOVED && !excluded.contains(&question) {
                        let factor = self.length_factors[question as usize];
                        hits.push(Hit { question, score: score * factor }, limit);
                    }
                }
            }
            take(hits.best(limit))
        })
    }
}

impl Segment {
    /// Adds up the weights of the terms for each document, the rarest term first. Terms are
    /// essential until `essential` postings are read.
    fn add_up(
        &self,
        terms: &[QueryTerm],
        essential: usize,
        scores: &mut [f32],
        touched: &mut Vec<u32>,
    ) {
        let mut read = 0;
        for term in terms {
            let is_essential = read < essential;
            read += term.document_frequency as usize;
            if !is_essential && read > essential * BUDGET_FACTOR {
                break;
            }
            let Some(mut block) = self.fields.get(term.kind).read(term.id) else { continue };
            while block.block_len() > 0 {
                // Without branches on the scores, which no processor can predict.
                if is_essential {
                    let mut count = touched.len();
                    touched.resize(count + block.block_len(), 0);
                    for &document in block.docs() {
                        let score = &mut scores[document as usize];
                        touched[count] = document;
                        count += usize::from(*score == 0.0);
                        *score += term.weight;
                    }
                    touched.truncate(count);
                } else {
                    for &document in block.docs() {
                        let score = &mut scores[document as usize];
                        *score += if *score > 0.0 { term.weight } else { 0.0 };
                    }
                }
                block.advance();
            }
        }
    }
}

impl Field {
    /// Writes the terms of the questions, each question as a document, in the order given.
    fn write(questions: &[u32], rows: &Rows, lexicon: &Lexicon) -> Result<Self, MatchingError> {
        let mut schema = Schema::builder();
        let field = schema.add_u64_field("terms", NumericOptions::default().set_indexed());
        let settings =
            IndexSettings { docstore_compress_dedicated_thread: false, ..IndexSettings::default() };
        // A single-segment writer keeps document ids in the order of adding.
        let mut writer = Index::builder()
            .schema(schema.build())
            .settings(settings)
            .single_segment_index_writer(RamDirectory::create(), WRITER_BYTES)?;
        for &question in questions {
            let mut document = TantivyDocument::default();
            let terms = rows.row(question as usize).terms;
            for same in terms.chunk_by(|one, next| one == next) {
                document.add_u64(field, same[0].into());
            }
            writer.add_document(document)?;
        }
        let searcher = writer.finalize()?.reader()?.searcher();
        let reader = searcher.segment_reader(0).inverted_index(field)?;
        Ok(Self { locations: locations(&reader, lexicon.len())?, reader })
    }

    /// The same postings with new term ids; `terms` gives the new id of each earlier one.
    fn renumbered(&self, terms: &[u32], lexicon: &Lexicon) -> Self {
        let mut locations = vec![Location::default(); lexicon.len()];
        let known = self.locations.iter().zip(terms).filter(|(_, term)| **term != NO_TERM);
        for (&location, &term) in known {
            locations[term as usize] = location;
        }
        Self { reader: self.reader.clone(), locations }
    }

    fn read(&self, term: u32) -> Option<BlockSegmentPostings> {
        let location = self.locations.get(term as usize)?;
        if location.documents == 0 {
            return None;
        }
        let info = location.info();
        let read = self.reader.read_block_postings_from_terminfo(&info, IndexRecordOption::Basic);
        Some(read.expect("an index in memory, just written, can be read"))
    }
}

impl Location {
    /// `None` beyond 4 GiB of postings.
    fn of(info: &TermInfo) -> Option<Self> {
        let [from, to] = [info.postings_range.start, info.postings_range.end];
        let (from, to) = (u32::try_from(from).ok()?, u32::try_from(to).ok()?);
        Some(Self { from, to, documents: info.doc_freq })
    }

    fn info(self) -> TermInfo {
        TermInfo {
            doc_freq: self.documents,
            postings_range: self.from as usize..self.to as usize,
            positions_range: 0..0,
        }
    }
}

/// By term id, the locations of the postings of a field with this many terms.
fn locations(reader: &InvertedIndexReader, terms: usize) -> Result<Vec<Location>, MatchingError> {
    let mut locations = vec![Location::default(); terms];
    let mut stream = reader.terms().stream().map_err(tantivy::TantivyError::from)?;
    while stream.advance() {
        // tantivy writes a number in big-endian order, so that its bytes sort as it does.
        let id = stream.key().first_chunk().map_or(0, |bytes| u64::from_be_bytes(*bytes));
        let location = Location::of(stream.value()).ok_or(MatchingError::TooMuchText)?;
        locations[id as usize] = location;
    }
    Ok(locations)
}

impl BestHits {
    fn clear(&mut self) {
        self.hits.clear();
        self.least = 0.0;
    }

    /// Adds a hit, unless `limit` others are better.
    fn push(&mut self, hit: Hit, limit: usize) {
        if hit.score < self.least {
            return;
        }
        self.hits.push(hit);
        if self.hits.len() >= limit.saturating_mul(2) {
            self.drop_others(limit);
        }
    }

    fn drop_others(&mut self, limit: usize) {
        if let Some(last) = limit.checked_sub(1).filter(|&last| last < self.hits.len()) {
            let (_, worst, _) = self.hits.select_nth_unstable_by(last, Hit::order);
            self.least = worst.score;
        }
        self.hits.truncate(limit);
    }

    /// The best hits, best first, at most `limit`.
    fn best(&mut self, limit: usize) -> &[Hit] {
        self.drop_others(limit);
        self.hits.sort_unstable_by(Hit::order);
        &self.hits
    }
}

impl Hit {
    /// Better hits first; of equally good ones the question written first.
    fn order(&self, other: &Self) -> std::cmp::Ordering {
        other.score.total_cmp(&self.score).then(self.question.cmp(&other.question))
    }
}

impl std::fmt::Debug for Field {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Field").field("terms", &self.locations.len()).finish_non_exhaustive()
    }
}
