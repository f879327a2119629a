//! The questions of a knowledge base with few wordings, as vectors of the second encoder.

use std::{collections::HashMap, sync::Arc};

use crate::knowledge::{KnowledgeBase, MatchBy, Status};
use crate::matching::{
    encoder::{Encoder, SentenceVector},
    target::{IndexedQuestion, QuestionRole},
};
use crate::parallel::Threads;
use crate::text::normalize;

/// An entry with at most so many wordings has few.
const FEW_WORDINGS: usize = 4;

/// With more questions than this no vectors are made: they would take longer than all else at a
/// start, about a second for each thousand, and ten megabytes.
const QUESTIONS_MAX: usize = 20_000;

/// Whether the second encoder is asked for this knowledge base: at least half of its ranked
/// entries have few wordings. With more of them the encoder adds nothing that was measured.
pub(crate) fn has_few_wordings(base: &KnowledgeBase) -> bool {
    let ranked = base
        .entries
        .iter()
        .filter(|entry| entry.status == Status::Live && matches!(entry.match_by, MatchBy::Smart));
    let counts: Vec<usize> = ranked.map(|entry| entry.questions().count()).collect();
    let few = counts.iter().filter(|count| **count <= FEW_WORDINGS).count();
    let examples: usize = base.intents.iter().map(|intent| intent.examples.len()).sum();
    let is_small = counts.iter().sum::<usize>() + examples <= QUESTIONS_MAX;
    !counts.is_empty() && 2 * few >= counts.len() && is_small
}

/// The vectors of all questions, and the encoder that made them.
#[derive(Debug)]
pub(crate) struct EncodedQuestions {
    encoder: Arc<Encoder>,
    /// By question id; `None` for a `not` line.
    vectors: Vec<Option<SentenceVector>>,
}

impl EncodedQuestions {
    /// Encodes the questions of a base. Wordings of an earlier base keep their vectors.
    pub(crate) fn build(
        base: &KnowledgeBase,
        questions: &[IndexedQuestion],
        encoder: Arc<Encoder>,
        earlier: Option<(&KnowledgeBase, &[IndexedQuestion], &Self)>,
        threads: Threads,
    ) -> Self {
        let earlier = earlier.filter(|(_, _, encoded)| encoded.encoder == encoder);
        let known: HashMap<&str, &SentenceVector> = earlier
            .into_iter()
            .flat_map(|(base, questions, encoded)| {
                let vectors = questions.iter().zip(&encoded.vectors);
                vectors.filter_map(move |(one, vector)| Some((one.wording(base), vector.as_ref()?)))
            })
            .collect();
        let vectors = threads.map(questions, |question| {
            let wording = question.wording(base);
            (question.role != QuestionRole::Not).then(|| match known.get(wording) {
                Some(&vector) => vector.clone(),
                None => encoder.sentence(normalize(wording).as_str()),
            })
        });
        Self { encoder, vectors }
    }

    /// The vector of a normalised utterance.
    pub(crate) fn sentence(&self, normalized: &str) -> SentenceVector {
        self.encoder.sentence(normalized)
    }

    /// The vector of a question; `None` for a `not` line.
    pub(crate) fn question(&self, id: u32) -> Option<&SentenceVector> {
        self.vectors[id as usize].as_ref()
    }

    /// The largest cosine to one of these questions; 0 without one.
    pub(crate) fn nearest(
        &self,
        vector: &SentenceVector,
        questions: impl Iterator<Item = u32>,
    ) -> f32 {
        let vectors = questions.filter_map(|id| self.question(id));
        vectors.map(|one| vector.cosine(one)).reduce(f32::max).unwrap_or(0.0)
    }
}
