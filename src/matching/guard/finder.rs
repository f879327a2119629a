//! Looks for the guard's concepts and rules in an utterance, and compares it with examples.

use std::{borrow::Cow, cell::LazyCell, cmp::Reverse, ops::Range, sync::Arc};

use super::weights::{GuardWeights, Likelihood};
use crate::knowledge::{
    Entry, Guard, GuardKind, GuardRule, IntentId, KnowledgeBase, MatchBy, Watch,
};
use crate::matching::{
    finding::{GuardBasis, GuardFinding},
    rank::{
        bank::{Analyzed, QuestionBank},
        ranking::Ranked,
    },
    score::Confidence,
    target::{IndexedQuestion, Target},
};
use crate::text::{Concept, ConceptFinder, ConceptsSeen, FeatureRow, SeenFeature, normalize};

/// A rule's kind gives way to one that is more than this many times as likely by the weights: of
/// sentences that nobody had seen, so the kind was named rightly most often.
const TIMES_LIKELIER: f32 = 4.0;

/// For a less urgent kind it must be this likely as well: of a crisis for anything else, and of a danger for
/// what is none.
const SURE_OF_LESS: f32 = 0.8;

/// A finding gives way when the utterance is this likely to ask for something harmless, ...
const ELSEWHERE: f32 = 0.75;

/// ... and less likely than this to be of any kind. Such a rule has met words of a longer, ordinary
/// sentence.
const DOUBTFUL: f32 = 0.6;

/// The same for a request to be refused, which is worded like an ordinary one, ...
const DOUBTFUL_REQUEST: f32 = 0.4;

/// ... and for one that is about as likely to ask for an entry about fraud: what does a crime lead to?
const DOUBTFUL_QUESTION: f32 = 0.97;

/// From this confidence on, the intent of another kind that is ranked first is acted on.
const NAMED: f32 = 0.85;

/// The first candidate of a ranking.
#[derive(Clone, Copy, Debug)]
pub(crate) struct FirstRanked {
    /// How likely it is right; 0 without one.
    pub(crate) confidence: Confidence,
    /// Whether it is an entry.
    pub(crate) is_entry: bool,
    /// Whether it is neither about fraud nor for a person in danger, nor refuses a request.
    pub(crate) is_harmless: bool,
}

impl FirstRanked {
    /// Nothing was found.
    pub(crate) fn none() -> Self {
        Self { confidence: Confidence::inexact(0.0), is_entry: false, is_harmless: false }
    }

    /// Whether the utterance asks for it rather than for what the guard would do.
    fn is_meant_instead_of(self, kind: GuardKind, of_any: f32) -> bool {
        let doubtful = if !self.is_harmless {
            let asks_of_fraud = self.is_entry && kind == GuardKind::Harm;
            if asks_of_fraud { DOUBTFUL_QUESTION } else { 0.0 }
        } else if kind.is_danger() {
            DOUBTFUL
        } else {
            DOUBTFUL_REQUEST
        };
        of_any < doubtful && self.confidence.get() >= ELSEWHERE
    }
}

/// What an utterance equals that people have reviewed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reviewed {
    /// A question of an entry that does not tell of fraud.
    Harmless,
    /// A question of an entry about fraud, or an example of an intent.
    Doubtful,
}

/// The guard of one knowledge base, with the index of its concepts.
#[derive(Debug)]
pub(crate) struct GuardFinder {
    guard: Arc<Guard>,
    weights: Arc<GuardWeights>,
    index: Arc<GuardIndex>,
    /// For each watch: the index of its intent, and its examples in the bank.
    watches: Vec<WatchedIntent>,
}

/// What is derived from a guard alone.
#[derive(Debug)]
struct GuardIndex {
    concepts: ConceptFinder,
    /// The weights of each concept that has any.
    rows: Vec<Option<FeatureRow>>,
    /// For each concept the rules that are looked at where it is there, by the index of their watch
    /// and their own.
    rules: Vec<Vec<(u32, u32)>>,
}

impl GuardIndex {
    fn of(guard: &Guard, weights: &GuardWeights) -> Self {
        Self {
            concepts: ConceptFinder::new(&guard.concepts, &guard.harmless),
            rows: guard.concepts.iter().map(|concept| weights.concept(&concept.name)).collect(),
            rules: rules_by_concept(guard),
        }
    }
}

#[derive(Debug)]
struct WatchedIntent {
    /// `None` when the base has no such intent, and the watch finds nothing.
    intent: Option<usize>,
    examples: Range<u32>,
}

