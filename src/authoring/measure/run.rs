//! Counts what is found in sentences.

use jiff::civil::Date;

use super::figures::{FalseFind, GuardMeasure, Measure, MissedSentence, RuleMeasure, ShareOf};
use crate::compliance::{Rule, RuleBook, Speaker, Violation};
use crate::knowledge::{ExpectedFind, GuardKind, MeasuredGroup, MeasuredSentences, Said};
use crate::matching::{GuardFinding, Snapshot};

/// Reviews each sentence by the rules, and asks the guard of the snapshot about those of
/// customers.
///
/// Without a snapshot the guard finds nothing, so it is needed for sentences of the guard only.
pub fn measure(
    sentences: &MeasuredSentences,
    rules: &RuleBook,
    snapshot: Option<&Snapshot>,
    today: Date,
) -> Measure {
    let mut measured = Measure {
        rules: rules.rules().iter().map(RuleMeasure::of).collect(),
        guard: GuardKind::ALL.map(GuardMeasure::of).to_vec(),
        limits: sentences.floors.clone(),
        ..Measure::default()
    };
    for group in &sentences.groups {
        for said in &group.say {
            match &group.expected {
                ExpectedFind::Rule { code, speaker } => {
                    let found = review(rules, &said.text, *speaker);
                    if let Some(rule) = measured.rule(code) {
                        rule.expected(group, said, &found);
                    }
                }
                ExpectedFind::Allowed { speaker, .. } => {
                    let found = review(rules, &said.text, *speaker);
                    measured.allowed.count(!found.is_empty());
                    measured.found_falsely(group, said, &found);
                }
                ExpectedFind::Guard(kind) => {
                    let found = guard(snapshot, &said.text, today);
                    measured.kind(*kind).expected(group, said, found.map(|found| found.kind));
                }
                ExpectedFind::Harmless(_) => {
                    let found = guard(snapshot, &said.text, today);
                    measured.harmless.count(found.is_some());
                    if let Some(found) = found {
                        measured.kind(found.kind).found_falsely(group, said, &found);
                    }
                }
            }
        }
    }
    measured.rules.retain(|rule| rule.found.of > 0 || rule.false_count > 0);
    measured.guard.retain(|kind| kind.found.of > 0 || kind.false_count > 0);
    measured
}

/// What the rules find. An answer belongs to no class here: rules for some classes alone find
/// nothing.
fn review<'r>(rules: &'r RuleBook, text: &str, speaker: Speaker) -> Vec<Violation<'r>> {
    rules.review(text, speaker, None)
}

fn guard(snapshot: Option<&Snapshot>, text: &str, today: Date) -> Option<GuardFinding> {
    snapshot?.find(text, today).guard
}

impl Measure {
    fn rule(&mut self, code: &str) -> Option<&mut RuleMeasure> {
        self.rules.iter_mut().find(|rule| rule.code == code)
    }

    fn kind(&mut self, kind: GuardKind) -> &mut GuardMeasure {
        &mut self.guard[kind as usize]
    }

    fn found_falsely(&mut self, group: &MeasuredGroup, said: &Said, found: &[Violation<'_>]) {
        for rule in &mut self.rules {
            let of_rule = found.iter().filter(|violation| violation.rule.code == rule.code);
            let words: Vec<String> = of_rule.map(|one| one.words(&said.text)).collect();
            if !words.is_empty() {
                rule.false_count += 1;
                rule.falsely.extend(shown(group, said, words.join("”“")));
            }
        }
    }
}

impl RuleMeasure {
    fn of(rule: &Rule) -> Self {
        Self {
            code: rule.code.clone(),
            name: rule.name.clone(),
            found: ShareOf::default(),
            by_others: 0,
            missed: Vec::new(),
            false_count: 0,
            falsely: Vec::new(),
        }
    }

    fn expected(&mut self, group: &MeasuredGroup, said: &Said, found: &[Violation<'_>]) {
        let is_own = found.iter().any(|violation| violation.rule.code == self.code);
        let is_forbidden = found.iter().any(|violation| violation.rule.is_forbidden);
        self.found.count(is_own || is_forbidden);
        self.by_others += usize::from(is_forbidden && !is_own);
        if !is_own && !is_forbidden {
            self.missed.extend(missed(group, said, None));
        }
    }
}

impl GuardMeasure {
    fn of(kind: GuardKind) -> Self {
        Self {
            kind,
            found: ShareOf::default(),
            as_others: 0,
            missed: Vec::new(),
            false_count: 0,
            falsely: Vec::new(),
        }
    }

    fn expected(&mut self, group: &MeasuredGroup, said: &Said, found: Option<GuardKind>) {
        let is_own = found == Some(self.kind);
        self.found.count(is_own);
        if !is_own {
            self.as_others += usize::from(found.is_some());
            self.missed.extend(missed(group, said, found));
        }
    }

    fn found_falsely(&mut self, group: &MeasuredGroup, said: &Said, found: &GuardFinding) {
        self.false_count += 1;
        self.falsely.extend(shown(group, said, found.basis.to_string()));
    }
}

/// `None` for a sealed sentence, of which only the count is shown.
fn missed(
    group: &MeasuredGroup,
    said: &Said,
    instead: Option<GuardKind>,
) -> Option<MissedSentence> {
    let Said { at, text } = said.clone();
    (!group.is_sealed).then_some(MissedSentence { at, text, instead })
}

/// The same of a sentence that should not have been found.
fn shown(group: &MeasuredGroup, said: &Said, found: String) -> Option<FalseFind> {
    let Said { at, text } = said.clone();
    (!group.is_sealed).then_some(FalseFind { at, text, found })
}
