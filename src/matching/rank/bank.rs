//! The question bank: finds the candidate questions of an utterance and scores them.

use std::{ops::Range, sync::Arc};

use super::{
    features::{Features, OfEntry},
    obstacle::{
        COMMON_PROFILES, Naming, Obstacle, foreign_word, has_same_chars, has_subject, is_sounds,
    },
    plainness::{PLAIN, is_bare, is_plain},
    ranking::{PENALTY_OF_DOUBT, Ranked, ScoredQuestion},
    second_look::{SecondWeight, rank_again},
    weights::Weights,
};
use crate::knowledge::KnowledgeBase;
use crate::matching::{
    encoder::{Encoder, SentenceVector},
    error::MatchingError,
    index::{
        alignment::{AlignedQuery, Alignment},
        builder::BankIndex,
        encoded::EncodedQuestions,
        equals::{Equal, IndexedTexts},
        lexicon::{Bag, KnownTerm, Lexicon, TermCounts},
        postings::QueryTerm,
        profile::{Fits, HoldOut, ProfileQuery, Profiles, best},
        rows::Shape,
        served::nearest_kept,
    },
    target::{IndexedQuestion, QuestionRole, Target},
    terms::{
        embeddings::{Embeddings, GROUPS_MAX, Vector},
        extract::Terms,
        kinds::{Kinds, TermKind},
        needed_words::NeededWords,
        reader::Reader,
        synonyms::Cores,
    },
};
use crate::parallel::Threads;
use crate::text::{Segmenter, key};

/// How many candidate questions BM25 gives. An entry has about ten wordings, so these are of
/// about five entries, and the right one is nearly always among them.
const CANDIDATES: usize = 48;

/// How many further candidates the entry profiles give: an utterance may share one word with
/// each wording of the right entry and much with none of them.
const CANDIDATES_BY_FIT: usize = 16;

/// How many further candidates the embeddings give, whatever words they share.
const CANDIDATES_BY_MEANING: usize = 8;

/// How many candidates there are at most beside those by BM25.
const FURTHER_CANDIDATES: usize = CANDIDATES_BY_FIT + CANDIDATES_BY_MEANING;

/// How many entries and intents are aligned with the utterance, the best by all other features.
const ALIGNED: usize = GROUPS_MAX;

/// With more entries and intents than this, the embeddings give no candidates: comparing with
/// the centroids of all of them would take longer than all other stages.
const SCANNED_CENTROIDS_MAX: usize = 16_384;

/// How many shared words are named: enough to see why two questions are confused.
const SHARED_WORDS_MAX: usize = 3;

/// The indexed questions, with the reader and the embeddings that they were read with.
#[derive(Debug)]
pub(crate) struct QuestionBank {
    reader: Arc<Reader>,
    embeddings: Arc<Embeddings>,
    index: BankIndex,
    /// By profile number: its questions, without the `not` lines.
    wordings: Vec<Range<u32>>,
    /// The questions as the second encoder sees them, if it is asked for this base.
    encoded: Option<Arc<EncodedQuestions>>,
}

/// An utterance with all that is needed to compare it with the questions.
#[derive(Debug)]
pub(crate) struct Analyzed<'a> {
    pub(crate) core: &'a str,
    pub(crate) terms: Terms<'a>,
    counts: Kinds<TermCounts>,
    bags: Kinds<Bag>,
    shape: Shape,
    profile_query: ProfileQuery,
    alignment: AlignedQuery,
    vector: Vector,
    /// Held-out questions, excluded from this query.
    excluded: Range<u32>,
}

/// The candidate questions of an utterance, and its fit to every entry profile.
struct Candidates {
    questions: Vec<u32>,
    fits: Fits,
}