impl GuardFinder {
    /// The index of an earlier finder is reused while the guard is the same.
    pub(crate) fn of(base: &KnowledgeBase, bank: &QuestionBank, earlier: Option<&Self>) -> Self {
        let guard = base.guard.clone();
        let earlier = earlier.filter(|earlier| Arc::ptr_eq(&earlier.guard, &guard));
        let watched = |id: &IntentId| {
            let intent = base.intents.place(id);
            let examples = intent.map(|intent| bank.questions_of(Target::Intent(intent)));
            WatchedIntent { intent, examples: examples.unwrap_or_default() }
        };
        let weights = GuardWeights::shipped();
        let index = || Arc::new(GuardIndex::of(&guard, &weights));
        Self {
            index: earlier.map_or_else(index, |earlier| earlier.index.clone()),
            watches: guard.watches.iter().map(|watch| watched(&watch.intent)).collect(),
            weights,
            guard,
        }
    }

    /// The concepts of a normalised utterance.
    pub(crate) fn see<'t>(&self, normalized: &'t str) -> ConceptsSeen<'t> {
        self.index.concepts.see(normalized)
    }

    /// The concepts that have weights.
    fn features<'s>(&'s self, seen: &'s ConceptsSeen<'_>) -> Vec<SeenFeature<'s>> {
        let feature = |(concept, places): (usize, &'s [Range<usize>])| {
            let row = self.index.rows[concept]?;
            Some(SeenFeature { name: &self.guard.concepts[concept].name, row, places })
        };
        let mut features = Vec::with_capacity(seen.all().count());
        features.extend(seen.all().filter_map(feature));
        features
    }

    /// The finding on an utterance, with the index of the intent: by a rule, or by the weights that
    /// ship. A rule decides on the kind unless another is much likelier by the weights. An utterance
    /// that equals a question was reviewed, so the weights alone find nothing in it. If its entry does
    /// not tell of fraud, it was reviewed as harmless: then only a crisis goes before it. Of what is ranked first, `first` tells how likely it is right.
    pub(crate) fn find(
        &self,
        normalized: &str,
        seen: &ConceptsSeen<'_>,
        equal: Option<Reviewed>,
        (ranked, first): (&[Ranked], impl Fn() -> FirstRanked),
        is_served: impl Fn(usize) -> bool + Copy,
    ) -> Option<(GuardFinding, usize)> {
        let text = self.index.concepts.without_harmless(normalized);
        // Most utterances that equal a question fit no rule, and need no weights.
        let seen_without = LazyCell::new(|| self.index.concepts.see(&text));
        let features = LazyCell::new(|| match &text {
            Cow::Borrowed(_) => self.features(seen),
            Cow::Owned(_) => self.features(&seen_without),
        });
        let likelihoods = LazyCell::new(|| self.weights.likelihoods(&text, &features));
        let of_any = || likelihoods.iter().map(|one| one.of_any).fold(0.0, f32::max);
        let by_rule = self.find_by_rule(normalized, seen, of_any, is_served);
        if let Some(reviewed) = equal {
            return by_rule
                .filter(|(finding, _)| reviewed == Reviewed::Doubtful || finding.kind.is_crisis());
        }
        if self.guard.likely.is_empty() {
            return by_rule;
        }
        let is_elsewhere = |kind: GuardKind, of_any: f32| first().is_meant_instead_of(kind, of_any);
        let by_rule = by_rule.filter(|(finding, _)| !is_elsewhere(finding.kind, of_any()));
        let Some((finding, _)) = &by_rule else {
            let alone = |kind| Some(share(self.guard.likely.get(&kind)?.alone));
            let enough = likelihoods
                .iter()
                .filter(|one| alone(one.kind).is_some_and(|least| one.of_any >= least))
                .filter(|one| !is_elsewhere(one.kind, one.of_any));
            let most_urgent = enough.min_by_key(|one| one.kind)?;
            let likely = self.find_likely(most_urgent, &features, ranked, is_served)?;
            return Some(self.better_ranked(likely, ranked, first));
        };
        let of_rule = likelihoods.iter().map(|one| one.of(finding.kind)).fold(0.0, f32::max);
        let is_looked_for = |kind| kind != finding.kind && self.guard.likely.contains_key(&kind);
        let likelier = likelihoods.iter().filter(|one| is_looked_for(one.kind));
        let likelier = likelier
            .filter(|one| {
                let share = one.of(one.kind);
                let least = if is_less(one.kind, finding.kind) { SURE_OF_LESS } else { 0.0 };
                share > of_rule * TIMES_LIKELIER && share >= least
            })
            .max_by(|one, other| one.of_any.total_cmp(&other.of_any));
        let likely = likelier.and_then(|one| self.find_likely(one, &features, ranked, is_served));
        likely.or(by_rule).map(|found| self.better_ranked(found, ranked, first))
    }

    /// The same finding, with the intent that is ranked first. Its examples tell intents of one kind
    /// apart better than the order of the rules. One of another kind must be likely and no less urgent.
    fn better_ranked(
        &self,
        (finding, intent): (GuardFinding, usize),
        ranked: &[Ranked],
        first: impl Fn() -> FirstRanked,
    ) -> (GuardFinding, usize) {
        let target = ranked.first().map(|first| first.target);
        let mut watches = self.guard.watches.iter().zip(&self.watches);
        let better = watches.find_map(|(watch, watched)| {
            let place = watched.intent.filter(|&place| target == Some(Target::Intent(place)))?;
            let is_named =
                || !is_less(watch.kind, finding.kind) && first().confidence.get() >= NAMED;
            (watch.kind == finding.kind || is_named()).then_some((watch, place))
        });
        match better {
            Some((Watch { kind, intent, .. }, place)) => {
                (GuardFinding { kind: *kind, intent: intent.clone(), ..finding }, place)
            }
            None => (finding, intent),
        }
    }

    /// The finding of the first rule that fits. The watches are sorted by urgency.
    fn find_by_rule(
        &self,
        normalized: &str,
        seen: &ConceptsSeen<'_>,
        of_any: impl Fn() -> f32,
        is_served: impl Fn(usize) -> bool,
    ) -> Option<(GuardFinding, usize)> {
        let of_concepts = seen.all().map(|(concept, _)| self.index.rules[concept].as_slice());
        let mut rules = Vec::with_capacity(of_concepts.clone().map(<[_]>::len).sum());
        of_concepts.for_each(|of_concept| rules.extend_from_slice(of_concept));
        rules.sort_unstable();
        rules.into_iter().find_map(|(at, rule)| {
            let watch = &self.guard.watches[at as usize];
            let intent = self.watches[at as usize].intent.filter(|&intent| is_served(intent))?;
            let basis = self.basis(&watch.rules[rule as usize], normalized, seen)?;
            let finding = GuardFinding { kind: watch.kind, intent: watch.intent.clone(), basis };
            self.is_likely_enough(watch.kind, &of_any).then_some((finding, intent))
        })
    }

    /// Whether the utterance is likely enough of any kind for a rule of this one.
    fn is_likely_enough(&self, kind: GuardKind, of_any: impl Fn() -> f32) -> bool {
        let enough = self.guard.likely.get(&kind).map_or(0, |enough| enough.with_rule);
        enough == 0 || of_any() >= share(enough)
    }

    /// Whether a rule or the weights decide on a normalised utterance, whatever would be ranked.
    pub(crate) fn decides(&self, normalized: &str) -> bool {
        let ranking = (&[][..], FirstRanked::none);
        self.find(normalized, &self.see(normalized), None, ranking, |_| true).is_some()
    }

    /// The first rule that fits, as written. Where nothing was found, the weights or the ranking took
    /// the utterance for harmless.
    pub(crate) fn doubted(&self, normalized: &str) -> Option<Arc<str>> {
        let seen = self.see(normalized);
        let mut rules = self.guard.watches.iter().flat_map(|watch| &watch.rules);
        let rule = rules.find(|rule| seen.compose(&rule.composition).is_some())?;
        Some(rule.written.clone())
    }

    fn basis(
        &self,
        rule: &GuardRule,
        normalized: &str,
        seen: &ConceptsSeen<'_>,
    ) -> Option<GuardBasis> {
        let parts = seen.compose(&rule.composition)?.into_iter().map(|part| {
            let words = normalized.get(part.bytes).unwrap_or_default();
            (self.guard.concepts[part.concept].name.clone(), words.to_owned())
        });
        Some(GuardBasis::Rule { rule: rule.written.clone(), parts: parts.collect() })
    }

    /// The finding of the likeliest kind of a part. Of the intents of that kind, the best in `ranked`
    /// is acted on, else the first.
    fn find_likely(
        &self,
        likelihood: &Likelihood<'_>,
        features: &[SeenFeature<'_>],
        ranked: &[Ranked],
        is_served: impl Fn(usize) -> bool,
    ) -> Option<(GuardFinding, usize)> {
        let Likelihood { kind, of_any, .. } = *likelihood;
        let watches = self.guard.watches.iter().zip(&self.watches);
        let served = |(watch, watched): (&'_ Watch, &WatchedIntent)| {
            let intent = watched.intent.filter(|&intent| is_served(intent))?;
            Some((intent, watch.intent.clone()))
        };
        let of_kind = watches.filter(|(watch, _)| watch.kind == kind);
        let intents: Vec<(usize, IntentId)> = of_kind.filter_map(served).collect();
        let best = ranked.iter().find_map(|one| match one.target {
            Target::Intent(intent) => intents.iter().find(|(own, _)| *own == intent),
            Target::Entry(_) => None,
        });
        let (place, intent) = best.or_else(|| intents.first())?.clone();
        let reasons = self.weights.reasons(likelihood, features);
        let basis = GuardBasis::Likely { likelihood: of_any, reasons };
        Some((GuardFinding { kind, intent, basis }, place))
    }

    /// The finding of the most similar example that reaches the threshold of its watch, unless
    /// `elsewhere`, the cosine of the best entry, is larger.
    pub(crate) fn find_near(
        &self,
        base: &KnowledgeBase,
        bank: &QuestionBank,
        query: &Analyzed,
        elsewhere: f32,
        is_served: impl Fn(usize) -> bool,
    ) -> Option<(GuardFinding, usize)> {
        let mut best: Option<(f32, GuardFinding, usize)> = None;
        for (watch, watched) in self.guard.watches.iter().zip(&self.watches) {
            let (Some(near), Some(intent)) = (watch.near, watched.intent) else { continue };
            if !is_served(intent) {
                continue;
            }
            let Some((question, cosine)) = bank.most_similar(query, watched.examples.clone())
            else {
                continue;
            };
            let least = share(near).max(elsewhere);
            if cosine >= least && best.as_ref().is_none_or(|(most, ..)| cosine > *most) {
                let question: &IndexedQuestion = &bank.questions()[question as usize];
                let example = question.wording(base).to_owned();
                let basis = GuardBasis::Example { example, cosine };
                let finding =
                    GuardFinding { kind: watch.kind, intent: watch.intent.clone(), basis };
                best = Some((cosine, finding, intent));
            }
        }
        best.map(|(_, finding, intent)| (finding, intent))
    }

    /// The rule by which this entry must not answer the utterance at once: a veto that none of the
    /// entry's own questions and patterns has.
    pub(crate) fn veto(&self, seen: &ConceptsSeen<'_>, entry: &Entry) -> Option<&GuardRule> {
        let mut vetoes = self.guard.vetoes.iter();
        vetoes.find(|veto| {
            let has = |wording: &str| {
                let wording = normalize(wording).into_string();
                self.index.concepts.see(&wording).compose(&veto.composition).is_some()
            };
            let is_in_pattern = || match &entry.match_by {
                MatchBy::Smart | MatchBy::Exact => false,
                MatchBy::Contains(words) => words.iter().any(|word| has(word)),
                MatchBy::Regex(regexes) => regexes.iter().any(|regex| has(regex.as_str())),
            };
            seen.compose(&veto.composition).is_some()
                && !entry.questions().any(has)
                && !is_in_pattern()
        })
    }
}

