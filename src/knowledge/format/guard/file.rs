//! Reads `guard.yaml` as a whole.

use std::{
    collections::BTreeMap,
    ops::RangeInclusive,
    sync::{Arc, LazyLock},
};

use crate::knowledge::{
    diagnostics::{
        report::Report,
        source::{Located, Source, SourceFile},
    },
    format::parts::{
        composition::{self, WrittenComposition},
        concepts::{ConceptTable, WORD_CHARS, read_words},
        ids::read_id,
    },
    model::guard::{Guard, GuardKind, GuardRule, LikelyEnough, Watch},
    yaml::{fields::Fields, parse, tree::Node, version::check_version},
};
use crate::text::normalize;

/// The path of the file from the root.
pub(crate) const PATH: &str = "intents/guard.yaml";

pub(crate) const FILE_KEYS: &[&str] =
    &["version", "harmless", "likely", "concepts", "watches", "vetoes"];
pub(crate) const WATCH_KEYS: &[&str] = &["kind", "intent", "near", "when"];

/// The similarity that counts, of 1,000. Below 500 nearly every utterance is similar to something.
pub(crate) const NEAR: RangeInclusive<u32> = 500..=1_000;

/// The likelihood that counts, of 1,000.
pub(crate) const ALONE: RangeInclusive<u32> = 500..=1_000;
pub(crate) const WITH_RULE: RangeInclusive<u32> = 0..=900;
pub(crate) const LIKELY_KEYS: &[&str] = &["alone", "with_rule"];

/// The keys of a map by kind, such as `likely`.
pub(crate) static KIND_KEYS: LazyLock<Vec<&'static str>> =
    LazyLock::new(|| GuardKind::ALL.map(GuardKind::as_str).to_vec());

/// The contents of the file.
#[derive(Clone, Debug)]
pub(crate) struct GuardDraft {
    pub(crate) guard: Arc<Guard>,
    /// The intents of its watches, with their places.
    pub(crate) intents: Vec<Located<String>>,
}

impl Guard {
    /// What the program comes with: `intents/guard.yaml` of the shipped root.
    ///
    /// # Panics
    ///
    /// If that file has a mistake, which a test forbids.
    pub fn shipped() -> Arc<Self> {
        static SHIPPED: LazyLock<Arc<Guard>> = LazyLock::new(|| {
            let text = include_str!("../../../../intents/guard.yaml");
            let file = SourceFile { path: PATH.to_owned(), bytes: text.into() };
            let sources = [Source::decode(&file)];
            let mut report = Report::new(&sources);
            let root = parse::read(0, &sources[0], &mut report);
            let draft = root.and_then(|root| read(&root, &mut report));
            draft.expect("the file that the program is built with is whole").guard
        });
        SHIPPED.clone()
    }
}

/// Reads the file; `None` when it is no map. A part with a mistake is reported and left out.
pub(crate) fn read(root: &Node, report: &mut Report<'_>) -> Option<GuardDraft> {
    let fields = Fields::open(root, "guard.yaml ", FILE_KEYS, report)?;
    check_version(&fields, report);
    let harmless = fields.get("harmless");
    let harmless =
        harmless.map(|list| read_words(list, "harmless", WORD_CHARS, as_utterance, report));
    let likely = read_likely(&fields, report);
    let concepts =
        fields.get("concepts").map(|node| ConceptTable::read(node, as_utterance, report));
    let mut concepts = concepts.unwrap_or_default();
    let (mut watches, mut intents) = (Vec::new(), Vec::new());
    for node in fields.list("watches", report) {
        if let Some((watch, intent)) = read_watch(node, &mut concepts, report) {
            watches.push(watch);
            intents.push(intent);
        }
    }
    watches.sort_by_key(|watch| watch.kind);
    let vetoes = fields.list("vetoes", report).iter();
    let vetoes = vetoes.filter_map(|node| read_rule(node, &mut concepts, report)).collect();
    concepts.check_used(report);
    let guard = Guard {
        concepts: concepts.concepts,
        harmless: harmless.unwrap_or_default(),
        likely,
        watches,
        vetoes,
    };
    Some(GuardDraft { guard: Arc::new(guard), intents })
}

fn read_likely(fields: &Fields<'_>, report: &mut Report<'_>) -> BTreeMap<GuardKind, LikelyEnough> {
    let node = fields.get("likely");
    let limits = node.and_then(|node| Fields::open(node, "likely ", &KIND_KEYS, report));
    let Some(limits) = limits else { return BTreeMap::new() };
    let mut limit = |kind: GuardKind| {
        let fields = Fields::open(limits.get(kind.as_str())?, "likely ", LIKELY_KEYS, report)?;
        let alone = fields.require("alone", report)?.number("alone", ALONE, report)?;
        let with_rule = fields.get("with_rule");
        let with_rule = with_rule.and_then(|node| node.number("with_rule", WITH_RULE, report));
        let with_rule = with_rule.unwrap_or_default() as u16;
        Some((kind, LikelyEnough { alone: alone as u16, with_rule }))
    };
    GuardKind::ALL.into_iter().filter_map(&mut limit).collect()
}

fn read_watch(
    node: &Node,
    concepts: &mut ConceptTable,
    report: &mut Report<'_>,
) -> Option<(Watch, Located<String>)> {
    let fields = Fields::open(node, "watches ", WATCH_KEYS, report)?;
    let kind =
        fields.require("kind", report).and_then(|node| node.choice("kind", &kinds(), report));
    let intent = fields.require("intent", report).and_then(|node| read_id(node, report));
    let near = fields.get("near").and_then(|node| node.number("near", NEAR, report));
    let rules = fields.list("when", report).iter();
    let rules = rules.filter_map(|node| read_rule(node, concepts, report)).collect();
    let intent = intent?;
    let watch = Watch {
        kind: kind?,
        intent: intent.value.as_str().into(),
        near: near.map(|near| near as u16),
        rules,
    };
    Some((watch, intent))
}

/// Words as utterances have them.
fn as_utterance(word: &str) -> String {
    normalize(word).into_string()
}

fn read_rule(
    node: &Node,
    concepts: &mut ConceptTable,
    report: &mut Report<'_>,
) -> Option<GuardRule> {
    let WrittenComposition { written, composition } = composition::read(node, concepts, report)?;
    Some(GuardRule { written: written.value.as_str().into(), composition })
}

/// The names of the kinds.
pub(crate) fn kinds() -> [(&'static str, GuardKind); GuardKind::ALL.len()] {
    GuardKind::ALL.map(|kind| (kind.as_str(), kind))
}
