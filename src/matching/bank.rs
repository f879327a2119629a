//! All questions of a knowledge base, ready to be asked.

use std::{collections::HashMap, ops::Range};

use super::{
    MatchingError,
    features::Features,
    index::TextIndex,
    question::{CountedTerms, Lexicons, Question, Role, Target, Terms, WeighedTerms, is_stop_word},
    rank::Judged,
    synonyms::Cores,
    topic::{Asking, EntryFit, HoldOut, TopicTexts, Topics},
};
use crate::knowledge::{KnowledgeBase, Status};
use crate::text::{Segmenter, normalize};

/// How many questions are looked at closely. An entry has about ten wordings, so this keeps
/// some five entries in sight; the right one is nearly always among them.
const CANDIDATES: usize = 48;

/// How many entries and intents are looked at beside those of the candidate questions: the
/// right one may share a word with each of its wordings and much with none.
const CANDIDATE_TOPICS: usize = 16;

/// How many shared words are named: enough to see why two questions are taken for one.
const SHARED_WORDS_MAX: usize = 3;

/// The indexed questions, the words they are cut into and the index that finds them.
#[derive(Debug)]
pub(crate) struct QuestionBank {
    cores: Cores,
    segmenter: Segmenter,
    lexicons: Lexicons,
    questions: Vec<Question>,
    index: TextIndex,
    /// Its texts are all questions of a target together, in the order of `firsts`.
    topic_index: TextIndex,
    /// The first question of each target.
    firsts: Vec<u32>,
    topics: Topics,
    equals: Equals,
}

/// Questions that ask for their target, by their whole text.
#[derive(Debug, Default)]
struct Equals {
    by_text: HashMap<String, (u32, Target)>,
    /// `None` where questions of several targets differ in courtesies or synonyms alone.
    by_core: HashMap<String, Option<(u32, Target)>>,
}

impl Equals {
    fn add(&mut self, id: u32, one: &Written) {
        self.by_text.entry(one.normalized.clone()).or_insert((id, one.target));
        let by_core = self.by_core.entry(one.core.clone()).or_insert(Some((id, one.target)));
        if by_core.is_some_and(|(_, target)| target != one.target) {
            *by_core = None;
        }
    }
}

/// An utterance ready to be compared with the questions.
#[derive(Debug)]
pub(crate) struct Asked<'a> {
    pub(crate) terms: Terms<'a>,
    weighed: WeighedTerms,
    asking: Asking,
}

impl QuestionBank {
    /// Indexes the questions of all live entries and the examples of all intents.
    pub(crate) fn build(base: &KnowledgeBase) -> Result<Self, MatchingError> {
        let dictionary = base.dictionary.iter().map(|one| (one.word.as_str(), one.frequency));
        let segmenter = Segmenter::new(dictionary);
        let cores = Cores::new(&base.synonyms);
        let written = written_questions(base, &cores);
        u32::try_from(written.len()).map_err(|_| MatchingError::TooManyQuestions(written.len()))?;
        let mut lexicons = Lexicons::default();
        let terms: Vec<Terms<'_>> =
            written.iter().map(|one| Terms::of(&one.core, &segmenter)).collect();
        for terms in &terms {
            lexicons.add(terms);
        }
        let answers: Vec<Option<CountedTerms>> = base
            .entries
            .iter()
            .map(|entry| lexicons.count_answer(entry, &cores, &segmenter))
            .collect();
        let counted: Vec<CountedTerms> = terms.iter().map(|terms| lexicons.count(terms)).collect();
        let (firsts, of_topics) = together(&written, &terms);
        let topic_index = TextIndex::build(of_topics)?;
        let index = TextIndex::build(terms)?;
        let mut equals = Equals::default();
        let mut questions = Vec::with_capacity(written.len());
        for (one, counted) in written.into_iter().zip(counted) {
            if one.role != Role::Not {
                equals.add(questions.len() as u32, &one);
            }
            let weighed = lexicons.weigh(&counted, &[]);
            let Written { target, role, wording, core, .. } = one;
            questions.push(Question { target, role, wording, core, counted, weighed });
        }
        let topics = gather_topics(base, &questions, &answers);
        Ok(Self {
            cores,
            segmenter,
            lexicons,
            questions,
            index,
            topic_index,
            firsts,
            topics,
            equals,
        })
    }

