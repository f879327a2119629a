//! The terms and texts of the indexed questions, concatenated into a few long lists.

use super::lexicon::{Lexicon, TermRow};
use crate::matching::terms::{
    embeddings::Vector,
    kinds::Kinds,
    signals::{SignalReader, Signals},
};

/// The terms of one kind of all questions, one row for each question.
#[derive(Debug, Default)]
pub(crate) struct Rows {
    /// One row after the other. The terms of a row are sorted, and a repeated term is repeated.
    terms: Vec<u32>,
    /// By question, where its terms end.
    ends: Vec<u32>,
    /// By question, the total BM25 weight of its terms.
    totals: Vec<f32>,
}

impl Rows {
    /// Adds a question by the numbers of its terms.
    pub(crate) fn push(&mut self, terms: impl Iterator<Item = u32>) {
        self.terms.extend(terms);
        self.ends.push(self.terms.len() as u32);
    }

    /// Marks the numbers of terms that any question has.
    pub(crate) fn mark_used(&self, is_used: &mut [bool]) {
        for &term in &self.terms {
            is_used[term as usize] = true;
        }
    }

    /// Replaces the numbers of terms by their ids, once all questions are added. Then the lexicon
    /// counts the questions, and their terms are weighed.
    pub(crate) fn finish(&mut self, ids: &[u32], lexicon: &mut Lexicon) {
        let mut from = 0;
        for &end in &self.ends {
            let terms = &mut self.terms[from as usize..end as usize];
            for term in &mut *terms {
                *term = ids[*term as usize];
            }
            if !terms.is_sorted() {
                terms.sort_unstable();
            }
            from = end;
        }
        self.terms.shrink_to_fit();
        self.ends.shrink_to_fit();
        let all = 0..self.ends.len();
        lexicon.count_questions(all.clone().map(|question| self.terms(question)));
        self.totals = all.map(|question| lexicon.total(self.terms(question))).collect();
    }

    /// The rows of all questions, in their order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = TermRow<'_>> {
        (0..self.ends.len()).map(|question| self.row(question))
    }

    /// The row of a question.
    pub(crate) fn row(&self, question: usize) -> TermRow<'_> {
        TermRow { terms: self.terms(question), total: self.totals[question] }
    }

    fn terms(&self, question: usize) -> &[u32] {
        let from = question.checked_sub(1).map_or(0, |previous| self.ends[previous]);
        &self.terms[from as usize..self.ends[question] as usize]
    }

    /// Whether a question has a term.
    pub(crate) fn has(&self, question: u32, term: u32) -> bool {
        self.terms(question as usize).binary_search(&term).is_ok()
    }
}

/// The texts of all questions: their terms, cores, shapes and vectors.
#[derive(Debug, Default)]
pub(crate) struct QuestionTexts {
    pub(crate) rows: Kinds<Rows>,
    /// One core after the other.
    cores: String,
    /// By question, where its core ends.
    ends: Vec<u32>,
    shapes: Vec<Shape>,
    vectors: Vec<Vector>,
}

/// The properties of a text beside its terms.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Shape {
    pub(crate) signals: Signals,
    /// The length in characters.
    pub(crate) chars: u32,
}

impl Shape {
    pub(crate) fn of(core: &str, reader: &SignalReader) -> Self {
        Self { signals: reader.read(core), chars: core.chars().count() as u32 }
    }
}

/// The terms and the shape of one question.
#[derive(Clone, Copy, Debug)]
pub(crate) struct QuestionText<'t> {
    pub(crate) rows: Kinds<TermRow<'t>>,
    pub(crate) shape: Shape,
}

impl QuestionTexts {
    /// Adds a question by its core, the numbers of its terms, its shape and its vector.
    pub(crate) fn push(
        &mut self,
        core: &str,
        terms: Kinds<impl Iterator<Item = u32>>,
        shape: Shape,
        vector: Vector,
    ) {
        self.cores.push_str(core);
        self.ends.push(self.cores.len() as u32);
        self.rows.as_mut().zip(terms).map(|(rows, terms)| rows.push(terms));
        self.shapes.push(shape);
        self.vectors.push(vector);
    }

    /// Adds a question of earlier texts. The ids of the earlier terms are their numbers here.
    pub(crate) fn push_reused(&mut self, earlier: &Self, question: usize) {
        let rows = earlier.rows.as_ref().map(|rows| rows.terms(question));
        let terms = rows.map(|terms| terms.iter().copied());
        let (shape, vector) = (earlier.shapes[question], earlier.vectors[question]);
        self.push(earlier.core(question), terms, shape, vector);
    }

    /// Whether the lengths of the lists fit into 32-bit offsets.
    pub(crate) fn fits_offsets(&self) -> bool {
        let Kinds { words, ngrams, sounds } = self.rows.as_ref().map(|rows| rows.terms.len());
        [words, ngrams, sounds, self.cores.len()]
            .iter()
            .all(|&length| u32::try_from(length).is_ok())
    }

    /// Frees unused capacity, except that of the rows, which [`Rows::finish`] frees.
    pub(crate) fn shrink(&mut self) {
        self.cores.shrink_to_fit();
        self.ends.shrink_to_fit();
        self.shapes.shrink_to_fit();
        self.vectors.shrink_to_fit();
    }

    /// The core of a question, from which its terms were extracted.
    pub(crate) fn core(&self, question: usize) -> &str {
        let from = question.checked_sub(1).map_or(0, |previous| self.ends[previous]);
        self.cores.get(from as usize..self.ends[question] as usize).unwrap_or_default()
    }

    /// The terms and the shape of a question.
    pub(crate) fn text(&self, question: usize) -> QuestionText<'_> {
        QuestionText {
            rows: self.rows.as_ref().map(|rows| rows.row(question)),
            shape: self.shapes[question],
        }
    }

    /// The embedding of a question.
    pub(crate) fn vector(&self, question: u32) -> &Vector {
        &self.vectors[question as usize]
    }
}
