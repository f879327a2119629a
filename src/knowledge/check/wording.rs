//! Checks all texts of the bot against the rules of `compliance.yaml`.

use std::{
    borrow::Cow,
    collections::{BTreeSet, HashSet},
};

use sha2::{Digest, Sha256};

use crate::compliance::{Rule, Speaker, Violation};
use crate::knowledge::{
    diagnostics::{
        report::Report,
        source::{Located, Place},
    },
    format::{
        drafts::Drafts, intent_file::IntentDraft, parts::prose::Prose, policy_file::PolicyDraft,
    },
    model::entry::Status,
};
use crate::parallel::Threads;

/// Reports the words that a rule finds in answers and other texts.
pub(crate) fn check(
    drafts: &Drafts,
    harmless: &mut Harmless,
    threads: Threads,
    report: &mut Report<'_>,
) {
    let Some(book) = &drafts.rules else { return };
    let texts = texts(drafts);
    let spoken = threads.map(&texts, |text| Spoken::all(text, drafts));
    let spoken: Vec<(&SpokenText<'_>, &Spoken<'_>)> = (texts.iter().zip(&spoken))
        .flat_map(|(text, spoken)| spoken.iter().map(move |spoken| (text, spoken)))
        .collect();
    let unchecked: Vec<_> =
        spoken.iter().filter(|(_, spoken)| !harmless.has(spoken.hash)).copied().collect();
    let found = threads
        .map(&unchecked, |(text, spoken)| book.review(&spoken.words, Speaker::Answer, text.class));
    // A text with figures is filled in several ways, and most of its words are in each.
    let mut told = BTreeSet::new();
    for ((text, spoken), findings) in unchecked.iter().zip(&found) {
        for finding in findings {
            let Some((place, message)) = text.found(&spoken.words, finding, drafts, report) else {
                continue;
            };
            if told.insert((place, finding.rule.code.clone(), message.clone())) {
                report.add_finding(finding.rule, place, message);
            }
        }
    }
    let with_findings: HashSet<TextHash> = (unchecked.iter().zip(&found))
        .filter(|(_, findings)| !findings.is_empty())
        .map(|((_, spoken), _)| spoken.hash)
        .collect();
    let all = spoken.iter().map(|(_, spoken)| spoken.hash);
    harmless.texts = all.filter(|hash| !with_findings.contains(hash)).collect();
}

/// The texts without any finding under the current rules, so that a reload need not check them
/// again.
#[derive(Debug, Default)]
pub(crate) struct Harmless {
    rules: [u8; 32],
    texts: HashSet<TextHash>,
}

/// Hash of a text and its class: half of a SHA-256.
type TextHash = [u8; 16];

impl Harmless {
    /// Forgets all texts when the file of rules has changed.
    pub(crate) fn by_rules(&mut self, hash: [u8; 32]) {
        if self.rules != hash {
            *self = Self { rules: hash, texts: HashSet::new() };
        }
    }

    fn has(&self, text: TextHash) -> bool {
        self.texts.contains(&text)
    }
}

/// A text of the bot, as it is written in the file.
struct SpokenText<'d> {
    what: &'static str,
    written: &'d Located<String>,
    /// `None` for a text that may not hold variables.
    prose: Option<&'d Prose>,
    class: Option<&'d str>,
}