/// Whether a kind is less than one that was found: anything beside a crisis, and what is no danger beside
/// a danger.
fn is_less(kind: GuardKind, found: GuardKind) -> bool {
    (found.is_crisis() && !kind.is_crisis()) || (found.is_danger() && !kind.is_danger())
}

/// For each concept the rules that are looked at where it is there. Of the concepts of a rule that is the
/// one whose shortest word is longest, and of these the one with the fewest words: few texts have it.
fn rules_by_concept(guard: &Guard) -> Vec<Vec<(u32, u32)>> {
    let selectivity = |concept: usize| {
        let Concept { words, alike, .. } = &guard.concepts[concept];
        let shortest = words.iter().chain(alike).map(|word| word.chars().count()).min();
        (shortest.unwrap_or_default(), Reverse(words.len() + alike.len()))
    };
    let mut rules = vec![Vec::new(); guard.concepts.len()];
    for (at, watch) in guard.watches.iter().enumerate() {
        for (number, rule) in watch.rules.iter().enumerate() {
            let concepts = rule.composition.terms.iter().map(|term| term.concept);
            if let Some(chosen) = concepts.max_by_key(|&concept| selectivity(concept)) {
                rules[chosen].push((at as u32, number as u32));
            }
        }
    }
    rules
}

/// A share of the whole, of thousandths.
fn share(thousandths: u16) -> f32 {
    f32::from(thousandths) / 1_000.0
}

