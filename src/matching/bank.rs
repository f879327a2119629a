//! All questions of a knowledge base, ready to be asked.

use std::collections::HashMap;

use super::{
    MatchingError,
    features::Features,
    index::QuestionIndex,
    question::{CountedTerms, Lexicons, Question, Role, Target, Terms, WeighedTerms},
    rank::Judged,
};
use crate::{
    knowledge::{KnowledgeBase, Status},
    text::{Segmenter, normalize},
};

/// How many questions are looked at closely. An entry has about ten wordings, so this keeps
/// some five entries in sight; the right one is nearly always among them.
const CANDIDATES: usize = 48;

/// The indexed questions, the words they are cut into and the index that finds them.
#[derive(Debug)]
pub(crate) struct QuestionBank {
    segmenter: Segmenter,
    lexicons: Lexicons,
    questions: Vec<Question>,
    index: QuestionIndex,
    /// The first question with this normalised text that asks for its target.
    by_text: HashMap<String, u32>,
}

impl QuestionBank {
    /// Indexes the questions of all live entries and the examples of all intents.
    pub(crate) fn build(base: &KnowledgeBase) -> Result<Self, MatchingError> {
        let dictionary = base.dictionary.iter().map(|entry| (entry.word.as_str(), entry.frequency));
        let segmenter = Segmenter::new(dictionary);
        let written = written_questions(base);
        u32::try_from(written.len()).map_err(|_| MatchingError::TooManyQuestions(written.len()))?;
        let mut lexicons = Lexicons::new();
        let terms: Vec<Terms<'_>> =
            written.iter().map(|one| Terms::of(&one.normalized, &segmenter)).collect();
        terms.iter().for_each(|terms| lexicons.add(terms));
        let counted: Vec<CountedTerms> = terms.iter().map(|terms| lexicons.count(terms)).collect();
        let index = QuestionIndex::build(terms)?;
        let mut by_text = HashMap::new();
        let mut questions = Vec::with_capacity(written.len());
        for (Written { target, role, wording, normalized }, counted) in
            written.into_iter().zip(counted)
        {
            if role != Role::Not {
                by_text.entry(normalized.clone()).or_insert(questions.len() as u32);
            }
            let weighed = lexicons.weigh(&counted, &[]);
            questions.push(Question { target, role, wording, counted, weighed });
        }
        Ok(Self { segmenter, lexicons, questions, index, by_text })
    }

    /// The questions, in the order of the knowledge base.
    pub(crate) fn questions(&self) -> &[Question] {
        &self.questions
    }

    /// Cuts a normalised text.
    pub(crate) fn cut<'a>(&self, normalized: &'a str) -> Terms<'a> {
        Terms::of(normalized, &self.segmenter)
    }

    /// Counts and weighs a text that was cut.
    pub(crate) fn weigh(&self, terms: &Terms<'_>) -> WeighedTerms {
        self.lexicons.weigh(&self.lexicons.count(terms), &[])
    }

    /// The question of this normalised text, if there is one.
    pub(crate) fn equal_to(&self, normalized: &str) -> Option<u32> {
        self.by_text.get(normalized).copied()
    }

    /// Finds the questions nearest to a text, and measures each of them.
    pub(crate) fn judge(
        &self,
        terms: &Terms<'_>,
        weighed: &WeighedTerms,
        equal: Option<u32>,
    ) -> Vec<Judged> {
        let mut near = self.index.nearest(terms, &self.lexicons, CANDIDATES);
        if let Some(equal) = equal.filter(|equal| !near.contains(equal)) {
            near.push(equal);
        }
        near.into_iter().map(|question| self.judge_one(weighed, question)).collect()
    }

    /// Asks a held-out question as if the `forgotten` ones, itself among them, were not there.
    pub(crate) fn judge_without(&self, held_out: u32, forgotten: &[u32]) -> Vec<Judged> {
        let gone: Vec<&Question> =
            forgotten.iter().map(|&id| &self.questions[id as usize]).collect();
        let question = &self.questions[held_out as usize];
        let normalized = normalize(&question.wording).into_string();
        let terms = self.cut(&normalized);
        let weighed = self.lexicons.weigh(&question.counted, &gone);
        self.index
            .nearest(&terms, &self.lexicons, CANDIDATES + gone.len())
            .into_iter()
            .filter(|id| !forgotten.contains(id))
            .take(CANDIDATES)
            .map(|id| self.judge_one(&weighed, id))
            .collect()
    }

    fn judge_one(&self, weighed: &WeighedTerms, question: u32) -> Judged {
        let features = Features::between(weighed, &self.questions[question as usize].weighed);
        Judged::new(question, features)
    }
}

/// A question as it stands in the files.
struct Written {
    target: Target,
    role: Role,
    wording: String,
    normalized: String,
}

fn written_questions(base: &KnowledgeBase) -> Vec<Written> {
    let mut written = Vec::new();
    let mut add = |target, role, wording: &str| {
        let normalized = normalize(wording).into_string();
        // A question of punctuation alone can find nothing.
        if !normalized.is_empty() {
            written.push(Written { target, role, wording: wording.to_owned(), normalized });
        }
    };
    for (place, entry) in base.entries.iter().enumerate() {
        if entry.status == Status::Live {
            let target = Target::Entry(place);
            add(target, Role::Standard, &entry.standard_question);
            entry.similar_questions.iter().for_each(|text| add(target, Role::Similar, text));
            entry.not.iter().for_each(|text| add(target, Role::Not, text));
        }
    }
    for (place, intent) in base.intents.iter().enumerate() {
        let target = Target::Intent(place);
        intent.examples.iter().for_each(|text| add(target, Role::Similar, text));
    }
    written
}
