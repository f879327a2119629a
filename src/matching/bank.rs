//! All questions of a knowledge base, ready to be asked.

use std::{ops::Range, sync::Arc};

use super::{
    MatchingError, StaticTable,
    equals::{Equal, Equals},
    features::{Features, OfEntry},
    index::{Kind, QuestionIndex, Sought},
    lexicon::Lexicon,
    question::{CountedTerms, Lexicons, Question, Role, Target, Terms, WeighedTerms, answer_core},
    rank::Judged,
    served::nearest_kept,
    synonyms::Cores,
    table::{DIMENSIONS, Vector},
    topic::{Asking, Fits, HoldOut, TopicTexts, Topics, TopicsBuilder, best},
    weights::Weights,
};
use crate::knowledge::{KnowledgeBase, MatchBy, Status};
use crate::parallel::Threads;
use crate::text::{Segmenter, normalize};

/// How many questions are looked at closely. An entry has about ten wordings, so this keeps
/// some five entries in sight; the right one is nearly always among them.
const CANDIDATES: usize = 48;

/// How many entries and intents are looked at beside those of the candidate questions: the
/// right one may share a word with each of its wordings and much with none.
const CANDIDATES_BY_FIT: usize = 16;

/// How many are looked at because they mean nearly the same, whatever words they share.
const CANDIDATES_BY_MEANING: usize = 8;

/// With more entries and intents than this, none is looked for by meaning alone: comparing
/// with all of them would take longer than all the rest.
const SCANNED_MAX: usize = 16_384;

/// How many shared words are named: enough to see why two questions are taken for one.
const SHARED_WORDS_MAX: usize = 3;

/// The indexed questions, the words they are cut into and the index that finds them.
#[derive(Debug)]
pub(crate) struct QuestionBank {
    cores: Cores,
    segmenter: Segmenter,
    lexicons: Lexicons,
    table: Arc<StaticTable>,
    questions: Vec<Question>,
    index: QuestionIndex,
    topics: Topics,
    /// By topic: its questions that ask for it.
    asking: Vec<Range<u32>>,
    /// By topic: where its questions lie together.
    centres: Vec<Vector>,
    equals: Equals,
}

/// An utterance ready to be compared with the questions.
#[derive(Debug)]
pub(crate) struct Asked<'a> {
    pub(crate) terms: Terms<'a>,
    counted: CountedTerms,
    weighed: WeighedTerms,
    asking: Asking,
    vector: Vector,
    /// Questions that are thought absent.
    gone: Range<u32>,
}

/// What is looked at closely for an utterance.
struct Sight {
    questions: Vec<u32>,
    fits: Fits,
}

impl QuestionBank {
    /// Indexes the questions of all live entries that are found by likeness, and the examples
    /// of all intents.
    pub(crate) fn build(
        base: &KnowledgeBase,
        table: Arc<StaticTable>,
        threads: Threads,
    ) -> Result<Self, MatchingError> {
        let dictionary = base.dictionary.iter().map(|one| (one.word.as_str(), one.frequency));
        let segmenter = Segmenter::new(dictionary);
        let cores = Cores::new(&base.synonyms);
        let written = written_questions(base, &cores, threads);
        u32::try_from(written.len()).map_err(|_| MatchingError::TooManyQuestions(written.len()))?;
        let terms = threads.map(&written, |one| Terms::of(&one.core, &segmenter));
        let answers = threads.map(&base.entries, |entry| answer_core(entry, &cores));
        let answers = threads
            .map(&answers, |core| core.as_ref().map(|core| Terms::of_answer(core, &segmenter)));
        let mut lexicons = Lexicons::default();
        let counted: Vec<CountedTerms> = terms.iter().map(|terms| lexicons.add(terms)).collect();
        let answers: Vec<Option<CountedTerms>> = answers
            .iter()
            .map(|terms| terms.as_ref().map(|terms| lexicons.add_answer(terms)))
            .collect();
        let measure = |threads: Threads| {
            let both: Vec<_> = terms.iter().zip(&counted).collect();
            threads
                .map(&both, |(terms, counted)| (lexicons.weigh(counted, &[]), table.vector(terms)))
        };
        let (measured, index) = threads.both(measure, || QuestionIndex::build(&terms, &lexicons));
        let index = index?;
        let mut equals = Equals::default();
        let mut questions = Vec::with_capacity(written.len());
        for (one, (weighed, vector)) in written.into_iter().zip(measured) {
            if one.role != Role::Not {
                let equal = Equal::Ranked(questions.len() as u32);
                equals.add(&one.normalized, &one.core, one.target, equal);
            }
            let Written { target, role, wording, core, .. } = one;
            questions.push(Question { target, role, wording, core, weighed, vector });
        }
        equals.add_fixed(base, &cores);
        let topics = gather_topics(base, &questions, &counted, &answers, lexicons.runs.len());
        let asking = asking_ranges(&questions, &topics, base.entries.len() + base.intents.len());
        let vectors = |range: &Range<u32>| range.clone().map(|id| &questions[id as usize].vector);
        let centres = asking.iter().map(|range| centre(vectors(range))).collect();
        Ok(Self {
            cores,
            segmenter,
            lexicons,
            table,
            questions,
            index,
            topics,
            asking,
            centres,
            equals,
        })
    }