impl QuestionBank {
    /// Indexes the questions of all live entries with `match: smart`, and the examples of all
    /// intents. Unchanged parts of an earlier bank are reused; the result is the same to the last
    /// bit.
    pub(crate) fn build(
        base: &KnowledgeBase,
        embeddings: Arc<Embeddings>,
        earlier: Option<(&KnowledgeBase, &Self)>,
        threads: Threads,
    ) -> Result<Self, MatchingError> {
        let earlier = earlier.filter(|(earlier_base, bank)| {
            earlier_base.dictionary == base.dictionary
                && earlier_base.synonyms == base.synonyms
                && earlier_base.industry.reads_like(&base.industry)
                && Arc::ptr_eq(&bank.embeddings, &embeddings)
                && NeededWords::of(base, &bank.reader.segmenter) == *bank.reader.cores.needed()
        });
        let reader = match earlier {
            Some((_, bank)) => bank.reader.clone(),
            None => Arc::new(Reader::of(base)),
        };
        let earlier = earlier.map(|(base, bank)| (base, &bank.index));
        let index = BankIndex::build(base, &reader, &embeddings, earlier, threads)?;
        let profiles = base.entries.len() + base.intents.len();
        let wordings = wording_ranges(&index.questions, &index.profiles, profiles);
        Ok(Self { reader, embeddings, index, wordings, encoded: None })
    }

    /// The same bank with the second encoder. The vectors of an earlier bank are reused.
    pub(crate) fn with_encoder(
        mut self,
        base: &KnowledgeBase,
        encoder: Arc<Encoder>,
        earlier: Option<(&KnowledgeBase, &Self)>,
        threads: Threads,
    ) -> Self {
        let earlier = earlier.and_then(|(earlier_base, bank)| {
            Some((earlier_base, bank.questions(), bank.encoded.as_deref()?))
        });
        let questions = self.questions();
        let vectors = EncodedQuestions::build(base, questions, encoder, earlier, threads);
        self.encoded = Some(Arc::new(vectors));
        self
    }

    /// The same bank with the vectors of another one of the same base.
    pub(crate) fn encoded_like(self, other: &Self) -> Self {
        Self { encoded: other.encoded.clone(), ..self }
    }

    /// Whether the second encoder is asked for this base.
    pub(crate) fn has_encoder(&self) -> bool {
        self.encoded.is_some()
    }

    /// The vector of a normalised utterance by the second encoder; `None` when it is not asked for
    /// this base.
    pub(crate) fn sentence(&self, normalized: &str) -> Option<SentenceVector> {
        self.encoded.as_ref().map(|encoded| encoded.sentence(normalized))
    }

    /// The vector of a question by the second encoder.
    pub(crate) fn sentence_of(&self, question: u32) -> Option<&SentenceVector> {
        self.encoded.as_ref()?.question(question)
    }

    /// For each candidate, the largest cosine of the vector to one of its questions outside of
    /// `excluded`, by the second encoder.
    pub(crate) fn second_cosines(
        &self,
        ranked: &[Ranked],
        vector: &SentenceVector,
        excluded: &Range<u32>,
    ) -> Vec<f32> {
        let cosine = |one: &Ranked| {
            let wordings = self.wordings[self.index.profiles.number(one.target)].clone();
            let wordings = wordings.filter(|id| !excluded.contains(id));
            self.encoded.as_ref().map_or(0.0, |encoded| encoded.nearest(vector, wordings))
        };
        ranked.iter().map(cosine).collect()
    }

    /// Ranks candidates again with the second encoder, as it is shipped.
    pub(crate) fn look_again(
        &self,
        ranked: &mut [Ranked],
        vector: &SentenceVector,
        excluded: &Range<u32>,
    ) {
        let cosines = self.second_cosines(ranked, vector, excluded);
        rank_again(ranked, &cosines, SecondWeight::shipped());
    }

    /// The questions, grouped by target.
    pub(crate) fn questions(&self) -> &[IndexedQuestion] {
        &self.index.questions
    }

    /// The postings of the questions.
    #[cfg(test)]
    pub(crate) fn postings(&self) -> &crate::matching::index::postings::Postings {
        &self.index.postings
    }

    /// The embeddings that it was built with.
    pub(crate) fn embeddings(&self) -> &Arc<Embeddings> {
        &self.embeddings
    }

    /// The segmenter, with the dictionary of the knowledge base.
    pub(crate) fn segmenter(&self) -> &Segmenter {
        &self.reader.segmenter
    }

    /// Extracts the core of a text, with the synonyms of the knowledge base.
    pub(crate) fn cores(&self) -> &Cores {
        &self.reader.cores
    }

