//! The postings of the questions, in a tantivy index in memory, and the search in them.
//!
//! tantivy compresses the postings of frequent terms (`field.rs`). The order of reading is ours, in the
//! manner of `MaxScore` (Turtle and Flood 1995): terms are read by rising document
//! frequency. The rarest ones are essential, as their postings admit questions to the candidates.
//! The others only add to the scores of admitted questions, and only within a budget, because the
//! ranker compares the candidates term by term anyway.
//!
//! After a change of few questions, the segment of the earlier index still serves the unchanged
//! ones, beside a small segment of the changed ones.

use std::{cell::RefCell, ops::Range};

use super::{
    field::Field,
    hits::{BestHits, Hit},
    lexicon::Lexicon,
    rows::Rows,
};
use crate::matching::{
    error::MatchingError,
    terms::kinds::{Kinds, TermKind},
};

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

/// The postings of an earlier index, and the new ids of its questions and terms.
#[derive(Debug)]
pub(crate) struct EarlierPostings<'a> {
    pub(crate) postings: &'a Postings,
    /// By earlier question id, the new id, or [`REMOVED`].
    pub(crate) questions: Vec<u32>,
    /// By earlier term id, the new id, or [`NO_TERM`](super::lexicon::NO_TERM). Ids of new terms
    /// may follow.
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

/// Memory for adding up scores, reused by each thread. Between queries all scores are zero.
#[derive(Default)]
struct Scratch {
    scores: Vec<f32>,
    touched: Vec<u32>,
    hits: BestHits,
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
            // Without branches on the scores, which no processor can predict.
            self.fields.get(term.kind).read(term.id, |documents| {
                if is_essential {
                    let mut count = touched.len();
                    touched.resize(count + documents.len(), 0);
                    for &document in documents {
                        let score = &mut scores[document as usize];
                        touched[count] = document;
                        count += usize::from(*score == 0.0);
                        *score += term.weight;
                    }
                    touched.truncate(count);
                } else {
                    for &document in documents {
                        let score = &mut scores[document as usize];
                        *score += if *score > 0.0 { term.weight } else { 0.0 };
                    }
                }
            });
        }
    }
}
