//! The questions in a tantivy index, in memory: which of them share telling terms with an
//! utterance.
//!
//! tantivy packs the postings and reads them back, block by block. What is read is planned
//! here: the rarest terms first, as they tell questions apart. They decide which questions
//! are looked at; terms that stand nearly everywhere only add to those, and only as long as
//! a budget lasts, since the ranker compares what is found term by term anyway.
//!
//! After a change of few questions the index before goes on serving the others, beside a small
//! one of those that changed.

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

/// Memory for the writer's term table. Postings beyond it grow as they must.
const WRITER_BYTES: usize = 15_000_000;

/// Rare terms bring new questions into sight until so many postings are read: this many, and
/// one for every so many questions. Few utterances need more to see the best fifty.
const BRINGING_MIN: usize = 2_560;
const QUESTIONS_FOR_ONE: usize = 32;

/// All terms together may cost so many times the postings of those that bring questions.
const ADDING_TIMES: usize = 6;

/// Of so many questions one at most may be in the wrong segment, or gone, before all of them
/// are written anew.
const QUESTIONS_FOR_ONE_MOVED: usize = 8;

/// Stands for a question that is there no more.
pub(crate) const GONE: u32 = u32::MAX;

/// One document for each question.
#[derive(Debug)]
pub(crate) struct Postings {
    /// The first has nearly all questions, a second those that changed since it was written.
    segments: Vec<Segment>,
    /// By question: what BM25 makes of a term's weight for the question's length.
    factors: Vec<f32>,
}

/// Questions that were written at one time.
#[derive(Debug)]
struct Segment {
    /// By document, the question that it is of; [`GONE`] if that is not there any more.
    questions: Vec<u32>,
    fields: Kinds<Field>,
}

/// The terms of one kind in a segment: an index of its own, so that those of all kinds can be
/// written at once.
pub(crate) struct Field {
    reader: Arc<InvertedIndexReader>,
    /// By the lexicon's id, where the postings of a term lie.
    lists: Vec<List>,
}

/// Where the postings of a term lie, in bytes; what tantivy says of a term in less room.
#[derive(Clone, Copy, Debug, Default)]
struct List {
    from: u32,
    to: u32,
    /// How many there are; 0 of a term that is not there.
    documents: u32,
}

/// An index of earlier knowledge, and what became of its questions and terms.
#[derive(Debug)]
pub(crate) struct Before<'a> {
    pub(crate) index: &'a Postings,
    /// By earlier place, the place now, or [`GONE`].
    pub(crate) questions: Vec<u32>,
    /// By earlier id, the id now, or [`NO_TERM`]; more may follow that were not there then.
    pub(crate) terms: &'a Kinds<Vec<u32>>,
}

/// A term of an utterance that is looked for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sought {
    pub(crate) kind: TermKind,
    /// In the lexicon of its kind.
    pub(crate) id: u32,
    /// In how many questions it stands.
    pub(crate) document_frequency: u32,
    /// What it adds to the score of a question that has it.
    pub(crate) weight: f32,
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

/// Which questions come into which segment.
#[derive(Debug)]
pub(crate) struct SegmentPlan<'b> {
    /// The index whose first segment is kept.
    kept: Option<&'b Before<'b>>,
    /// By segment and document, the question.
    segments: Vec<Vec<u32>>,
}

impl<'b> SegmentPlan<'b> {
    /// For so many questions. Those that an index before has are written again only where that
    /// would have to pass over too many others.
    pub(crate) fn new(questions: usize, before: Option<&'b Before<'b>>) -> Self {
        let all = 0..questions as u32;
        let anew = || Self {
            kept: None,
            segments: if all.is_empty() { Vec::new() } else { vec![all.clone().collect()] },
        };
        let Some(before) = before else { return anew() };
        let Some(segment) = before.index.segments.first() else { return anew() };
        let since = |&question: &u32| match question {
            GONE => GONE,
            question => before.questions[question as usize],
        };
        let kept: Vec<u32> = segment.questions.iter().map(since).collect();
        let mut is_there = vec![false; questions];
        for &question in kept.iter().filter(|&&question| question != GONE) {
            is_there[question as usize] = true;
        }
        let others: Vec<u32> = all.clone().filter(|&id| !is_there[id as usize]).collect();
        let gone = kept.len() + others.len() - questions;
        if (others.len() + gone) * QUESTIONS_FOR_ONE_MOVED > questions {
            return anew();
        }
        let segments = [kept, others].into_iter().filter(|segment| !segment.is_empty());
        Self { kept: Some(before), segments: segments.collect() }
    }

    /// The terms of one kind, by segment.
    pub(crate) fn fields(
        &self,
        kind: TermKind,
        rows: &Rows,
        lexicon: &Lexicon,
    ) -> Result<Vec<Field>, MatchingError> {
        let mut fields = Vec::with_capacity(self.segments.len());
        let mut segments = self.segments.iter();
        if let Some(Before { index, terms, .. }) = self.kept
            && segments.next().is_some()
        {
            let before = index.segments[0].fields.get(kind);
            fields.push(before.renamed(terms.get(kind), lexicon));
        }
        for questions in segments {
            fields.push(Field::write(questions, rows, lexicon)?);
        }
        Ok(fields)
    }
}

