//! Runs one utterance through all stages of matching.

use std::sync::{Arc, OnceLock};

use super::{
    confidence::{
        calibrate::Calibration,
        choices::{choices, first_entry},
        hold_outs::CalibrationInput,
        lead::urgent_confidence,
        learnt::Learnt,
        second::set_second_threshold,
    },
    error::MatchingError,
    finding::GuardFinding,
    guard::finder::{FirstRanked, GuardFinder, Reviewed},
    index::{encoded::has_few_wordings, equals::Equal},
    models::TextModels,
    outcome::{Band, Candidate, Outcome, Reason},
    rank::{
        bank::{Analyzed, QuestionBank},
        features::Feature,
        obstacle::Obstacle,
        ranking::{Ranked, ScoredQuestion, rank},
        weights::Weights,
    },
    rules::{
        entries::{EntryPatterns, RuleHit},
        intents::{IntentPatterns, is_safety},
    },
    score::{Confidence, Score},
    spelling::reader::PinyinReader,
    target::Target,
    terms::embeddings::{Embeddings, embedding_terms},
};
use crate::knowledge::{Circumstances, Intent, IntentAction, KnowledgeBase};
use crate::parallel::Threads;
use crate::text::{Normalized, normalize};

/// How many characters of an utterance are matched. A longer utterance is a story: its beginning
/// mostly names the problem, and the terms of the rest would outweigh it.
const MATCHED_CHARS: usize = 120;

/// Finds the entry or intent that an utterance asks for, in the base that it was built from.
#[derive(Debug)]
pub struct Matcher {
    bank: QuestionBank,
    guard: GuardFinder,
    calibration: Calibration,
    entry_patterns: EntryPatterns,
    intent_patterns: Arc<IntentPatterns>,
    /// Built when the first Latin letters are read.
    pinyin: OnceLock<PinyinReader>,
    /// By intent index, when the intent is served.
    served: Vec<ServedIntent>,
}

/// The results of all stages that led to an outcome.
#[derive(Debug)]
pub(crate) struct Examination {
    /// The text that the terms were extracted from.
    pub(crate) core: String,
    /// The core with its one-way synonyms replaced, which was searched as well.
    pub(crate) rewritten: Option<String>,
    pub(crate) ranked: Vec<Ranked>,
    /// The entry that was found by a rule; it goes before those that are ranked.
    pub(crate) rule_hit: Option<RuleHit>,
    /// The veto, as written, by which the best entry does not answer at once.
    pub(crate) veto: Option<Arc<str>>,
    pub(crate) reason: Reason,
}

impl Matcher {
    /// Builds the indexes, and calibrates unless one of the calibrations in `learnt` is of this
    /// base. The parts of an earlier base that did not change are reused from its matcher.
    pub(crate) fn build(
        base: &KnowledgeBase,
        models: TextModels,
        learnt: Vec<Learnt>,
        earlier: Option<(&KnowledgeBase, &Self)>,
        threads: Threads,
    ) -> Result<Self, MatchingError> {
        let earlier_bank = earlier.map(|(base, matcher)| (base, &matcher.bank));
        let bank = QuestionBank::build(base, models.embeddings, earlier_bank, threads)?;
        let bank = match models.encoder.filter(|_| has_few_wordings(base)) {
            Some(encoder) => bank.with_encoder(base, encoder, earlier_bank, threads),
            None => bank,
        };
        let entry_patterns = EntryPatterns::of(base);
        let earlier = earlier.map(|(_, matcher)| matcher);
        let patterns = earlier.map(|matcher| &matcher.intent_patterns);
        let intent_patterns = match patterns.filter(|patterns| patterns.are_of(&base.intents)) {
            Some(patterns) => patterns.clone(),
            None => Arc::new(IntentPatterns::of(&base.intents)),
        };
        let guard = GuardFinder::of(base, &bank, earlier.map(|matcher| &matcher.guard));
        let mut learnt = learnt.into_iter().chain(Learnt::shipped());
        let calibration = match learnt.find_map(|learnt| learnt.for_base(base)) {
            Some(calibration) => calibration,
            None => calibrate(&bank, base, (&intent_patterns, &guard), threads)?,
        };
        let served = base.intents.iter().map(|intent| ServedIntent::of(base, intent)).collect();
        let pinyin = OnceLock::new();
        Ok(Self { bank, guard, calibration, entry_patterns, intent_patterns, pinyin, served })
    }

