//! The rule book: all rules, compiled for reviewing texts.

use std::{
    ops::Range,
    sync::{Arc, OnceLock},
};

use super::{
    compositions::{ComposedMatch, RuleCompositions},
    denials::Denied,
    letters::{LetterGap, Letters, shapes},
    likely::{LikelyBreach, RuleLikelihoods},
    patterns::RulePatterns,
    rule::{Denials, Rule, Speaker},
    words::{RuleMatch, RuleWords},
};
use crate::text::{Concept, Segmenter};

/// The operator's rules on what may be said.
///
/// # Examples
///
/// ```
/// use kefu::compliance::{Denials, Rule, RuleBook, Speaker};
///
/// let rule = Rule {
///     code: "CP001".to_owned(),
///     name: "承诺保本".to_owned(),
///     words: vec!["保本".to_owned()],
///     patterns: Vec::new(),
///     compositions: Vec::new(),
///     unless: vec!["确保本".to_owned()],
///     is_forbidden: true,
///     applies_to: vec![Speaker::Answer],
///     classes: Vec::new(),
///     source: "《关于规范金融机构资产管理业务的指导意见》".to_owned(),
///     mend: "说明不保本".to_owned(),
/// };
/// let denials = Denials { before: vec!["不".to_owned()], ..Denials::default() };
/// let book = RuleBook::new(vec![rule], Vec::new(), &denials);
/// let found = |text| book.review(text, Speaker::Answer, None).len();
/// assert_eq!(found("这款保 本"), 1);
/// assert_eq!(found("理财不保本，请确保本人操作"), 0);
/// ```
#[derive(Clone, Debug)]
pub struct RuleBook(Arc<Book>);

#[derive(Debug)]
struct Book {
    rules: Vec<Rule>,
    concepts: Vec<Concept>,
    denials: Denials,
    /// When the shipped weights count; `None`: never.
    likely: Option<LikelyBreach>,
    /// Compiled at the first review, or ahead of it.
    search: OnceLock<CompiledRules>,
}

/// The compiled words and patterns of all rules.
#[derive(Debug)]
struct CompiledRules {
    words: RuleWords,
    patterns: RulePatterns,
    compositions: RuleCompositions,
    /// For each rule, the longer words that make a find harmless.
    unless: Vec<Vec<Vec<char>>>,
    denied: Denied,
    denied_to_customers: Denied,
    likely: Option<RuleLikelihoods>,
    segmenter: Segmenter,
}

impl Default for RuleBook {
    /// Without rules: everything may be said.
    fn default() -> Self {
        Self::new(Vec::new(), Vec::new(), &Denials::default())
    }
}

/// A violation of a rule in a text.
#[derive(Clone, Debug)]
pub struct Violation<'b> {
    /// The violated rule.
    pub rule: &'b Rule,
    /// Its range in the text, in characters from 0.
    pub chars: Range<usize>,
}

impl Violation<'_> {
    /// The violating words as they stand in the reviewed text.
    pub fn words(&self, text: &str) -> String {
        text.chars().skip(self.chars.start).take(self.chars.len()).collect()
    }
}

impl RuleBook {
    /// Takes the rules, and the concepts that their compositions name. The order of the rules is
    /// the order of findings at one position. The words of the concepts are letters in plain form.
    pub fn new(rules: Vec<Rule>, concepts: Vec<Concept>, denials: &Denials) -> Self {
        Self::weighing(rules, concepts, denials, None)
    }

    /// As [`Self::new`], with the shipped weights for the rules that they know. Customers are judged
    /// without them.
    pub fn weighing(
        rules: Vec<Rule>,
        concepts: Vec<Concept>,
        denials: &Denials,
        likely: Option<LikelyBreach>,
    ) -> Self {
        let search = OnceLock::new();
        Self(Arc::new(Book { rules, concepts, denials: denials.clone(), likely, search }))
    }

    /// The rules, in their order.
    pub fn rules(&self) -> &[Rule] {
        &self.0.rules
    }

    /// The concepts that compositions of the rules name by their index.
    pub fn concepts(&self) -> &[Concept] {
        &self.0.concepts
    }

    /// Compiles the rules, so that the first text does not pay for it. Later calls do nothing.
    pub fn prepare(&self) {
        self.search();
    }

    fn search(&self) -> &CompiledRules {
        let Book { rules, concepts, denials, likely, search } = &*self.0;
        search.get_or_init(|| CompiledRules::new(rules, concepts, denials, *likely))
    }