    /// The questions; those of one target stand together.
    pub(crate) fn questions(&self) -> &[Question] {
        &self.questions
    }

    /// The table that it was built with.
    pub(crate) fn table(&self) -> &Arc<StaticTable> {
        &self.table
    }

    /// What cuts texts into words, with those of the knowledge base.
    pub(crate) fn segmenter(&self) -> &Segmenter {
        &self.segmenter
    }

    /// What takes the core of texts, as it was taken of the questions.
    pub(crate) fn cores(&self) -> &Cores {
        &self.cores
    }

    /// Cuts a core text as the questions were cut.
    pub(crate) fn terms<'a>(&self, core: &'a str) -> Terms<'a> {
        Terms::of(core, &self.segmenter)
    }

    /// Cuts and weighs a core text.
    pub(crate) fn ask<'a>(&self, core: &'a str) -> Asked<'a> {
        let terms = self.terms(core);
        let counted = self.lexicons.count(&terms);
        let weighed = self.lexicons.weigh(&counted, &[]);
        let asking = self.topics.ask(&counted, None);
        let vector = self.table.vector(&terms);
        Asked { terms, counted, weighed, asking, vector, gone: 0..0 }
    }

    /// The questions by their whole text.
    pub(crate) fn equals(&self) -> &Equals {
        &self.equals
    }

    /// The questions that are looked at closely for an utterance among what is served, nearest
    /// first by the terms that they share, then those of entries that are near as wholes.
    pub(crate) fn near(
        &self,
        asked: &Asked<'_>,
        is_served: impl Fn(Target) -> bool + Copy,
    ) -> Vec<u32> {
        self.sight(asked, is_served).questions
    }

    /// The questions that share most with an utterance, at most `limit`, best first.
    pub(crate) fn nearest(&self, asked: &Asked<'_>, limit: usize) -> Vec<u32> {
        let mut sought = self.sought(asked);
        self.index.nearest(&mut sought, limit, &asked.gone, |near| {
            near.iter().map(|near| near.question).collect()
        })
    }

    fn sight(&self, asked: &Asked<'_>, is_served: impl Fn(Target) -> bool + Copy) -> Sight {
        let target = |id: u32| self.questions[id as usize].target;
        let mut questions = nearest_kept(
            CANDIDATES,
            |limit| self.nearest(asked, limit),
            |id| is_served(target(id)),
        );
        let mut seen: Vec<usize> = questions.iter().map(|&id| self.topic_of(id)).collect();
        let fits = self.topics.fits(&asked.asking);
        let is_kept = |topic: usize| {
            let mut there = self.asking[topic].clone();
            there.next().is_some_and(|id| is_served(target(id)))
        };
        let mut topics = fits.best(CANDIDATES_BY_FIT, is_kept);
        if self.centres.len() <= SCANNED_MAX {
            let cosines = asked.vector.cosines(&self.centres);
            topics.extend(best(&cosines, CANDIDATES_BY_MEANING, is_kept));
        }
        for topic in topics {
            if !seen.contains(&topic) {
                seen.push(topic);
                questions.extend(self.nearest_in_meaning(asked, topic));
            }
        }
        Sight { questions, fits }
    }

    /// Of a topic's questions the one that means most nearly the same.
    fn nearest_in_meaning(&self, asked: &Asked<'_>, topic: usize) -> Option<u32> {
        let there = self.asking[topic].clone().filter(|id| !asked.gone.contains(id));
        let meanings = asked.vector.cosines(there.clone().map(|id| self.vector(id)));
        let nearest = there
            .zip(meanings)
            .max_by(|(one, near), (other, nearer)| near.total_cmp(nearer).then(other.cmp(one)));
        nearest.map(|(id, _)| id)
    }

    fn vector(&self, question: u32) -> &Vector {
        &self.questions[question as usize].vector
    }

    /// The terms of an utterance to look for. A pair of sounds is looked for only where no
    /// question has the characters themselves: there one may have been mistyped.
    fn sought(&self, asked: &Asked<'_>) -> Vec<Sought> {
        let Lexicons { words, runs, sounds } = &self.lexicons;
        let CountedTerms { words: of_words, runs: of_runs, sounds: of_sounds, .. } = &asked.counted;
        let mut sought = Vec::with_capacity(of_words.known.len() + of_runs.known.len() + 8);
        for known in &of_words.known {
            let (spread, weight) = (words.spread(known.id), words.rarity(known.id));
            sought.push(Sought { kind: Kind::Words, id: known.id, spread, weight });
        }
        for known in &of_runs.known {
            let (spread, weight) = (runs.spread(known.id), runs.rarity(known.id));
            sought.push(Sought { kind: Kind::Runs, id: known.id, spread, weight });
        }
        if of_runs.unknown > 0 {
            for known in &of_sounds.known {
                let (spread, weight) = (sounds.spread(known.id), sounds.rarity(known.id));
                sought.push(Sought { kind: Kind::Sounds, id: known.id, spread, weight });
            }
        }
        sought.retain(|term| term.spread > 0);
        sought
    }

    /// Finds the questions nearest to an utterance among what is served, and measures each.
    pub(crate) fn judge(
        &self,
        asked: &Asked<'_>,
        equal: Option<u32>,
        weights: &Weights,
        is_served: impl Fn(Target) -> bool + Copy,
    ) -> Vec<Judged> {
        let mut sight = self.sight(asked, is_served);
        if let Some(equal) = equal.filter(|equal| !sight.questions.contains(equal)) {
            sight.questions.push(equal);
        }
        self.judge_all(asked, &sight, None, weights)
    }

    /// Asks a question as if it, or its whole target, were not there.
    pub(crate) fn judge_held_out(
        &self,
        question: u32,
        hold_out: HoldOut,
        weights: &Weights,
    ) -> Vec<Judged> {
        let held = &self.questions[question as usize];
        let gone = match hold_out {
            HoldOut::Question => question..question + 1,
            HoldOut::Target => self.of_target(held.target),
        };
        let forgotten: Vec<&Question> =
            gone.clone().map(|id| &self.questions[id as usize]).collect();
        let terms = self.terms(&held.core);
        let counted = self.lexicons.count(&terms);
        let asked = Asked {
            weighed: self.lexicons.weigh(&counted, &forgotten),
            asking: self.topics.ask(&counted, Some((held.target, hold_out))),
            terms,
            counted,
            vector: held.vector,
            gone: gone.clone(),
        };
        let own = self.topics.number(held.target);
        let others = self.asking[own].clone().filter(|id| !gone.contains(id));
        let without = centre(others.map(|id| self.vector(id)));
        self.judge_all(&asked, &self.sight(&asked, |_| true), Some((own, without)), weights)
    }

    /// Words that two questions have in common, the rarest first, without those inside of
    /// others; pairs of characters when they have no word in common. At most three.
    pub(crate) fn shared_words(&self, one: u32, other: u32) -> Vec<String> {
        let terms = |id: u32| self.terms(&self.questions[id as usize].core);
        let (one, other) = (terms(one), terms(other));
        let words = one.content_words().filter(|word| other.words.contains(word));
        let spread = |lexicon: &Lexicon<String>, term: &str| {
            lexicon.id(term).map_or(0, |id| lexicon.spread(id))
        };
        let mut shared: Vec<(u32, &str)> =
            words.map(|word| (spread(&self.lexicons.words, word), word)).collect();
        if shared.is_empty() {
            let pairs = one.runs.iter().filter(|run| run.chars().nth(1).is_some());
            let pairs = pairs.filter(|run| other.runs.contains(run));
            shared = pairs.map(|&run| (spread(&self.lexicons.runs, run), run)).collect();
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

    /// Measures what is in sight. `moved` is a topic whose centre lies elsewhere for now.
    fn judge_all(
        &self,
        asked: &Asked<'_>,
        sight: &Sight,
        moved: Option<(usize, Vector)>,
        weights: &Weights,
    ) -> Vec<Judged> {
        let centre = |&id: &u32| {
            let topic = self.topic_of(id);
            let elsewhere = moved.as_ref().filter(|&&(place, _)| place == topic);
            elsewhere.map_or(&self.centres[topic], |(_, centre)| centre)
        };
        let meanings = asked.vector.cosines(sight.questions.iter().map(|&id| self.vector(id)));
        let of_entries = asked.vector.cosines(sight.questions.iter().map(centre));
        let judge = |((&id, meaning), of_entry): ((&u32, f32), f32)| {
            let question = &self.questions[id as usize];
            let of_entry = OfEntry {
                fit: sight.fits.get(self.topics.number(question.target)),
                meaning: of_entry,
                questions: self.topics.questions(question.target),
            };
            let features = Features::between(&asked.weighed, &question.weighed, meaning, of_entry);
            Judged::new(id, features, weights)
        };
        sight.questions.iter().zip(meanings).zip(of_entries).map(judge).collect()
    }

    fn topic_of(&self, question: u32) -> usize {
        self.topics.number(self.questions[question as usize].target)
    }
}

/// Where vectors lie together.
fn centre<'a>(vectors: impl Iterator<Item = &'a Vector>) -> Vector {
    let mut sum = [0.0; DIMENSIONS];
    for vector in vectors {
        for (sum, &number) in sum.iter_mut().zip(&vector.0) {
            *sum += f32::from(number);
        }
    }
    Vector::along(&sum)
}