    /// The terms of a core.
    pub(crate) fn terms<'a>(&self, core: &'a str) -> Terms<'a> {
        self.reader.terms(core)
    }

    /// Prepares a core for the comparison with the questions.
    pub(crate) fn analyze<'a>(&self, core: &'a str) -> Analyzed<'a> {
        let terms = self.terms(core);
        let counts = self.index.lexicons.count(&terms);
        let bags = self.index.lexicons.weigh(&counts, &self.index.texts, &(0..0));
        let profile_query = self.index.profiles.query(&counts, None);
        let vector = self.embeddings.vector(&terms);
        let shape = Shape::of(core, &self.reader.signals);
        let alignment = self.aligned_query(core, &terms, None);
        Analyzed {
            core,
            terms,
            counts,
            bags,
            shape,
            profile_query,
            alignment,
            vector,
            excluded: 0..0,
        }
    }

    fn aligned_query(
        &self,
        core: &str,
        terms: &Terms<'_>,
        held_out: Option<(Target, HoldOut)>,
    ) -> AlignedQuery {
        let known = (&self.index.profiles, &self.index.lexicons, &*self.embeddings);
        self.index.alignments.query((core, terms), known, held_out)
    }

    /// The alignment of a core with a target, of which that core may be held out.
    #[cfg(test)]
    pub(crate) fn alignment(
        &self,
        core: &str,
        target: Target,
        hold_out: Option<HoldOut>,
    ) -> Alignment {
        let query = self.aligned_query(core, &self.terms(core), hold_out.map(|one| (target, one)));
        let profile = self.index.profiles.number(target);
        self.index.alignments.align(&query, &[profile]).next().unwrap_or_default()
    }

    /// The words of an utterance that a target has nowhere, nor anything like them.
    pub(crate) fn unmatched_words(&self, core: &str, target: Target) -> Vec<String> {
        let terms = self.terms(core);
        let query = self.aligned_query(core, &terms, None);
        let places = self.index.alignments.unmatched(&query, self.index.profiles.number(target));
        places.into_iter().map(|place| terms.content_words[place].to_owned()).collect()
    }

    /// Whether a `not` line of a target is the core of an utterance.
    pub(crate) fn refuses(&self, target: Target, core: &str) -> bool {
        let wordings = &self.wordings[self.index.profiles.number(target)];
        let mut not_lines = wordings.end..self.questions_of(target).end;
        not_lines.any(|id| self.core(id) == core)
    }

    /// What keeps the first candidate of an utterance from an answer at once.
    pub(crate) fn obstacle(&self, query: &Analyzed<'_>, first: &Ranked) -> Option<Obstacle> {
        let number = self.index.profiles.number(first.target);
        let wordings = self.wordings[number].clone();
        let mut cores = wordings.map(|id| self.core(id));
        if is_sounds(query.core) && !cores.any(|core| has_same_chars(core, query.core)) {
            return Some(Obstacle::Sounds);
        }
        if matches!(first.target, Target::Intent(_)) {
            return None;
        }
        let is_standard =
            self.index.questions[first.best.question as usize].role == QuestionRole::Standard;
        if first.is_equal {
            let is_vague = !is_standard && !has_subject(&query.terms.content_words);
            return is_vague.then_some(Obstacle::NoSubject);
        }
        if !has_subject(&query.terms.content_words) {
            return Some(Obstacle::NoSubject);
        }
        if first.penalty >= PENALTY_OF_DOUBT {
            return Some(Obstacle::NotLine);
        }
        self.foreign_word(query, first.target).map(|_| Obstacle::ForeignWord)
    }

    /// Notes what keeps the first of the ranked candidates from an answer at once.
    pub(crate) fn find_obstacle(&self, ranked: &mut [Ranked], query: &Analyzed<'_>) {
        if let Some(first) = ranked.first_mut() {
            first.obstacle = self.obstacle(query, first);
        }
    }

    /// The word of an utterance by which it is about something that a target never speaks of.
    pub(crate) fn foreign_word<'a>(&self, query: &Analyzed<'a>, target: Target) -> Option<&'a str> {
        let number = self.index.profiles.number(target);
        let words = &query.terms.content_words;
        let unmatched = self.index.alignments.unmatched(&query.alignment, number);
        foreign_word(query.core, words, &unmatched, |word| self.naming(word))
    }

    /// What a word may be the name of.
    fn naming(&self, word: &str) -> Naming {
        let known = self.index.lexicons.words.id(key(word));
        let having = known.map_or(0, |id| self.index.profiles.having(id));
        Naming {
            is_common: having >= COMMON_PROFILES,
            is_brand: self.reader.brands.contains(word),
            is_noun: self.reader.segmenter.may_name(word),
        }
    }

    /// The core of a question.
    pub(crate) fn core(&self, question: u32) -> &str {
        self.index.texts.core(question as usize)
    }

    /// The question that equals the utterance, by its normalised text or else by its core. `None`
    /// when served questions of several targets equal it. `base` is the one that the bank was
    /// built from.
    pub(crate) fn find_equal(
        &self,
        base: &KnowledgeBase,
        normalized: &str,
        core: &str,
        is_served: impl Fn(Target) -> bool,
    ) -> Option<Equal> {
        let texts =
            IndexedTexts { base, questions: &self.index.questions, texts: &self.index.texts };
        self.index.equals.find(normalized, core, texts, is_served)
    }

    /// The served candidate questions of an utterance: first those found by BM25, best first, then
    /// one question of each further entry that fits as a whole or by its meaning.
    pub(crate) fn candidates(
        &self,
        query: &Analyzed<'_>,
        is_served: impl Fn(Target) -> bool + Copy,
    ) -> Vec<u32> {
        self.find_candidates(query, is_served).questions
    }

    /// The best questions by BM25, at most `limit`, best first.
    pub(crate) fn nearest_by_terms(&self, query: &Analyzed<'_>, limit: usize) -> Vec<u32> {
        let mut terms = self.query_terms(query);
        self.index.postings.nearest(&mut terms, limit, &query.excluded, |hits| {
            let mut questions = Vec::with_capacity(hits.len() + FURTHER_CANDIDATES);
            questions.extend(hits.iter().map(|hit| hit.question));
            questions
        })
    }

    fn find_candidates(
        &self,
        query: &Analyzed<'_>,
        is_served: impl Fn(Target) -> bool + Copy,
    ) -> Candidates {
        let target = |id: u32| self.index.questions[id as usize].target;
        let mut questions = nearest_kept(
            CANDIDATES,
            |limit| self.nearest_by_terms(query, limit),
            |id| is_served(target(id)),
        );
        let mut covered: Vec<usize> = Vec::with_capacity(questions.len() + FURTHER_CANDIDATES);
        covered.extend(questions.iter().map(|&id| self.profile_of(id)));
        let fits = self.index.profiles.fits(&query.profile_query);
        let is_kept = |profile: usize| {
            let mut wordings = self.wordings[profile].clone();
            wordings.next().is_some_and(|id| is_served(target(id)))
        };
        let by_fit = fits.best(CANDIDATES_BY_FIT, is_kept);
        let by_meaning = if self.index.centroids.len() <= SCANNED_CENTROIDS_MAX {
            let cosines = query.vector.cosines(&self.index.centroids);
            best(&cosines, CANDIDATES_BY_MEANING, is_kept)
        } else {
            Vec::new()
        };
        for profile in by_fit.into_iter().chain(by_meaning) {
            if !covered.contains(&profile) {
                covered.push(profile);
                questions.extend(self.nearest_by_meaning(query, profile));
            }
        }
        Candidates { questions, fits }
    }

    /// The question of a profile with the largest cosine to the utterance.
    fn nearest_by_meaning(&self, query: &Analyzed<'_>, profile: usize) -> Option<u32> {
        let is_asked = |id: &u32| !query.excluded.contains(id);
        let mut wordings = self.wordings[profile].clone().filter(is_asked);
        let vectors = wordings.clone().map(|id| self.vector(id));
        let (place, _) = query.vector.nearest(vectors)?;
        wordings.nth(place)
    }

    /// The question among these with the largest cosine to the utterance, and that cosine.
    pub(crate) fn most_similar(
        &self,
        query: &Analyzed<'_>,
        questions: Range<u32>,
    ) -> Option<(u32, f32)> {
        let vectors = questions.clone().map(|id| self.vector(id));
        let (place, cosine) = query.vector.nearest(vectors)?;
        Some((questions.start + place as u32, cosine))
    }

    fn vector(&self, question: u32) -> &Vector {
        self.index.texts.vector(question)
    }

    /// The terms to search for. Sounds are searched for only when no question has one of the
    /// n-grams: then a character may be mistyped.
    fn query_terms(&self, query: &Analyzed<'_>) -> Vec<QueryTerm> {
        let counts = &query.counts;
        let kinds = match counts.ngrams.unknown {
            0 => &[TermKind::Words, TermKind::Ngrams][..],
            _ => &[TermKind::Words, TermKind::Ngrams, TermKind::Sounds],
        };
        let count = kinds.iter().map(|&kind| counts.get(kind).known.len()).sum();
        let mut terms = Vec::with_capacity(count);
        for &kind in kinds {
            let lexicon = self.index.lexicons.get(kind);
            for &KnownTerm { id, .. } in &counts.get(kind).known {
                let document_frequency = lexicon.document_frequency(id);
                if document_frequency > 0 {
                    let weight = lexicon.idf(id);
                    terms.push(QueryTerm { kind, id, document_frequency, weight });
                }
            }
        }
        terms
    }

    /// Scores the served candidate questions of an utterance, and the question that equals it.
    pub(crate) fn score(
        &self,
        query: &Analyzed<'_>,
        equal: Option<u32>,
        weights: &Weights,
        is_served: impl Fn(Target) -> bool + Copy,
    ) -> Vec<ScoredQuestion> {
        let mut candidates = self.find_candidates(query, is_served);
        if let Some(equal) = equal.filter(|equal| !candidates.questions.contains(equal)) {
            candidates.questions.push(equal);
        }
        self.score_all(query, &candidates, None, weights)
    }

    /// The questions that are held out with a question.
    pub(crate) fn held_out(&self, question: u32, hold_out: HoldOut) -> Range<u32> {
        match hold_out {
            HoldOut::Question => question..question + 1,
            HoldOut::Target => self.questions_of(self.index.questions[question as usize].target),
        }
    }

    /// Scores the candidates of a question while it, or its whole target, is held out.
    pub(crate) fn score_held_out(
        &self,
        question: u32,
        hold_out: HoldOut,
        weights: &Weights,
    ) -> Vec<ScoredQuestion> {
        let target = self.index.questions[question as usize].target;
        let excluded = self.held_out(question, hold_out);
        let core = self.core(question);
        let terms = self.terms(core);
        let counts = self.index.lexicons.count(&terms);
        let query = Analyzed {
            bags: self.index.lexicons.weigh(&counts, &self.index.texts, &excluded),
            shape: self.index.texts.text(question as usize).shape,
            profile_query: self.index.profiles.query(&counts, Some((target, hold_out))),
            alignment: self.aligned_query(core, &terms, Some((target, hold_out))),
            core,
            terms,
            counts,
            vector: *self.vector(question),
            excluded: excluded.clone(),
        };
        let own = self.index.profiles.number(target);
        let others = self.wordings[own].clone().filter(|id| !excluded.contains(id));
        let own_centroid = Vector::centroid(others.map(|id| self.vector(id)));
        let candidates = self.find_candidates(&query, |_| true);
        self.score_all(&query, &candidates, Some((own, own_centroid)), weights)
    }

    /// Words that two questions share, the highest idf first, without words inside of longer
    /// ones. Pairs of characters when they share no word. At most three.
    pub(crate) fn shared_words(&self, one: u32, other: u32) -> Vec<String> {
        let terms = |id: u32| self.terms(self.core(id));
        let (one, other) = (terms(one), terms(other));
        let words = one.content_words.iter().copied().filter(|word| other.words.contains(word));
        let document_frequency = |lexicon: &Lexicon, term: &str| {
            lexicon.id(key(term)).map_or(0, |id| lexicon.document_frequency(id))
        };
        let mut shared: Vec<(u32, &str)> = words
            .map(|word| (document_frequency(&self.index.lexicons.words, word), word))
            .collect();
        if shared.is_empty() {
            let pairs = one.ngrams.iter().filter(|run| run.chars().nth(1).is_some());
            let pairs = pairs.filter(|run| other.ngrams.contains(run));
            shared = pairs
                .map(|&run| (document_frequency(&self.index.lexicons.ngrams, run), run))
                .collect();
        }
        shared.sort_unstable();
        shared.dedup();
        let is_inside =
            |word: &str| shared.iter().any(|(_, longer)| *longer != word && longer.contains(word));
        let whole = shared.iter().filter(|(_, word)| !is_inside(word));
        whole.take(SHARED_WORDS_MAX).map(|(_, word)| (*word).to_owned()).collect()
    }

    /// The questions of a target, with its `not` lines.
    pub(crate) fn questions_of(&self, target: Target) -> Range<u32> {
        self.index.questions_of(target)
    }

    /// Scores all candidates. `own_centroid` replaces the centroid of one profile, while a question
    /// of it is held out.
    fn score_all(
        &self,
        query: &Analyzed<'_>,
        candidates: &Candidates,
        own_centroid: Option<(usize, Vector)>,
        weights: &Weights,
    ) -> Vec<ScoredQuestion> {
        let centroid = |&id: &u32| {
            let profile = self.profile_of(id);
            let own = own_centroid.as_ref().filter(|&&(own, _)| own == profile);
            own.map_or(&self.index.centroids[profile], |(_, centroid)| centroid)
        };
        let vectors = candidates.questions.iter().map(|&id| self.vector(id));
        let meanings = query.vector.cosines(vectors);
        let of_entries = query.vector.cosines(candidates.questions.iter().map(centroid));
        let score = |((&id, meaning), of_entry): ((&u32, f32), f32)| {
            let question = &self.index.questions[id as usize];
            let of_entry = OfEntry {
                fit: candidates.fits.get(self.index.profiles.number(question.target)),
                meaning: of_entry,
                questions: self.index.profiles.questions(question.target),
            };
            let (query, text) = ((&query.bags, query.shape), self.index.texts.text(id as usize));
            let (lexicons, rivals) = (&self.index.lexicons, self.reader.signals.rivals());
            let features = Features::between(query, &text, (lexicons, rivals), meaning, of_entry);
            ScoredQuestion::new(id, features, weights)
        };
        let scored = candidates.questions.iter().zip(meanings).zip(of_entries).map(score);
        self.align_best(query, scored.collect(), weights)
    }

    /// Keeps the questions of the best [`ALIGNED`] entries and intents, and scores them again with
    /// their alignment.
    fn align_best(
        &self,
        query: &Analyzed<'_>,
        mut scored: Vec<ScoredQuestion>,
        weights: &Weights,
    ) -> Vec<ScoredQuestion> {
        scored.sort_unstable_by(|one, other| {
            other.score.total_cmp(&one.score).then(one.question.cmp(&other.question))
        });
        let mut profiles: Vec<usize> = Vec::with_capacity(ALIGNED);
        scored.retain(|one| {
            let profile = self.profile_of(one.question);
            let is_new = !profiles.contains(&profile);
            if is_new && profiles.len() < ALIGNED {
                profiles.push(profile);
            }
            !is_new || profiles.last() == Some(&profile)
        });
        let aligned: Vec<Alignment> =
            self.index.alignments.align(&query.alignment, &profiles).collect();
        for one in &mut scored {
            let profile = self.profile_of(one.question);
            if let Some(place) = profiles.iter().position(|&known| known == profile) {
                one.align(aligned[place], weights);
            }
        }
        self.prefer_plain(query, &mut scored);
        scored
    }

    /// Raises the scores of the questions that say no more than a bare question does.
    fn prefer_plain(&self, query: &Analyzed<'_>, scored: &mut [ScoredQuestion]) {
        let counts = &query.counts.words;
        if !is_bare(&query.terms.content_words) || counts.unknown > 0 {
            return;
        }
        let signals = query.shape.signals;
        let asking = self.reader.asking_words(signals);
        let asking: Vec<u32> =
            asking.filter_map(|word| self.index.lexicons.words.id(key(word))).collect();
        let subject: Vec<u32> = counts.known.iter().map(|term| term.id).collect();
        for one in scored {
            let text = self.index.texts.text(one.question as usize);
            let differs = signals.kind_differs(text.shape.signals);
            if !differs && is_plain(text.rows.words.terms, &subject, &asking) {
                one.score += PLAIN;
            }
        }
    }

    fn profile_of(&self, question: u32) -> usize {
        self.index.profiles.number(self.index.questions[question as usize].target)
    }
}

/// By profile number, the questions of its target without the `not` lines, which follow them.
fn wording_ranges(
    questions: &[IndexedQuestion],
    profiles: &Profiles,
    count: usize,
) -> Vec<Range<u32>> {
    let mut ranges = vec![0..0; count];
    let mut from = 0;
    for group in questions.chunk_by(|one, next| one.target == next.target) {
        let wordings =
            group.iter().take_while(|question| question.role != QuestionRole::Not).count();
        ranges[profiles.number(group[0].target)] = from..from + wordings as u32;
        from += group.len() as u32;
    }
    ranges
}