    /// All violations in a text by this speaker, in order of position.
    ///
    /// `class` is the compliance class of an answer. The time is linear in the length of the text.
    pub fn review(&self, text: &str, speaker: Speaker, class: Option<&str>) -> Vec<Violation<'_>> {
        let letters = Letters::read(text);
        let CompiledRules {
            words,
            patterns,
            compositions,
            denied,
            denied_to_customers,
            likely,
            segmenter,
            ..
        } = self.search();
        let judges: Vec<bool> =
            self.rules().iter().map(|rule| rule.judges(speaker, class)).collect();
        let judges = |rule: usize| judges.get(rule).copied().unwrap_or(false);
        let mut found = words.find(&letters, judges, segmenter);
        found.extend(patterns.find(&letters, judges));
        let denied = match speaker {
            Speaker::Answer | Speaker::Agent => denied,
            Speaker::Customer => denied_to_customers,
        };
        found.retain(|found| {
            found.from < found.to
                && !self.is_harmless(&letters, *found)
                && !denied.covers(&letters, found.from, found.to)
        });
        let stands = |found: &ComposedMatch| {
            !self.has_harmless_part(&letters, found) && !denied.covers_parts(&letters, &found.parts)
        };
        let mut composed = compositions.find(&letters, judges, stands);
        let likely = likely.as_ref().filter(|_| speaker != Speaker::Customer);
        let weighed = likely.map(|likely| (likely, likely.judge(&letters)));
        if let Some((likely, parts)) = &weighed {
            let LikelyBreach { with_concepts, with_words, .. } = likely.limits();
            // An answer is longer, and was not typed in a hurry: a word in it counts.
            if speaker == Speaker::Agent {
                found.retain(|one| likely.bears(*one, with_words, parts));
            }
            composed.retain(|one| likely.bears(*one, with_concepts, parts));
        }
        // A word says more clearly what is wrong than the concepts around it.
        composed.retain(|one| !found.iter().any(|plain| plain.overlaps(*one)));
        found.extend(composed);
        if let Some((likely, parts)) = &weighed {
            // A warning does not hide what is forbidden.
            let is_told = |one: &RuleMatch| {
                found.iter().any(|told| {
                    let tells = told.rule == one.rule || self.rules()[told.rule].is_forbidden;
                    tells && told.from < one.to && one.from < told.to
                })
            };
            let alone = likely.alone(parts).filter(|one| judges(one.rule) && !is_told(one));
            let alone: Vec<RuleMatch> = alone.collect();
            found.extend(alone);
        }
        found.sort_by_key(|found| (found.rule, found.from, std::cmp::Reverse(found.to)));
        // Of overlapping finds of one rule, the first and longest is kept.
        found.dedup_by(|next, kept| next.rule == kept.rule && next.from < kept.to);
        found.sort_by_key(|found| (found.from, found.rule));
        found.into_iter().filter_map(|found| self.finding(&letters, found)).collect()
    }

    /// Whether the find is part of a longer, harmless word, or overlaps the start of one: 没有风险 in
    /// 没有风险评估.
    fn is_harmless(&self, letters: &Letters, found: RuleMatch) -> bool {
        self.search().unless.get(found.rule).into_iter().flatten().any(|word| {
            let first = found.to.saturating_sub(word.len());
            (first..found.to).any(|at| {
                let is_longer = at + word.len() > found.to;
                (is_longer || (at <= found.from && at + word.len() == found.to))
                    && letters.has_word_at(at, word)
                    && (at + 1..at + word.len()).all(|at| letters.gap_before(at) < LetterGap::Stop)
            })
        })
    }

    fn has_harmless_part(&self, letters: &Letters, found: &ComposedMatch) -> bool {
        found.parts.iter().any(|part| {
            let part = RuleMatch { rule: found.rule, from: part.start, to: part.end };
            self.is_harmless(letters, part)
        })
    }

    fn finding(&self, letters: &Letters, found: RuleMatch) -> Option<Violation<'_>> {
        let (first, last) = (letters.get(found.from)?, letters.get(found.to - 1)?);
        Some(Violation { rule: self.rules().get(found.rule)?, chars: first.from..last.to })
    }
}

impl CompiledRules {
    fn new(
        rules: &[Rule],
        concepts: &[Concept],
        denials: &Denials,
        likely: Option<LikelyBreach>,
    ) -> Self {
        let mut words = RuleWords::default();
        for (index, rule) in rules.iter().enumerate() {
            for word in &rule.words {
                words.add(index, word);
            }
        }
        let unless = rules
            .iter()
            .map(|rule| rule.unless.iter().map(|word| shapes(word)).collect())
            .collect();
        Self {
            words,
            patterns: RulePatterns::new(rules),
            compositions: RuleCompositions::new(rules, concepts),
            unless,
            denied: Denied::new(denials, Speaker::Answer),
            denied_to_customers: Denied::new(denials, Speaker::Customer),
            likely: likely.map(|limits| RuleLikelihoods::new(rules, limits)),
            segmenter: Segmenter::new([]),
        }
    }
}