    /// Computes the calibration again, for the base that this matcher was built from.
    pub(crate) fn calibrate(
        &self,
        base: &KnowledgeBase,
        threads: Threads,
    ) -> Result<Calibration, MatchingError> {
        calibrate(&self.bank, base, (&self.intent_patterns, &self.guard), threads)
    }

    /// The wordings of the candidate questions of a normalised utterance, before they are scored:
    /// first those found by BM25, best first, then those of entries that fit as a whole.
    ///
    /// # Panics
    ///
    /// When `base` is not the base of the same [`Snapshot`](super::Snapshot).
    pub fn candidates<'b>(&self, base: &'b KnowledgeBase, normalized: &str) -> Vec<&'b str> {
        let core = self.bank.cores().core(normalized);
        let candidates = self.bank.candidates(&self.bank.analyze(&core), |_| true);
        candidates.into_iter().map(|id| self.bank.questions()[id as usize].wording(base)).collect()
    }

    /// The core of a normalised utterance, from which its terms are extracted: without courtesies,
    /// and with one word for all of its synonyms.
    pub fn core(&self, normalized: &str) -> String {
        self.bank.cores().core(normalized)
    }

    /// The words of a core that are searched for: all but stop words.
    pub fn words<'a>(&self, core: &'a str) -> Vec<&'a str> {
        self.bank.terms(core).content_words
    }

    /// The terms of an utterance that the embeddings may have a row for.
    pub(crate) fn embedding_terms(&self, utterance: &str) -> Vec<String> {
        let core = self.bank.cores().core(normalize(utterance).as_str());
        embedding_terms(&self.bank.terms(&core)).map(str::to_owned).collect()
    }

    /// The best question of a ranked target, as written in the files.
    pub(crate) fn wording<'b>(&self, base: &'b KnowledgeBase, ranked: &Ranked) -> &'b str {
        self.bank.questions()[ranked.best.question as usize].wording(base)
    }

    pub(crate) fn guard(&self) -> &GuardFinder {
        &self.guard
    }

    pub(crate) fn bank(&self) -> &QuestionBank {
        &self.bank
    }

    pub(crate) fn calibration(&self) -> &Calibration {
        &self.calibration
    }

    /// Builds the reader of pinyin, unless it is built.
    pub(crate) fn prepare(&self, base: &KnowledgeBase) {
        self.pinyin(base);
    }

    fn pinyin(&self, base: &KnowledgeBase) -> &PinyinReader {
        self.pinyin.get_or_init(|| PinyinReader::of(base, self.bank.segmenter()))
    }

    /// The utterance in Han, where letters of it are pinyin.
    fn read(&self, base: &KnowledgeBase, normalized: &Normalized) -> Option<String> {
        let has_letter = normalized.as_str().bytes().any(|byte| byte.is_ascii_lowercase());
        if has_letter { self.pinyin(base).read(normalized) } else { None }
    }

    /// Runs an utterance through all stages.
    pub(crate) fn examine(
        &self,
        base: &KnowledgeBase,
        utterance: &str,
        circumstances: Circumstances<'_>,
    ) -> (Examination, Outcome) {
        let typed = normalize(utterance);
        let read = self.read(base, &typed);
        let typed = typed.into_string();
        let normalized = read.as_deref().unwrap_or(&typed);
        let end = normalized.char_indices().nth(MATCHED_CHARS).map(|(end, _)| end);
        let matched = end.and_then(|end| normalized.get(..end)).unwrap_or(normalized);
        let core = self.bank.cores().core(matched);
        let rewritten = self.bank.cores().rewritten(&core);
        let query = self.bank.analyze(&core);
        let is_entry_served = |place: usize| base.entries[place].is_served_in(circumstances);
        let is_served = |target| match target {
            Target::Entry(place) => is_entry_served(place),
            Target::Intent(place) => match self.served[place] {
                ServedIntent::Always => true,
                ServedIntent::With(entry) => is_entry_served(entry),
                ServedIntent::Never => false,
            },
        };
        let find_equal = |text: &str, core: &str| self.bank.find_equal(base, text, core, is_served);
        let equal = find_equal(normalized, &core)
            .or_else(|| rewritten.as_deref().and_then(|text| find_equal(text, text)));
        let rule_hit = match equal {
            Some(equal) => RuleHit::of(equal),
            None => self
                .entry_patterns
                .find(base, normalized, self.bank.cores(), |place| is_served(Target::Entry(place))),
        };
        let mut ranked = self.rank(&query, rewritten.as_deref(), equal, is_served);
        let is_intent_served = |place| is_served(Target::Intent(place));
        let seen = self.guard.see(normalized);
        let reviewed = equal.map(|equal| self.reviewed(base, equal));
        let ranking = (ranked.as_slice(), || self.first_ranked(base, &ranked));
        let finding = self.guard.find(normalized, &seen, reviewed, ranking, is_intent_served);
        let finding = finding.or_else(|| {
            let elsewhere = if equal.is_some() { f32::MAX } else { cosine_of_entry(&ranked) };
            self.guard.find_near(base, &self.bank, &query, elsewhere, is_intent_served)
        });
        let finding = finding.filter(|_| !self.is_own_danger(base, &ranked));
        let (finding, guarded) = finding.unzip();
        let reason = match guarded {
            Some(intent) => Reason::Guard(intent),
            None => self.reason(base, normalized, rule_hit, &ranked, is_served),
        };
        let reason = self.look_again(base, (normalized, matched), &query, &mut ranked, reason);
        let answering = match (reason, ranked.first().map(|first| first.target)) {
            (Reason::Sure, Some(Target::Entry(place))) => Some(place),
            (Reason::Contains { .. } | Reason::EntryPattern { .. }, _) => {
                rule_hit.map(|rule_hit| rule_hit.entry)
            }
            (Reason::Choices | Reason::Unsure, Some(Target::Entry(place)))
                if ranked.first().is_some_and(|first| first.obstacle.is_some()) =>
            {
                Some(place)
            }
            _ => None,
        };
        let veto = answering.and_then(|place| self.guard.veto(&seen, &base.entries[place]));
        let (reason, rule_hit) = match veto {
            Some(_) => (self.unsure(normalized, &ranked), None),
            None => (reason, rule_hit),
        };
        let veto = veto.map(|veto| veto.written.clone());
        let outcome = self.outcome(base, (typed, read), finding, rule_hit, &ranked, reason);
        (Examination { core, rewritten, ranked, rule_hit, veto, reason }, outcome)
    }

    /// How likely the first candidate is right, and whether it is harmless.
    fn first_ranked(&self, base: &KnowledgeBase, ranked: &[Ranked]) -> FirstRanked {
        let is_harmless = |target: Target| match target {
            Target::Entry(place) => !base.policy.tells_of_fraud(&base.entries[place]),
            Target::Intent(place) => base.guard.kind_of(&base.intents[place].id).is_none(),
        };
        ranked.first().map_or_else(FirstRanked::none, |first| FirstRanked {
            confidence: self.calibration.confidence(first),
            is_entry: matches!(first.target, Target::Entry(_)),
            is_harmless: is_harmless(first.target),
        })
    }

    /// Whether the utterance is likely for an intent that the operator holds as urgent as a danger, and
    /// that the guard does not know: somebody injured, for an insurer.
    fn is_own_danger(&self, base: &KnowledgeBase, ranked: &[Ranked]) -> bool {
        ranked.first().is_some_and(|first| match first.target {
            Target::Intent(place) => {
                let intent = &base.intents[place];
                intent.priority >= OWN_DANGER_PRIORITY
                    && base.guard.kind_of(&intent.id).is_none()
                    && self.calibration.confidence(first) >= urgent_confidence(base)
            }
            Target::Entry(_) => false,
        })
    }

    fn reviewed(&self, base: &KnowledgeBase, equal: Equal) -> Reviewed {
        let target = match equal {
            Equal::Ranked(id) => self.bank.questions()[id as usize].target,
            Equal::Unranked { entry, .. } => Target::Entry(entry),
        };
        match target {
            Target::Entry(place) if !base.policy.tells_of_fraud(&base.entries[place]) => {
                Reviewed::Harmless
            }
            Target::Entry(_) | Target::Intent(_) => Reviewed::Doubtful,
        }
    }

    /// Scores and ranks the candidates of an utterance and of its rewritten form.
    fn rank(
        &self,
        query: &Analyzed<'_>,
        rewritten: Option<&str>,
        equal: Option<Equal>,
        is_served: impl Fn(Target) -> bool + Copy,
    ) -> Vec<Ranked> {
        let equal = match equal {
            Some(Equal::Ranked(id)) => Some(id),
            Some(Equal::Unranked { .. }) | None => None,
        };
        let mut scored = self.bank.score(query, equal, Weights::shipped(), is_served);
        if self.bank.cores().has_needed_courtesy(query.core) {
            // Entries may be about the courtesy. To an intent, such as a greeting, it is one.
            let target = |one: &ScoredQuestion| self.bank.questions()[one.question as usize].target;
            scored.retain(|one| {
                matches!(target(one), Target::Entry(_)) || Some(one.question) == equal
            });
        }
        let rewritten = rewritten.map(|text| self.bank.analyze(text));
        if let Some(query) = &rewritten {
            scored.extend(self.bank.score(query, equal, Weights::shipped(), is_served));
            // Of a question that both texts found, the better score counts.
            scored.sort_unstable_by(|one, other| {
                one.question.cmp(&other.question).then(other.score.total_cmp(&one.score))
            });
            scored.dedup_by_key(|one| one.question);
        }
        let equal_target = equal.map(|id| self.bank.questions()[id as usize].target);
        let refuses = |target: Target, text: &Analyzed<'_>| self.bank.refuses(target, text.core);
        let is_ranked = |target| {
            let is_refused = refuses(target, query)
                || rewritten.as_ref().is_some_and(|text| refuses(target, text));
            is_served(target) && (Some(target) == equal_target || !is_refused)
        };
        let mut ranked = rank(scored, self.bank.questions(), equal, is_ranked);
        if let Some(first) = ranked.first_mut() {
            // What either text says is enough.
            let of_rewritten =
                |first: &Ranked| rewritten.as_ref().map(|text| self.bank.obstacle(text, first));
            let obstacle = self.bank.obstacle(query, first);
            first.obstacle = obstacle.filter(|_| of_rewritten(first) != Some(None));
        }
        ranked
    }

    /// The first rule or threshold that decides, in the order of docs/matching.md.
    fn reason(
        &self,
        base: &KnowledgeBase,
        normalized: &str,
        rule_hit: Option<RuleHit>,
        ranked: &[Ranked],
        is_served: impl Fn(Target) -> bool,
    ) -> Reason {
        if normalized.is_empty() {
            return Reason::NoText;
        }
        // Intents are sorted by falling priority.
        let pattern =
            self.intent_patterns.find(normalized, |place| is_served(Target::Intent(place)));
        if let Some(place) = pattern.filter(|&place| is_safety(&base.intents[place])) {
            return Reason::SafetyPattern(place);
        }
        if let Some(rule_hit) = rule_hit {
            return rule_hit.reason;
        }
        let Some(first) = ranked.first() else {
            return pattern.map_or(Reason::NothingFound, Reason::Pattern);
        };
        if first.is_equal && first.obstacle.is_none() {
            return Reason::Equal;
        }
        if let Some(place) = pattern {
            return Reason::Pattern(place);
        }
        if self.is_sure(base, first, normalized.chars().count()) {
            Reason::Sure
        } else {
            self.unsure(normalized, ranked)
        }
    }

    /// Asks the second encoder where the first ranking is not sure, and ranks again. What the guard
    /// or a rule decides stays.
    fn look_again(
        &self,
        base: &KnowledgeBase,
        (normalized, matched): (&str, &str),
        query: &Analyzed<'_>,
        ranked: &mut [Ranked],
        reason: Reason,
    ) -> Reason {
        let chars = normalized.chars().count();
        if !matches!(reason, Reason::Choices | Reason::Unsure) || chars <= FRAGMENT_CHARS {
            return reason;
        }
        let Some(vector) = self.bank.sentence(matched) else { return reason };
        self.bank.look_again(ranked, &vector, &(0..0));
        self.bank.find_obstacle(ranked, query);
        match ranked.first() {
            Some(first) if self.is_sure(base, first, chars) => Reason::Sure,
            Some(_) | None => self.unsure(normalized, ranked),
        }
    }

    /// What is done where nothing is sure enough to answer at once.
    fn unsure(&self, normalized: &str, ranked: &[Ranked]) -> Reason {
        let has_two_chars = normalized.chars().nth(1).is_some();
        let is_said = ranked.first().is_none_or(|first| first.obstacle != Some(Obstacle::Sounds));
        if has_two_chars && is_said && self.calibration.shows_choices(ranked) {
            Reason::Choices
        } else {
            Reason::Unsure
        }
    }

    /// Whether the first candidate is answered, or acted on, at once, for a normalised utterance
    /// of `chars` characters.
    pub(crate) fn is_sure(&self, base: &KnowledgeBase, first: &Ranked, chars: usize) -> bool {
        chars > FRAGMENT_CHARS && self.calibration.is_sure(base, first, chars)
    }

    fn outcome(
        &self,
        base: &KnowledgeBase,
        (normalized, read): (String, Option<String>),
        guard: Option<GuardFinding>,
        rule_hit: Option<RuleHit>,
        ranked: &[Ranked],
        reason: Reason,
    ) -> Outcome {
        let (band, intent) = match reason {
            Reason::Guard(place) | Reason::SafetyPattern(place) | Reason::Pattern(place) => {
                (Band::Answer, Some(place))
            }
            Reason::Contains { .. } | Reason::EntryPattern { .. } => (Band::Answer, None),
            Reason::Equal if rule_hit.is_some() => (Band::Answer, None),
            Reason::Equal | Reason::Sure => match ranked.first().map(|first| first.target) {
                Some(Target::Intent(place)) => (Band::Answer, Some(place)),
                Some(Target::Entry(_)) | None => (Band::Answer, None),
            },
            Reason::Choices => (Band::Clarify, None),
            Reason::NoText | Reason::NothingFound | Reason::Unsure => (Band::Fallback, None),
        };
        let id = |one: &Ranked| match one.target {
            Target::Entry(place) => Some(base.entries[place].id.clone()),
            Target::Intent(_) => None,
        };
        let candidate = |(one, confidence): (&Ranked, Confidence)| {
            Some(Candidate {
                entry: id(one)?,
                question: self.wording(base, one).to_owned(),
                score: Score::new(one.score),
                confidence,
            })
        };
        let rule_hit = rule_hit.map(|rule_hit| Candidate {
            entry: base.entries[rule_hit.entry].id.clone(),
            question: rule_hit.wording(base),
            score: Score::new(0.0),
            confidence: Confidence::EXACT,
        });
        let confidences = self.calibration.confidences(ranked, rule_hit.is_some());
        let candidates = ranked.iter().zip(confidences).filter_map(candidate);
        let candidates = rule_hit.into_iter().chain(candidates).take(Outcome::RANKED_MAX);
        let mut found = Vec::with_capacity(Outcome::RANKED_MAX.min(ranked.len() + 1));
        found.extend(candidates);
        let most = if band == Band::Clarify { usize::from(base.policy.clarify_choices) } else { 0 };
        Outcome {
            normalized,
            read,
            band,
            intent: intent.map(|place| base.intents[place].id.clone()),
            is_equal: reason == Reason::Equal,
            guard,
            ranked: found,
            clarify: choices(ranked, most).filter_map(id).collect(),
        }
    }
}

