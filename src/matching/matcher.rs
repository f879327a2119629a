//! The whole way of one utterance through matching.

use std::sync::Arc;

use super::{
    confidence::{
        calibrate::Calibration, choices::choices, hold_outs::CalibrationInput, learnt::Learnt,
    },
    error::MatchingError,
    index::equals::Equal,
    outcome::{Band, Candidate, Outcome, Reason},
    rank::{
        bank::{Analyzed, QuestionBank},
        ranking::{Ranked, rank},
        weights::Weights,
    },
    rules::{
        entries::{EntryPatterns, RuleHit},
        intents::{IntentPatterns, is_safety},
    },
    score::{Confidence, Score},
    target::Target,
    terms::embeddings::{Embeddings, embedding_terms},
};
use crate::knowledge::{Circumstances, Intent, IntentAction, KnowledgeBase};
use crate::parallel::Threads;
use crate::text::normalize;

/// How many characters of an utterance are matched. Longer ones are stories: their beginning
/// mostly says what is wanted, and the rest would bury it.
const MATCHED_CHARS: usize = 120;

/// Finds what an utterance asks for in the knowledge base that it was built from.
#[derive(Debug)]
pub struct Matcher {
    bank: QuestionBank,
    calibration: Calibration,
    /// Of entries.
    patterns: EntryPatterns,
    intent_patterns: Arc<IntentPatterns>,
    /// By intent, when it is served.
    served: Vec<ServedIntent>,
}

/// Everything that was seen on the way to an outcome.
#[derive(Debug)]
pub(crate) struct Examination {
    /// What the terms were taken from.
    pub(crate) core: String,
    /// What was asked as well, by the one-way synonyms.
    pub(crate) meant: Option<String>,
    pub(crate) words: Vec<String>,
    pub(crate) ranked: Vec<Ranked>,
    /// The entry that was found by a rule of its own, before those that are ranked.
    pub(crate) rule_hit: Option<RuleHit>,
    pub(crate) reason: Reason,
}

impl Matcher {
    /// Without what was learnt, or with what another knowledge base taught, it is learnt anew.
    /// What did not change is taken over from an earlier base and its matcher.
    pub(crate) fn build(
        base: &KnowledgeBase,
        table: Arc<Embeddings>,
        learnt: Vec<Learnt>,
        earlier: Option<(&KnowledgeBase, &Self)>,
        threads: Threads,
    ) -> Result<Self, MatchingError> {
        let before = earlier.map(|(base, matcher)| (base, &matcher.bank));
        let bank = QuestionBank::build(base, table, before, threads)?;
        let patterns = EntryPatterns::of(base);
        let known = earlier.map(|(_, matcher)| &matcher.intent_patterns);
        let intent_patterns = match known.filter(|known| known.are_of(&base.intents)) {
            Some(known) => known.clone(),
            None => Arc::new(IntentPatterns::of(&base.intents)),
        };
        let mut known = learnt.into_iter().chain(Learnt::shipped());
        let calibration = match known.find_map(|learnt| learnt.for_base(base)) {
            Some(calibration) => calibration,
            None => calibrate(&bank, base, &intent_patterns, threads)?,
        };
        let served = base.intents.iter().map(|intent| ServedIntent::of(base, intent)).collect();
        Ok(Self { bank, calibration, patterns, intent_patterns, served })
    }

    /// The calibration of the base that it was built from, learnt anew.
    pub(crate) fn calibrate(
        &self,
        base: &KnowledgeBase,
        threads: Threads,
    ) -> Result<Calibration, MatchingError> {
        calibrate(&self.bank, base, &self.intent_patterns, threads)
    }

