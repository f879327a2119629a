//! The indexed questions' texts, all in a few long lists: what an utterance is compared with.

use super::lexicon::{Lexicon, TermRow};
use crate::matching::terms::{embeddings::Vector, kinds::Kinds, signals::Signals};

/// Lists of terms of one kind, one for each question.
#[derive(Debug, Default)]
pub(crate) struct Rows {
    /// Of one question after the other. Those of one question are sorted, and a term is there
    /// as often as the question has it.
    terms: Vec<u32>,
    /// By question, where its terms end.
    ends: Vec<u32>,
    /// By question, what its terms weigh together.
    totals: Vec<f32>,
}

impl Rows {
    /// Adds a question.
    pub(crate) fn push(&mut self, terms: impl Iterator<Item = u32>) {
        self.terms.extend(terms);
        self.ends.push(self.terms.len() as u32);
    }

    /// Notes which numbers of terms are used.
    pub(crate) fn mark_used(&self, is_used: &mut [bool]) {
        for &term in &self.terms {
            is_used[term as usize] = true;
        }
    }

    /// When all are there: gives the terms their ids in place of their numbers, and weighs them
    /// with the lexicon, which takes them in.
    pub(crate) fn settle(&mut self, ids: &[u32], lexicon: &mut Lexicon) {
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
        lexicon.take_in(all.clone().map(|question| self.terms(question)));
        self.totals = all.map(|question| lexicon.total(self.terms(question))).collect();
    }

    /// The terms of all questions, in their order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = TermRow<'_>> {
        (0..self.ends.len()).map(|question| self.row(question))
    }

    /// The terms of a question.
    pub(crate) fn row(&self, question: usize) -> TermRow<'_> {
        TermRow { terms: self.terms(question), total: self.totals[question] }
    }

    fn terms(&self, question: usize) -> &[u32] {
        let from = question.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.terms[from as usize..self.ends[question] as usize]
    }

    /// Whether a question has a term.
    pub(crate) fn has(&self, question: u32, term: u32) -> bool {
        self.terms(question as usize).binary_search(&term).is_ok()
    }
}

/// What is known of the texts of all questions.
#[derive(Debug, Default)]
pub(crate) struct QuestionTexts {
    pub(crate) rows: Kinds<Rows>,
    /// The core of one question after the other.
    cores: String,
    /// By question, where its core ends.
    ends: Vec<u32>,
    shapes: Vec<Shape>,
    vectors: Vec<Vector>,
}

/// What is known of a text beside its terms.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Shape {
    pub(crate) signals: Signals,
    /// How many characters it has.
    pub(crate) chars: u32,
}

impl Shape {
    pub(crate) fn of(core: &str) -> Self {
        Self { signals: Signals::of(core), chars: core.chars().count() as u32 }
    }
}

/// One question's text.
#[derive(Clone, Copy, Debug)]
pub(crate) struct QuestionText<'t> {
    pub(crate) rows: Kinds<TermRow<'t>>,
    pub(crate) shape: Shape,
}

impl QuestionTexts {
    /// Adds a question: its core, the numbers of its terms, and what else is known of it.
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

    /// Adds a question of other texts, whose terms have their ids there as numbers.
    pub(crate) fn push_again(&mut self, before: &Self, question: usize) {
        let rows = before.rows.as_ref().map(|rows| rows.terms(question));
        let terms = rows.map(|terms| terms.iter().copied());
        let (shape, vector) = (before.shapes[question], before.vectors[question]);
        self.push(before.core(question), terms, shape, vector);
    }

    /// Whether the places in the long lists fit into their numbers.
    pub(crate) fn can_be_counted(&self) -> bool {
        let Kinds { words, ngrams, sounds } = self.rows.as_ref().map(|rows| rows.terms.len());
        [words, ngrams, sounds, self.cores.len()]
            .iter()
            .all(|&length| u32::try_from(length).is_ok())
    }

    /// Gives back what adding took too much, but for the rows, which are settled one by one.
    pub(crate) fn shrink(&mut self) {
        self.cores.shrink_to_fit();
        self.ends.shrink_to_fit();
        self.shapes.shrink_to_fit();
        self.vectors.shrink_to_fit();
    }

    /// What a question's terms were taken from.
    pub(crate) fn core(&self, question: usize) -> &str {
        let from = question.checked_sub(1).map_or(0, |before| self.ends[before]);
        self.cores.get(from as usize..self.ends[question] as usize).unwrap_or_default()
    }

    /// What is compared with an utterance.
    pub(crate) fn text(&self, question: usize) -> QuestionText<'_> {
        QuestionText {
            rows: self.rows.as_ref().map(|rows| rows.row(question)),
            shape: self.shapes[question],
        }
    }

    /// What a question means.
    pub(crate) fn vector(&self, question: u32) -> &Vector {
        &self.vectors[question as usize]
    }
}