/// The cosine of the best entry, by its best question; 0 without one.
fn cosine_of_entry(ranked: &[Ranked]) -> f32 {
    first_entry(ranked).map_or(0.0, |entry| entry.best.features.get(Feature::Meaning))
}

/// Calibrates a knowledge base on its own questions.
fn calibrate(
    bank: &QuestionBank,
    base: &KnowledgeBase,
    (intent_patterns, guard): (&IntentPatterns, &GuardFinder),
    threads: Threads,
) -> Result<Calibration, MatchingError> {
    let (embeddings, shipped) = (bank.embeddings(), Embeddings::shipped());
    let is_trained = !Arc::ptr_eq(embeddings, &shipped) && !embeddings.is_empty();
    // Embeddings that were trained on these questions find hold-outs too easily.
    let untrained =
        is_trained.then(|| QuestionBank::build(base, shipped, None, threads)).transpose()?;
    let untrained = untrained.map(|untrained| untrained.encoded_like(bank));
    let input =
        CalibrationInput { base, intent_patterns, guard, weights: Weights::shipped(), threads };
    let hold_out_bank = untrained.as_ref().unwrap_or(bank);
    let mut calibration = Calibration::run(bank, hold_out_bank, &input);
    set_second_threshold(&mut calibration, (bank, hold_out_bank), &input);
    Ok(calibration)
}

/// From this priority on, an intent that the guard does not know goes before it.
const OWN_DANGER_PRIORITY: u8 = 80;

/// An utterance of at most this many characters names a subject and asks nothing. It gets
/// choices at most, unless it equals a question; a single character does not even get choices.
const FRAGMENT_CHARS: usize = 2;

/// When an intent is served.
#[derive(Clone, Copy, Debug)]
enum ServedIntent {
    Always,
    /// When the entry with which it answers is served, by the entry's index.
    With(usize),
    /// The entry with which it answers does not exist.
    Never,
}

impl ServedIntent {
    fn of(base: &KnowledgeBase, intent: &Intent) -> Self {
        match &intent.action {
            IntentAction::Answer { entry } => {
                base.entries.place(entry).map_or(Self::Never, Self::With)
            }
            IntentAction::Reply { .. } | IntentAction::Handoff { .. } => Self::Always,
        }
    }
}