#[cfg(test)]
mod tests {
    use jiff::civil::{Date, date};

    use super::*;
    use crate::knowledge::{Intent, IntentAction, SourceFile, Watch, questions_only};
    use crate::matching::{Band, Outcome, Reason, Snapshot};
    use crate::text::{Composition, CompositionTerm, Concept};

    const TODAY: Date = date(2026, 11, 22);

    const QUESTIONS: &str = r#"
{"id": "transfer.how", "question": "怎么转账", "similar": ["怎么给别人转账", "转账在哪里"]}
{"id": "refund.how", "question": "怎么申请退款", "similar": ["退款流程", "零钱怎么退款"]}
{"id": "fraud.prevent", "question": "怎么防骗子让我转账"}
"#;

    fn concept(name: &str, words: &[&str]) -> Concept {
        let words = words.iter().map(|&word| word.to_owned()).collect();
        Concept { name: name.to_owned(), words, alike: Vec::new() }
    }

    fn rule(written: &str, concepts: &[usize], without: &[usize]) -> GuardRule {
        let term = |&concept: &usize| CompositionTerm { concept, follows: true };
        let terms = concepts.iter().map(term).collect();
        let composition = Composition { terms, without: without.to_vec() };
        GuardRule { written: written.into(), composition }
    }

    fn intent(id: &str, examples: &[&str]) -> Intent {
        Intent {
            id: id.into(),
            priority: 10,
            examples: examples.iter().map(|&text| text.to_owned()).collect(),
            patterns: Vec::new(),
            line: None,
            action: IntentAction::Reply { text: "先停下".to_owned(), offer_human: false },
        }
    }