/// For each topic its questions that ask for it; they stand before its `not` lines.
fn asking_ranges(questions: &[Question], topics: &Topics, count: usize) -> Vec<Range<u32>> {
    let mut ranges = vec![0..0; count];
    let mut from = 0;
    for of_target in questions.chunk_by(|one, next| one.target == next.target) {
        let asking = of_target.iter().take_while(|question| question.role != Role::Not).count();
        ranges[topics.number(of_target[0].target)] = from..from + asking as u32;
        from += of_target.len() as u32;
    }
    ranges
}

/// Each target's questions, which stand together, and its answer, all with their terms
/// `counted`. There are so many `runs`.
fn gather_topics(
    base: &KnowledgeBase,
    questions: &[Question],
    counted: &[CountedTerms],
    answers: &[Option<CountedTerms>],
    runs: u32,
) -> Topics {
    let mut topics = TopicsBuilder::new(base.entries.len(), base.intents.len(), runs);
    let mut counted = questions.iter().zip(counted).peekable();
    while let Some(&(Question { target, .. }, _)) = counted.peek() {
        let answer = match *target {
            Target::Entry(place) => answers[place].as_ref(),
            Target::Intent(_) => None,
        };
        let mut texts = TopicTexts { standard: None, similar: Vec::new(), answer };
        while let Some((one, counted)) = counted.next_if(|(one, _)| one.target == *target) {
            match one.role {
                Role::Standard => texts.standard = Some(counted),
                Role::Similar => texts.similar.push(counted),
                Role::Not => {}
            }
        }
        topics.add(*target, &texts);
    }
    topics.finish()
}