impl Postings {
    /// Puts together the segments of a plan; `ngrams` are those that the lexicon took in.
    pub(crate) fn new(
        plan: SegmentPlan<'_>,
        fields: Kinds<Vec<Field>>,
        ngrams: &Rows,
        lexicon: &Lexicon,
    ) -> Self {
        let Kinds { words, ngrams: of_ngrams, sounds } = fields;
        let fields = words.into_iter().zip(of_ngrams).zip(sounds);
        let fields = fields.map(|((words, ngrams), sounds)| Kinds { words, ngrams, sounds });
        let segments = plan.segments.into_iter().zip(fields);
        let segments = segments.map(|(questions, fields)| Segment { questions, fields });
        let factor = |length: usize| lexicon.saturation(length).of(1.0);
        Self {
            segments: segments.collect(),
            factors: ngrams.iter().map(|row| factor(row.terms.len())).collect(),
        }
    }

    /// How many segments there are.
    #[cfg(test)]
    pub(crate) fn segments(&self) -> usize {
        self.segments.len()
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
        sought.sort_unstable_by_key(|term| (term.document_frequency, term.kind, term.id));
        let documents = self.segments.iter().map(|segment| segment.questions.len()).sum();
        SCRATCH.with_borrow_mut(|scratch| {
            let Scratch { scores, touched, near } = scratch;
            if scores.len() < documents {
                scores.resize(documents, 0.0);
            }
            near.clear();
            let bringing = BRINGING_MIN + self.factors.len() / QUESTIONS_FOR_ONE;
            let mut rest = scores.as_mut_slice();
            for segment in &self.segments {
                let (scores, after) = rest.split_at_mut(segment.questions.len());
                rest = after;
                segment.add_up(sought, bringing, scores, touched);
                for document in touched.drain(..) {
                    let score = std::mem::take(&mut scores[document as usize]);
                    let question = segment.questions[document as usize];
                    if question != GONE && !gone.contains(&question) {
                        let factor = self.factors[question as usize];
                        near.push(Near { question, score: score * factor });
                    }
                }
            }
            keep_best(near, limit);
            take(near)
        })
    }
}

impl Segment {
    /// Adds up what the terms give to each document, rarest term first.
    fn add_up(
        &self,
        sought: &[Sought],
        bringing: usize,
        scores: &mut [f32],
        touched: &mut Vec<u32>,
    ) {
        let mut read = 0;
        for term in sought {
            let brings = read < bringing;
            read += term.document_frequency as usize;
            if !brings && read > bringing * ADDING_TIMES {
                break;
            }
            let Some(mut block) = self.fields.get(term.kind).read(term.id) else { continue };
            while block.block_len() > 0 {
                for &document in block.docs() {
                    let score = &mut scores[document as usize];
                    if *score > 0.0 {
                        *score += term.weight;
                    } else if brings {
                        *score = term.weight;
                        touched.push(document);
                    }
                }
                block.advance();
            }
        }
    }
}

impl Field {
    /// Writes the terms of the questions in the order of the list, each question a document.
    fn write(questions: &[u32], rows: &Rows, lexicon: &Lexicon) -> Result<Self, MatchingError> {
        let mut schema = Schema::builder();
        let field = schema.add_u64_field("terms", NumericOptions::default().set_indexed());
        let settings =
            IndexSettings { docstore_compress_dedicated_thread: false, ..IndexSettings::default() };
        // A single segment, written in one go, keeps document ids in the order of adding.
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
        Ok(Self { lists: lists(&reader, lexicon.len())?, reader })
    }

    /// The same with the names of now, told by those of before.
    fn renamed(&self, terms: &[u32], lexicon: &Lexicon) -> Self {
        let mut lists = vec![List::default(); lexicon.len()];
        for (&list, &term) in self.lists.iter().zip(terms).filter(|(_, term)| **term != NO_TERM) {
            lists[term as usize] = list;
        }
        Self { reader: self.reader.clone(), lists }
    }

    fn read(&self, term: u32) -> Option<BlockSegmentPostings> {
        let list = self.lists.get(term as usize)?;
        if list.documents == 0 {
            return None;
        }
        let info = list.info();
        let read = self.reader.read_block_postings_from_terminfo(&info, IndexRecordOption::Basic);
        Some(read.expect("an index in memory, just written, can be read"))
    }
}

impl List {
    /// `None` where there are more than four gigabytes of postings.
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

/// By id, where the postings lie of each of so many terms of a field.
fn lists(reader: &InvertedIndexReader, terms: usize) -> Result<Vec<List>, MatchingError> {
    let mut lists = vec![List::default(); terms];
    let mut there = reader.terms().stream().map_err(tantivy::TantivyError::from)?;
    while there.advance() {
        // A number is written so that its bytes sort as it does.
        let id = there.key().first_chunk().map_or(0, |bytes| u64::from_be_bytes(*bytes));
        let list = List::of(there.value()).ok_or(MatchingError::TooMuchText)?;
        lists[id as usize] = list;
    }
    Ok(lists)
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

impl std::fmt::Debug for Field {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Field").field("terms", &self.lists.len()).finish_non_exhaustive()
    }
}