    fn watch(kind: GuardKind, intent: &str, near: Option<u16>, rules: Vec<GuardRule>) -> Watch {
        Watch { kind, intent: intent.into(), near, rules }
    }

    fn snapshot() -> Snapshot {
        let mut base = questions_only(QUESTIONS.as_bytes()).base.unwrap();
        base.intents = vec![
            intent("safety.fraud", &[]),
            intent("safety.crisis", &["我真的不想活下去了"]),
            intent("small.talk", &["骗子让我转账玩呢"]),
        ]
        .into();
        let fraud = rule("对方 > 要求 > 转账 - 防骗", &[0, 1, 2], &[3]);
        base.guard = Arc::new(Guard {
            concepts: vec![
                concept("对方", &["骗子", "客服", "他"]),
                concept("要求", &["让", "叫", "要"]),
                concept("转账", &["转账", "打钱"]),
                concept("防骗", &["怎么防"]),
                concept("别家", &["微信", "隔壁"]),
            ],
            harmless: vec!["他让你转账了吗".to_owned()],
            likely: [].into(),
            watches: vec![
                watch(GuardKind::Crisis, "safety.crisis", Some(800), Vec::new()),
                watch(GuardKind::Fraud, "safety.fraud", None, vec![fraud]),
                watch(GuardKind::Theft, "safety.missing", Some(500), vec![rule("转账", &[2], &[])]),
            ],
            vetoes: vec![rule("别家", &[4], &[])],
        });
        Snapshot::build(base).unwrap()
    }

    fn found(outcome: &Outcome) -> Option<(GuardKind, &str)> {
        outcome.guard.as_ref().map(|finding| (finding.kind, finding.intent.as_str()))
    }