/// A question as it stands in the files.
struct Written {
    target: Target,
    role: Role,
    wording: String,
    normalized: String,
    core: String,
}

fn written_questions(base: &KnowledgeBase, cores: &Cores, threads: Threads) -> Vec<Written> {
    let mut wordings: Vec<(Target, Role, &str)> = Vec::new();
    for (place, entry) in base.entries.iter().enumerate() {
        if entry.status == Status::Live && matches!(entry.match_by, MatchBy::Smart) {
            let mut add = |role, wording| wordings.push((Target::Entry(place), role, wording));
            add(Role::Standard, entry.standard_question.as_str());
            entry.similar_questions.iter().for_each(|text| add(Role::Similar, text));
            entry.not.iter().for_each(|text| add(Role::Not, text));
        }
    }
    for (place, intent) in base.intents.iter().enumerate() {
        let target = Target::Intent(place);
        wordings.extend(intent.examples.iter().map(|text| (target, Role::Similar, text.as_str())));
    }
    let written = threads.map(&wordings, |&(target, role, wording)| {
        let normalized = normalize(wording).into_string();
        // A question of punctuation alone can find nothing.
        (!normalized.is_empty()).then(|| {
            let (core, wording) = (cores.core(&normalized), wording.to_owned());
            Written { target, role, wording, normalized, core }
        })
    });
    written.into_iter().flatten().collect()
}