    /// The questions; those of one target stand together.
    pub(crate) fn questions(&self) -> &[Question] {
        &self.questions
    }

    /// What cuts texts into words, with those of the knowledge base.
    pub(crate) fn segmenter(&self) -> &Segmenter {
        &self.segmenter
    }

    /// What takes the core of texts, as it was taken of the questions.
    pub(crate) fn cores(&self) -> &Cores {
        &self.cores
    }

    /// Cuts and weighs a core text.
    pub(crate) fn ask<'a>(&self, core: &'a str) -> Asked<'a> {
        let terms = Terms::of(core, &self.segmenter);
        let counted = self.lexicons.count(&terms);
        let weighed = self.lexicons.weigh(&counted, &[]);
        Asked { terms, weighed, asking: self.topics.ask(&counted, None) }
    }

    /// The question that is the utterance, word for word or but for courtesies and common
    /// synonyms, if there is just one such target.
    pub(crate) fn equal_to(&self, normalized: &str, core: &str) -> Option<u32> {
        let by_text = self.equals.by_text.get(normalized);
        let question = by_text.or_else(|| self.equals.by_core.get(core)?.as_ref());
        question.map(|&(id, _)| id)
    }

    /// The questions that are looked at closely for an utterance.
    pub(crate) fn near(&self, asked: &Asked<'_>) -> Vec<u32> {
        let mut near = self.index.nearest(&asked.terms, &self.lexicons, CANDIDATES);
        self.add_topics(asked, &mut near);
        near
    }

    /// Adds a question of each of the nearest targets that have none among the candidates.
    fn add_topics(&self, asked: &Asked<'_>, near: &mut Vec<u32>) {
        let target = |id: u32| self.questions[id as usize].target;
        let mut there: Vec<Target> = near.iter().map(|&id| target(id)).collect();
        there.sort_unstable();
        let topics = self.topic_index.nearest(&asked.terms, &self.lexicons, CANDIDATE_TOPICS);
        let firsts = topics.into_iter().map(|topic| self.firsts[topic as usize]);
        near.extend(firsts.filter(|&first| there.binary_search(&target(first)).is_err()));
    }

    /// Finds the questions nearest to an utterance, and measures each of them.
    pub(crate) fn judge(&self, asked: &Asked<'_>, equal: Option<u32>) -> Vec<Judged> {
        let mut near = self.near(asked);
        if let Some(equal) = equal.filter(|equal| !near.contains(equal)) {
            near.push(equal);
        }
        self.judge_all(asked, near)
    }

    /// Asks a question as if it, or its whole target, were not there.
    pub(crate) fn judge_held_out(&self, question: u32, hold_out: HoldOut) -> Vec<Judged> {
        let held = &self.questions[question as usize];
        let gone = match hold_out {
            HoldOut::Question => question..question + 1,
            HoldOut::Target => self.of_target(held.target),
        };
        let forgotten: Vec<&Question> =
            gone.clone().map(|id| &self.questions[id as usize]).collect();
        let asked = Asked {
            terms: Terms::of(&held.core, &self.segmenter),
            weighed: self.lexicons.weigh(&held.counted, &forgotten),
            asking: self.topics.ask(&held.counted, Some((held.target, hold_out))),
        };
        let mut near = self.index.nearest(&asked.terms, &self.lexicons, CANDIDATES + gone.len());
        near.retain(|id| !gone.contains(id));
        near.truncate(CANDIDATES);
        self.add_topics(&asked, &mut near);
        near.retain(|id| !gone.contains(id));
        self.judge_all(&asked, near)
    }

    /// Words that two questions have in common, the rarest first, without those inside of
    /// others; pairs of characters when they have no word in common. At most three.
    pub(crate) fn shared_words(&self, one: u32, other: u32) -> Vec<String> {
        let terms = |id: u32| Terms::of(&self.questions[id as usize].core, &self.segmenter);
        let (one, other) = (terms(one), terms(other));
        let words =
            one.words.iter().filter(|word| !is_stop_word(word) && other.words.contains(word));
        let mut shared: Vec<(u32, &str)> =
            words.map(|&word| (self.lexicons.words.spread(word), word)).collect();
        if shared.is_empty() {
            let pairs = one.runs.iter().filter(|run| run.chars().nth(1).is_some());
            let pairs = pairs.filter(|run| other.runs.contains(run));
            shared = pairs.map(|&run| (self.lexicons.runs.spread(run), run)).collect();
        }
        shared.sort_unstable();
        shared.dedup();
        let is_inside =
            |word: &str| shared.iter().any(|(_, longer)| *longer != word && longer.contains(word));
        let whole = shared.iter().filter(|(_, word)| !is_inside(word));
        whole.take(SHARED_WORDS_MAX).map(|(_, word)| (*word).to_owned()).collect()
    }

    /// The questions of a target, which stand together.
    pub(crate) fn of_target(&self, target: Target) -> Range<u32> {
        let end_of = |end: &dyn Fn(Target) -> bool| {
            self.questions.partition_point(|question| end(question.target)) as u32
        };
        end_of(&|other| other < target)..end_of(&|other| other <= target)
    }

    fn judge_all(&self, asked: &Asked<'_>, mut near: Vec<u32>) -> Vec<Judged> {
        near.sort_unstable(); // brings the questions of a topic together
        let mut of_target: Option<(Target, EntryFit)> = None;
        let mut judged = Vec::with_capacity(near.len());
        for id in near {
            let question = &self.questions[id as usize];
            let entry = match of_target {
                Some((target, fit)) if target == question.target => fit,
                Some(_) | None => self.topics.fit(&asked.asking, question.target),
            };
            of_target = Some((question.target, entry));
            let features = Features::between(&asked.weighed, &question.weighed, entry);
            judged.push(Judged::new(id, features));
        }
        judged
    }
}