    #[test]
    fn the_guard_goes_before_all_bands() {
        let snapshot = snapshot();
        let fraud = Some((GuardKind::Fraud, "safety.fraud"));
        let cases = [
            // (what it shows, utterance, finding)
            ("a rule", "客服一直让我快点转账", fraud),
            ("in Traditional characters", "客服一直讓我快點轉賬", fraud),
            ("an utterance that equals an example of small talk", "骗子让我转账玩呢", fraud),
            ("late in a long story", &format!("{}他叫我打钱", "说来话长".repeat(40)), fraud),
            ("an excluded concept", "怎么防骗子让我转账", None),
            ("inside a harmless sentence", "他让你转账了吗", None),
            ("a missing part", "客服让我等", None),
            ("an intent that does not exist", "转账", None),
        ];
        for (shows, utterance, expected) in cases {
            let outcome = snapshot.find(utterance, TODAY);
            assert_eq!(found(&outcome), expected, "{shows}");
            if let Some((_, intent)) = expected {
                assert_eq!(outcome.band, Band::Answer, "{shows}");
                assert_eq!(outcome.intent.as_ref().unwrap().as_str(), intent, "{shows}");
            }
        }
    }

    #[test]
    fn an_example_finds_what_is_similar_to_it() {
        let snapshot = snapshot();
        let crisis = Some((GuardKind::Crisis, "safety.crisis"));
        let outcome = snapshot.find("真的不想再活下去", TODAY);
        assert_eq!(found(&outcome), crisis);
        let GuardBasis::Example { example, cosine } = outcome.guard.unwrap().basis else {
            panic!("found by an example");
        };
        assert_eq!(example, "我真的不想活下去了");
        assert!((0.8..=1.0).contains(&cosine), "{cosine}");
        assert_eq!(found(&snapshot.find("怎么申请退款呢", TODAY)), None);
    }

    #[test]
    fn a_veto_keeps_an_entry_from_answering_at_once() {
        let snapshot = snapshot();
        assert_eq!(snapshot.find("怎么申请退款呀", TODAY).band, Band::Answer);
        let explanation = snapshot.explain("怎么申请隔壁退款", TODAY);
        assert_ne!(explanation.outcome.band, Band::Answer);
        assert_eq!(explanation.veto.as_deref(), Some("别家"));
        let mut base = snapshot.base.clone();
        let place = base.entries.place(&"refund.how".into()).unwrap();
        base.entries.edit()[place].similar_questions.push("隔壁退款流程".to_owned());
        let own = Snapshot::build(base).unwrap();
        let outcome = own.find("怎么申请隔壁退款", TODAY);
        assert_eq!(outcome.band, Band::Answer, "the entry is about it");
    }

    #[test]
    fn a_veto_holds_for_an_entry_that_is_found_by_a_pattern() {
        let of_pattern = |pattern: &str| {
            let mut base = snapshot().base;
            let place = base.entries.place(&"refund.how".into()).unwrap();
            base.entries.edit()[place].match_by = MatchBy::Contains(vec![pattern.to_owned()]);
            Snapshot::build(base).unwrap()
        };
        let snapshot = of_pattern("退款");
        let cases = [
            // (what it shows, snapshot, utterance, whether it is answered)
            ("no veto", &snapshot, "说说退款吧", true),
            ("a veto", &snapshot, "说说微信退款吧", false),
            ("a veto in the pattern", &of_pattern("微信退款"), "说说微信退款吧", true),
        ];
        for (shows, snapshot, utterance, is_answered) in cases {
            let outcome = snapshot.find(utterance, TODAY);
            assert_eq!(outcome.band == Band::Answer, is_answered, "{shows}");
            let first = outcome.ranked.first().map(|first| first.entry.as_str());
            assert_eq!(first == Some("refund.how"), is_answered, "{shows}");
        }
    }

    #[test]
    fn an_explanation_names_the_rule_and_the_words() {
        let snapshot = snapshot();
        let explanation = snapshot.explain("客服一直让我快点转账", TODAY);
        assert_eq!(explanation.reason, Reason::Guard(0));
        let text = explanation.to_string();
        let line = "规则“对方 > 要求 > 转账 - 防骗”：对方=“客服”，要求=“让”，转账=“转账”";
        assert!(text.contains(line), "{text}");
        assert!(text.contains("harmless"), "{text}");
    }

    #[test]
    fn the_shipped_guard_has_no_mistake() {
        let text = include_str!("../../../intents/guard.yaml");
        let file = SourceFile { path: "intents/guard.yaml".to_owned(), bytes: text.into() };
        let loaded = crate::knowledge::load(&[file], TODAY);
        let of_guard = loaded.diagnostics.iter().filter(|one| one.file == "intents/guard.yaml");
        // Alone, the file lacks the intents that it names.
        let told: Vec<String> = of_guard
            .filter(|one| one.code != "KB018")
            .map(|one| format!("{} {}", one.code, one.message))
            .collect();
        assert!(told.is_empty(), "{told:?}");
    }
}
