//! How likely a text breaks a rule, by the weights that ship.
//!
//! They were fitted offline on sentences that were written from the rules' names alone
//! (`assets/compliance/`). They find what no word names, and doubt a find in a sentence that says
//! the opposite.

use std::{
    collections::BTreeSet,
    ops::Range,
    sync::{Arc, LazyLock},
};

use super::{letters::Letters, rule::Rule, words::RuleMatch};
use crate::text::{ClassLikelihood, Classifier, LabelledText, fit_classifier};

static SHIPPED: LazyLock<Arc<Classifier>> = LazyLock::new(|| {
    let text = include_str!("../../../assets/compliance/weights.txt");
    let weights = Classifier::parse(text);
    Arc::new(weights.expect("the weights in the binary are whole; tests load them"))
});

/// How likely a text must break a rule, of 1,000, for the rules that the shipped weights know by
/// their code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LikelyBreach {
    /// Without a find of words, patterns or concepts.
    pub alone: u16,
    /// With concepts that meet; below it, they count as harmless.
    pub with_concepts: u16,
    /// With a word or a pattern of an agent, which say more clearly what is wrong; below it, they count
    /// as harmless. In an answer they always count.
    pub with_words: u16,
}

/// A sentence that the weights are fitted on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleSentence {
    /// As an agent types it.
    pub text: String,
    /// The code of the rule that it breaks; `None`: it may be said.
    pub code: Option<String>,
}

/// Fits the weights on sentences; the text of `assets/compliance/weights.txt` without its head.
/// The classes are the codes, in order.
pub fn fit_rules(sentences: &[RuleSentence]) -> String {
    let codes: BTreeSet<&str> = sentences.iter().filter_map(|one| one.code.as_deref()).collect();
    let codes: Vec<&str> = codes.into_iter().collect();
    let labelled = sentences.iter().map(|one| {
        let class = one.code.as_deref().and_then(|code| codes.iter().position(|own| *own == code));
        LabelledText { text: plain(&Letters::read(&one.text)), concepts: BTreeSet::new(), class }
    });
    fit_classifier(&codes, labelled.collect())
}

/// The weights for the rules of a book.
#[derive(Debug)]
pub(super) struct RuleLikelihoods {
    weights: Arc<Classifier>,
    /// The rule of each class, by its code.
    rules: Vec<Option<usize>>,
    limits: LikelyBreach,
}

/// How likely a part of a text breaks some rule.
#[derive(Debug)]
pub(super) struct JudgedPart {
    /// The letters of the part.
    letters: Range<usize>,
    /// The rule that is broken most likely, if the book has it.
    rule: Option<usize>,
    /// How likely any is broken, in thousandths.
    thousandths: f32,
}

impl RuleLikelihoods {
    pub(super) fn new(rules: &[Rule], limits: LikelyBreach) -> Self {
        let weights = SHIPPED.clone();
        let place = |code: &String| rules.iter().position(|rule| rule.code == *code);
        Self { rules: weights.classes().iter().map(place).collect(), weights, limits }
    }

    pub(super) fn limits(&self) -> LikelyBreach {
        self.limits
    }

    pub(super) fn judge(&self, letters: &Letters) -> Vec<JudgedPart> {
        let text = plain(letters);
        let chars = |bytes: Range<usize>| text.get(bytes).map_or(0, |text| text.chars().count());
        let judged = |ClassLikelihood { part, from, class, of_any, .. }: ClassLikelihood<'_>| {
            let from = chars(0..from);
            JudgedPart {
                letters: from..from + part.chars().count(),
                rule: self.rules[class],
                thousandths: of_any * 1_000.0,
            }
        };
        self.weights.likelihoods(&text, &[]).into_iter().map(judged).collect()
    }

    /// Whether a find counts: the weights do not know its rule, or a part around it is likely enough.
    /// `least` is how likely, in thousandths.
    pub(super) fn bears(&self, found: RuleMatch, least: u16, parts: &[JudgedPart]) -> bool {
        let is_around =
            |part: &&JudgedPart| part.letters.start < found.to && found.from < part.letters.end;
        !self.rules.contains(&Some(found.rule))
            || parts.iter().filter(is_around).any(|part| part.thousandths >= f32::from(least))
    }

    /// The parts that break a rule so likely that no find is needed.
    pub(super) fn alone<'p>(
        &self,
        parts: &'p [JudgedPart],
    ) -> impl Iterator<Item = RuleMatch> + use<'p> {
        let least = f32::from(self.limits.alone);
        parts.iter().filter(move |part| part.thousandths >= least).filter_map(|part| {
            let Range { start: from, end: to } = part.letters;
            Some(RuleMatch { rule: part.rule?, from, to })
        })
    }
}

/// The letters one after the other.
fn plain(letters: &Letters) -> String {
    letters.all.iter().map(|letter| letter.c).collect()
}