    /// The wordings of the questions that are looked at closely for a normalised utterance,
    /// nearest first by BM25, before any of them is measured.
    ///
    /// # Panics
    ///
    /// With another base than the one that it was built from, which stands beside it in its
    /// [`Snapshot`](super::Snapshot).
    pub fn candidates<'b>(&self, base: &'b KnowledgeBase, normalized: &str) -> Vec<&'b str> {
        let near = self.bank.near(&self.bank.ask(&self.bank.cores().core(normalized)), |_| true);
        near.into_iter().map(|id| self.bank.questions()[id as usize].wording(base)).collect()
    }

    /// What the terms of a normalised utterance are taken from: without courtesies, and with
    /// one word for several that mean the same.
    pub fn core(&self, normalized: &str) -> String {
        self.bank.cores().core(normalized)
    }

    /// The words of such a core that are looked for: all but stop words.
    pub fn words<'a>(&self, core: &'a str) -> Vec<&'a str> {
        self.bank.terms(core).content_words().collect()
    }

    /// The terms of an utterance that the embeddings may have rows for.
    pub(crate) fn embedding_terms(&self, utterance: &str) -> Vec<String> {
        let core = self.bank.cores().core(normalize(utterance).as_str());
        embedding_terms(&self.bank.terms(&core)).map(str::to_owned).collect()
    }

    /// The question that spoke best for what was found, as written in the files.
    pub(crate) fn wording<'b>(&self, base: &'b KnowledgeBase, ranked: &Ranked) -> &'b str {
        self.bank.questions()[ranked.best.question as usize].wording(base)
    }

    pub(crate) fn bank(&self) -> &QuestionBank {
        &self.bank
    }

    pub(crate) fn calibration(&self) -> &Calibration {
        &self.calibration
    }

    pub(crate) fn examine(
        &self,
        base: &KnowledgeBase,
        utterance: &str,
        circumstances: Circumstances<'_>,
    ) -> (Examination, Outcome) {
        let normalized = normalize(utterance).into_string();
        let matched: String = normalized.chars().take(MATCHED_CHARS).collect();
        let core = self.bank.cores().core(&matched);
        let meant = self.bank.cores().meant(&core);
        let asked = self.bank.ask(&core);
        let is_entry_served = |place: usize| base.entries[place].is_served_in(circumstances);
        let is_served = |target| match target {
            Target::Entry(place) => is_entry_served(place),
            Target::Intent(place) => match self.served[place] {
                ServedIntent::Always => true,
                ServedIntent::With(entry) => is_entry_served(entry),
                ServedIntent::Never => false,
            },
        };
        let find = |text: &str, core: &str| self.bank.find_equal(base, text, core, is_served);
        let equal = find(&normalized, &core);
        let equal = equal.or_else(|| meant.as_deref().and_then(|text| find(text, text)));
        let rule_hit = match equal {
            Some(equal) => RuleHit::of(equal),
            None => self.patterns.find(base, &normalized, self.bank.cores(), |place| {
                is_served(Target::Entry(place))
            }),
        };
        let ranked = self.rank(&asked, meant.as_deref(), equal, is_served);
        let reason = self.reason(base, &normalized, rule_hit, &ranked, is_served);
        let outcome = self.outcome(base, normalized.clone(), rule_hit, &ranked, reason);
        let words = asked.terms.words.iter().map(|&word| word.to_owned()).collect();
        (Examination { core, meant, words, ranked, rule_hit, reason }, outcome)
    }

    fn rank(
        &self,
        asked: &Analyzed<'_>,
        meant: Option<&str>,
        equal: Option<Equal>,
        is_served: impl Fn(Target) -> bool + Copy,
    ) -> Vec<Ranked> {
        let equal = match equal {
            Some(Equal::Ranked(id)) => Some(id),
            Some(Equal::Unranked { .. }) | None => None,
        };
        let mut judged = self.bank.judge(asked, equal, Weights::shipped(), is_served);
        if let Some(meant) = meant {
            let asked = self.bank.ask(meant);
            judged.extend(self.bank.judge(&asked, equal, Weights::shipped(), is_served));
            // Of a question that was found both ways, the better way counts.
            judged.sort_unstable_by(|one, other| {
                one.question.cmp(&other.question).then(other.score.total_cmp(&one.score))
            });
            judged.dedup_by_key(|one| one.question);
        }
        rank(judged, self.bank.questions(), equal, is_served)
    }

    /// What decides, in the order of its right to do so.
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
        if first.is_equal {
            return Reason::Equal;
        }
        if let Some(place) = pattern {
            return Reason::Pattern(place);
        }
        let said = normalized.chars().count();
        if self.is_sure(first, said) {
            Reason::Sure
        } else if said > 1 && self.calibration.shows_choices(ranked) {
            Reason::Choices
        } else {
            Reason::Unsure
        }
    }

    /// Whether what comes first is answered, or acted on, at once, when so many characters
    /// were said.
    pub(crate) fn is_sure(&self, first: &Ranked, said: usize) -> bool {
        said > FRAGMENT_CHARS && self.calibration.is_sure(first)
    }

    fn outcome(
        &self,
        base: &KnowledgeBase,
        normalized: String,
        rule_hit: Option<RuleHit>,
        ranked: &[Ranked],
        reason: Reason,
    ) -> Outcome {
        let (band, intent) = match reason {
            Reason::SafetyPattern(place) | Reason::Pattern(place) => (Band::Answer, Some(place)),
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
        let candidates = rule_hit.into_iter().chain(candidates);
        let most = if band == Band::Clarify { usize::from(base.policy.clarify_choices) } else { 0 };
        Outcome {
            normalized,
            band,
            intent: intent.map(|place| base.intents[place].id.clone()),
            ranked: candidates.take(Outcome::RANKED_MAX).collect(),
            clarify: choices(ranked, most).filter_map(id).collect(),
        }
    }
}

/// Asks a knowledge base its own questions.
fn calibrate(
    bank: &QuestionBank,
    base: &KnowledgeBase,
    intent_patterns: &IntentPatterns,
    threads: Threads,
) -> Result<Calibration, MatchingError> {
    let (table, shipped) = (bank.table(), Embeddings::shipped());
    let is_trained = !Arc::ptr_eq(table, &shipped) && !table.is_empty();
    // A table that was taught these very questions finds them again too easily.
    let untaught =
        is_trained.then(|| QuestionBank::build(base, shipped, None, threads)).transpose()?;
    let input = CalibrationInput { base, intent_patterns, weights: Weights::shipped(), threads };
    Ok(Calibration::run(bank, untaught.as_ref().unwrap_or(bank), &input))
}

/// An utterance of so few characters names a topic and asks nothing: it gets choices at most,
/// unless it is a reviewed question itself; a single character gets nothing.
const FRAGMENT_CHARS: usize = 2;

/// When an intent is served.
#[derive(Clone, Copy, Debug)]
enum ServedIntent {
    Always,
    /// When the entry at that place is, with which it answers.
    With(usize),
    /// The entry with which it answers is not there.
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