/// All texts that the bot may say.
fn texts(drafts: &Drafts) -> Vec<SpokenText<'_>> {
    fn prose<'d>(what: &'static str, prose: &'d Prose, class: Option<&'d str>) -> SpokenText<'d> {
        SpokenText { what, written: &prose.text, prose: Some(prose), class }
    }
    let values = drafts.variable_texts.iter();
    let values =
        values
            .map(|written| SpokenText { what: "变量的值", written, prose: None, class: None });
    let answers = drafts.entries.iter().filter(|entry| entry.status != Status::Retired);
    let answers = answers.flat_map(|entry| {
        let class = entry.class.as_ref().map(|class| class.value.as_str());
        let steps = entry.steps.iter().map(move |step| prose("步骤", step, class));
        let without = entry.without_figure.iter();
        let without = without.map(move |text| prose("without_figure ", text, class));
        let answer = entry.answer.iter().map(move |answer| prose("答案", answer, class));
        answer.chain(steps).chain(without)
    });
    let lines = drafts.classes.iter().flatten().filter_map(|(name, class)| {
        Some(prose("risk_line ", class.risk_line.as_ref()?, Some(name)))
    });
    let intents = drafts.intents.iter().flat_map(IntentDraft::prose);
    let intents = intents.map(|text| prose("意图的话", text, None));
    let policy = drafts.policy.iter().flat_map(PolicyDraft::prose);
    let policy = policy.map(|text| prose("机器人的话", text, None));
    let figures = drafts.figures.rows().flatten();
    let figures = figures.map(|row| SpokenText {
        what: "数的值",
        written: &row.value,
        prose: None,
        class: None,
    });
    values.chain(figures).chain(answers).chain(lines).chain(intents).chain(policy).collect()
}

/// A text as the bot says it, with its names filled in.
struct Spoken<'d> {
    words: Cow<'d, str>,
    hash: TextHash,
}

impl<'d> Spoken<'d> {
    /// All that a text says, as the figures in it change.
    fn all(text: &SpokenText<'d>, drafts: &'d Drafts) -> Vec<Self> {
        let Some(prose) = text.prose else {
            return vec![Self::new(text, Cow::Borrowed(text.written.value.as_str()))];
        };
        let fillings = drafts.fillings(prose).into_iter();
        fillings
            .map(|filling| Self::new(text, prose.filled_by(|name| filling.value(name))))
            .collect()
    }

    fn new(text: &SpokenText<'d>, words: Cow<'d, str>) -> Self {
        let mut sha = Sha256::new();
        // The length comes first, so that two pairs of class and text never give the same bytes.
        sha.update(text.class.map_or(u64::MAX, |class| class.len() as u64).to_le_bytes());
        sha.update(text.class.unwrap_or_default());
        sha.update(words.as_bytes());
        let mut hash = TextHash::default();
        hash.iter_mut().zip(sha.finalize()).for_each(|(half, whole)| *half = whole);
        Self { words, hash }
    }
}

impl SpokenText<'_> {
    /// The place and the message of a finding, unless it is reported elsewhere.
    fn found(
        &self,
        spoken: &str,
        finding: &Violation<'_>,
        drafts: &Drafts,
        report: &Report<'_>,
    ) -> Option<(Place, String)> {
        let (words, Violation { rule, chars }) = (finding.words(spoken), finding);
        if is_reported_at_variable(rule, self.written, &words, drafts) {
            return None;
        }
        let place = place_of(&words, chars.start, self.written, spoken, report);
        Some((place, format!("{}里有“{}”", self.what, words.replace('\n', " "))))
    }
}

/// Whether the words come from the value of a variable, where they are reported once for all uses.
fn is_reported_at_variable(
    rule: &Rule,
    written: &Located<String>,
    words: &str,
    drafts: &Drafts,
) -> bool {
    rule.classes.is_empty()
        && !written.value.contains(words)
        && (drafts.variable_texts.iter())
            .chain(drafts.figures.rows().flatten().map(|row| &row.value))
            .any(|text| text.value.contains(words))
}

/// The place of the words in the file; the whole text if they are not found word for word.
fn place_of(
    words: &str,
    from: usize,
    written: &Located<String>,
    spoken: &str,
    report: &Report<'_>,
) -> Place {
    let nth = spoken
        .match_indices(words)
        .take_while(|(at, _)| spoken.get(..*at).is_some_and(|before| before.chars().count() < from))
        .count();
    report.inside(written.place, words, nth)
}
