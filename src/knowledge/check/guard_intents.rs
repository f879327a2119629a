//! The intents that the shipped guard leads to, for roots that lack some of them.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::LazyLock,
};

use crate::knowledge::{
    diagnostics::{
        report::Report,
        source::{Source, SourceFile},
    },
    format::{
        drafts::Drafts,
        intent_file::{self, IntentDraft},
        parts::prose::Variables,
    },
    model::{
        guard::Guard,
        intent::{Intent, IntentAction},
    },
    yaml::parse,
};
use crate::text::normalize;

/// The files of the shipped root with intents of the guard.
const FILES: [&str; 4] = [
    include_str!("../../../intents/safety.yaml"),
    include_str!("../../../intents/urgent.yaml"),
    include_str!("../../../intents/compliance.yaml"),
    include_str!("../../../intents/invest.yaml"),
];

/// The intent that refuses a request without saying more about it.
const REFUSAL: &str = "illegal.request";

/// Words for variables of the shipped texts that a root does not define.
const WORDS: [(&str, &str); 4] = [
    ("platform", "本平台"),
    ("hotline", "官方客服电话"),
    ("service_hours", "服务时间内"),
    ("settings_entry", "设置"),
];

static SHIPPED: LazyLock<BTreeMap<String, IntentDraft>> = LazyLock::new(|| {
    let mut intents = BTreeMap::new();
    for text in FILES {
        let file = SourceFile { path: "intents/safety.yaml".to_owned(), bytes: text.into() };
        let sources = [Source::decode(&file)];
        let mut report = Report::new(&sources);
        if let Some(root) = parse::read(0, &sources[0], &mut report) {
            let read = intent_file::read(&root, &mut report).intents;
            intents.extend(read.into_iter().map(|intent| (intent.name().to_owned(), intent)));
        }
    }
    intents
});

/// The ids of intents that the guard names and the root lacks, while the program's own stand in.
pub(crate) fn missing(drafts: &Drafts, guard: &Guard) -> BTreeSet<String> {
    let known: BTreeSet<&str> = drafts
        .intents
        .iter()
        .filter_map(|intent| Some(intent.id.as_ref()?.value.as_str()))
        .collect();
    let named = guard.watches.iter().map(|watch| watch.intent.as_str());
    named.filter(|id| !known.contains(id) && SHIPPED.contains_key(*id)).map(str::to_owned).collect()
}

/// The program's own intents with these ids, without examples that the root has elsewhere.
pub(crate) fn shipped(ids: &BTreeSet<String>, drafts: &Drafts) -> Vec<Intent> {
    if ids.is_empty() {
        return Vec::new();
    }
    let of_entries = drafts.entries.iter().flat_map(|entry| &entry.questions);
    let of_intents = drafts.intents.iter().flat_map(|intent| &intent.examples);
    let asked: BTreeSet<String> = of_entries
        .chain(of_intents)
        .map(|question| normalize(&question.text).into_string())
        .collect();
    let entries = drafts.entries.iter().filter_map(|entry| entry.id.as_ref());
    let entries: BTreeSet<&str> = entries.map(|id| id.value.as_str()).collect();
    let words = WORDS.map(|(name, word)| (name.to_owned(), word.to_owned()));
    let mut variables: BTreeMap<String, String> = words.into();
    variables.extend(drafts.variables.clone().unwrap_or_default());
    let variables: Variables = Some(variables);
    let build = |id: &String| {
        let mut intent = SHIPPED.get(id)?.clone().build(&variables)?;
        // An entry that the root lacks cannot answer: the request is refused instead.
        if let IntentAction::Answer { entry } = &intent.action
            && !entries.contains(entry.as_str())
        {
            intent.action = SHIPPED.get(REFUSAL)?.clone().build(&variables)?.action;
        }
        intent.examples.retain(|example| !asked.contains(normalize(example).as_str()));
        Some(intent)
    };
    ids.iter().filter_map(build).collect()
}