/// All terms of each target's questions, and the place of the first of these.
fn together<'a>(written: &[Written], terms: &[Terms<'a>]) -> (Vec<u32>, Vec<Terms<'a>>) {
    let mut firsts: Vec<u32> = Vec::new();
    let mut of_topics: Vec<Terms<'a>> = Vec::new();
    for ((one, terms), place) in written.iter().zip(terms).zip(0..) {
        if one.role == Role::Not {
            continue;
        }
        let is_same =
            firsts.last().is_some_and(|&first| written[first as usize].target == one.target);
        if let Some(topic) = of_topics.last_mut().filter(|_| is_same) {
            topic.words.extend(&terms.words);
            topic.runs.extend(&terms.runs);
        } else {
            firsts.push(place);
            of_topics.push(terms.clone());
        }
    }
    (firsts, of_topics)
}

/// Each target's questions, which stand together, and its answer.
fn gather_topics(
    base: &KnowledgeBase,
    questions: &[Question],
    answers: &[Option<CountedTerms>],
) -> Topics {
    let mut topics = Topics::new(base.entries.len(), base.intents.len());
    for of_target in questions.chunk_by(|one, next| one.target == next.target) {
        let target = of_target[0].target;
        let of_role = |role| {
            let asking = of_target.iter().filter(move |question| question.role == role);
            asking.map(|question| &question.counted)
        };
        let answer = match target {
            Target::Entry(place) => answers[place].as_ref(),
            Target::Intent(_) => None,
        };
        let standard = of_role(Role::Standard).next();
        topics.add(
            target,
            &TopicTexts { standard, similar: of_role(Role::Similar).collect(), answer },
        );
    }
    topics.finish();
    topics
}

/// A question as it stands in the files.
struct Written {
    target: Target,
    role: Role,
    wording: String,
    normalized: String,
    core: String,
}

fn written_questions(base: &KnowledgeBase, cores: &Cores) -> Vec<Written> {
    let mut written = Vec::new();
    let mut add = |target, role, wording: &str| {
        let normalized = normalize(wording).into_string();
        // A question of punctuation alone can find nothing.
        if !normalized.is_empty() {
            let (core, wording) = (cores.core(&normalized), wording.to_owned());
            written.push(Written { target, role, wording, normalized, core });
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
