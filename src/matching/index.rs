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
    schema::{Field, IndexRecordOption, NumericOptions, Schema},
};

use super::{
    MatchingError,
    kinds::{Kind, Kinds},
    lexicon::{Lexicon, NO_TERM},
    question::Lexicons,
    rows::Texts,
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
pub(crate) struct QuestionIndex {
    /// The first has nearly all questions, a second those that changed since it was written.
    segments: Vec<Segment>,
    /// By question: what BM25 makes of a term's weight for the question's length.
    factors: Vec<f32>,
}

/// Questions that were written at one time, with a field for each kind of terms.
struct Segment {
    readers: Kinds<Arc<InvertedIndexReader>>,
    /// By the lexicon's id, where the postings of a term lie.
    lists: Kinds<Vec<List>>,
    /// By document, the question that it is of; [`GONE`] if that is not there any more.
    questions: Vec<u32>,
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
    pub(crate) index: &'a QuestionIndex,
    /// By earlier place, the place now, or [`GONE`].
    pub(crate) questions: Vec<u32>,
    /// By earlier id, the id now, or [`NO_TERM`].
    pub(crate) terms: Kinds<Vec<u32>>,
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
    /// Indexes the questions; those that an index before has are written again only where that
    /// would have to pass over too many others.
    pub(crate) fn build(
        texts: &Texts,
        lexicons: &Lexicons,
        before: Option<&Before<'_>>,
    ) -> Result<Self, MatchingError> {
        let all = 0..texts.len() as u32;
        let mut segments = Vec::new();
        if let Some(kept) = before.and_then(|before| Segment::kept(before, lexicons)) {
            let mut is_there = vec![false; texts.len()];
            for &question in kept.questions.iter().filter(|&&question| question != GONE) {
                is_there[question as usize] = true;
            }
            let others: Vec<u32> = all.clone().filter(|&id| !is_there[id as usize]).collect();
            let gone = kept.questions.len() - (texts.len() - others.len());
            if (others.len() + gone) * QUESTIONS_FOR_ONE_MOVED <= texts.len() {
                segments.push(kept);
                if !others.is_empty() {
                    segments.push(Segment::write(others, texts, lexicons)?);
                }
            }
        }
        if segments.is_empty() && !all.is_empty() {
            segments.push(Segment::write(all.clone().collect(), texts, lexicons)?);
        }
        let length = |question: u32| texts.text(question as usize).rows.runs.terms.len();
        let factor = |question| lexicons.runs.saturation(length(question)).of(1.0);
        Ok(Self { segments, factors: all.map(factor).collect() })
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
    /// The questions in the order of the list, each a document.
    fn write(
        questions: Vec<u32>,
        texts: &Texts,
        lexicons: &Lexicons,
    ) -> Result<Self, MatchingError> {
        let mut schema = Schema::builder();
        let indexed = NumericOptions::default().set_indexed();
        let mut field = |name| schema.add_u64_field(name, indexed.clone());
        let fields = Kinds { words: field("words"), runs: field("runs"), sounds: field("sounds") };
        let settings =
            IndexSettings { docstore_compress_dedicated_thread: false, ..IndexSettings::default() };
        // A single segment, written in one go, keeps document ids in the order of adding.
        let mut writer = Index::builder()
            .schema(schema.build())
            .settings(settings)
            .single_segment_index_writer(RamDirectory::create(), WRITER_BYTES)?;
        for &question in &questions {
            let mut document = TantivyDocument::default();
            texts.text(question as usize).rows.zip(fields).map(|(row, field)| {
                for same in row.terms.chunk_by(|one, next| one == next) {
                    document.add_u64(field, same[0].into());
                }
            });
            writer.add_document(document)?;
        }
        let searcher = writer.finalize()?.reader()?.searcher();
        let segment = searcher.segment_reader(0);
        let open = |(field, terms): (Field, usize)| {
            let reader = segment.inverted_index(field)?;
            let lists = lists(&reader, terms)?;
            Ok::<_, MatchingError>((reader, lists))
        };
        let sizes = lexicons.as_ref().map(Lexicon::len);
        let (readers, lists) = fields.zip(sizes).map(open).transpose()?.unzip();
        Ok(Self { readers, lists, questions })
    }

    /// The first segment of an index before, with the names of now.
    fn kept(before: &Before<'_>, lexicons: &Lexicons) -> Option<Self> {
        let segment = before.index.segments.first()?;
        let since = |&question: &u32| match question {
            GONE => GONE,
            question => before.questions[question as usize],
        };
        let lists = segment.lists.as_ref().zip(before.terms.as_ref()).zip(lexicons.as_ref());
        let lists = lists.map(|((lists, terms), lexicon)| {
            let mut moved = vec![List::default(); lexicon.len()];
            for (&list, &term) in lists.iter().zip(terms).filter(|(_, term)| **term != NO_TERM) {
                moved[term as usize] = list;
            }
            moved
        });
        let questions = segment.questions.iter().map(since).collect();
        Some(Self { readers: segment.readers.clone(), lists, questions })
    }

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
            read += term.spread as usize;
            if !brings && read > bringing * ADDING_TIMES {
                break;
            }
            let Some(mut block) = self.read(term.kind, term.id) else { continue };
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

    fn read(&self, kind: Kind, term: u32) -> Option<BlockSegmentPostings> {
        let list = self.lists.get(kind).get(term as usize)?;
        if list.documents == 0 {
            return None;
        }
        let reader = self.readers.get(kind);
        let read = reader.read_block_postings_from_terminfo(&list.info(), IndexRecordOption::Basic);
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
        let list = List::of(there.value()).ok_or(MatchingError::TooManyQuestions(terms))?;
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

impl std::fmt::Debug for Segment {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Segment").field("questions", &self.questions.len()).finish_non_exhaustive()
    }
}
