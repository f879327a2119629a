//! Training files of Rasa: intents with examples in `nlu`, texts in `responses`, and which follows
//! which in `rules` and `stories`.

use std::{
    borrow::Cow,
    collections::{BTreeMap, BTreeSet},
    sync::LazyLock,
};

use regex::Regex;

use super::{
    super::sheet::SheetMistake,
    question::{ForeignBuilder, ForeignDefaults, ForeignQuestion, ForeignSheet},
};
use crate::knowledge::{Diagnostic, Node, NodeKind, Severity, SourceFile, Written};

/// What the files say together.
#[derive(Default)]
struct RasaFiles {
    /// Examples of each intent, and where it stands.
    examples: BTreeMap<String, IntentExamples>,
    /// The first text of each response.
    responses: BTreeMap<String, String>,
    /// The response that follows an intent.
    follows: BTreeMap<String, String>,
    /// What has no place in an entry.
    unused: Vec<String>,
}

struct IntentExamples {
    file: String,
    line: usize,
    texts: Vec<String>,
}

/// Keys that say nothing about questions and answers.
const SILENT_KEYS: [&str; 7] =
    ["version", "nlu", "responses", "templates", "rules", "stories", "intents"];

/// Makes a sheet of the YAML files of a Rasa read, each with its name. What is in them besides
/// examples and the texts that follow is told as unused.
pub fn rasa_sheet(
    files: &[SourceFile],
    defaults: &ForeignDefaults,
) -> Result<ForeignSheet, Vec<SheetMistake>> {
    let mut read = RasaFiles::default();
    let mut mistakes = Vec::new();
    for file in files {
        match Written::read_or_told(file) {
            Ok(written) => read.read(&file.path, &written),
            Err(found) => mistakes.push(unreadable(file, found)),
        }
    }
    if !mistakes.is_empty() {
        return Err(mistakes);
    }
    let mut builder = ForeignBuilder::default();
    let RasaFiles { examples, responses, follows, mut unused } = read;
    if responses.is_empty() {
        let message = "这些文件里没有 responses，例句没有答案";
        return Err(vec![SheetMistake::of_sheet(message, "把 domain.yml 一起写上")]);
    }
    for (intent, found) in examples {
        // The text that answers: that of its rule, or else of the response of its name.
        let ruled = follows.get(&intent).and_then(|name| responses.get(name));
        match ruled.or_else(|| responses.get(&format!("utter_{intent}"))) {
            Some(answer) if !found.texts.is_empty() => builder.questions.push(ForeignQuestion {
                file: Some(found.file),
                row: found.line,
                key: None,
                wordings: found.texts,
                answer: answer.clone(),
            }),
            Some(_) => unused.push(format!("意图 {intent}（没有例句）")),
            None => unused.push(format!("意图 {intent}（没有文字的回答）")),
        }
    }
    let sheet = builder.sheet(defaults)?;
    let mapped = ["intent 的 examples → 标准问、相似问", "responses 的 text → 答案"];
    Ok(ForeignSheet {
        template: "Rasa",
        mapped: mapped.map(str::to_owned).to_vec(),
        unused,
        skipped: builder.skipped,
        sheet,
    })
}

/// Why a file cannot be read: the first reason that was found.
fn unreadable(file: &SourceFile, found: Vec<Diagnostic>) -> SheetMistake {
    let mistake = match found.into_iter().find(|one| one.severity == Severity::Error) {
        Some(Diagnostic { code, span, message, mend, .. }) => SheetMistake {
            row: Some(span.line),
            code: Some(code.into_owned()),
            ..SheetMistake::of_sheet(message, mend)
        },
        None => SheetMistake::of_sheet("不是 UTF-8 的文本，或者超过 8 MB", "存成 UTF-8 再导入"),
    };
    SheetMistake { file: Some(file.path.clone()), ..mistake }
}

impl RasaFiles {
    fn read(&mut self, path: &str, written: &Written<'_>) {
        if let NodeKind::Map(pairs) = &written.root.kind {
            let others = pairs.iter().map(|(key, _)| key.value.as_str());
            let others = others.filter(|key| !SILENT_KEYS.contains(key));
            self.unused.extend(others.map(|key| format!("{path} 的 {key}")));
        }
        let ends: Vec<usize> = written.text.match_indices('\n').map(|(at, _)| at).collect();
        for item in items(written.root.value("nlu")) {
            let line = ends.partition_point(|end| *end < item.place.start) + 1;
            self.read_nlu(path, line, item);
        }
        // Rasa called them templates before version 2.
        for key in ["responses", "templates"] {
            if let Some(NodeKind::Map(pairs)) = written.root.value(key).map(|node| &node.kind) {
                for (name, variants) in pairs {
                    self.read_response(&name.value, items(Some(variants)));
                }
            }
        }
        for key in ["rules", "stories"] {
            for story in items(written.root.value(key)) {
                self.follow(items(story.value("steps")));
            }
        }
    }

    fn read_nlu(&mut self, path: &str, line: usize, item: &Node) {
        for kind in ["synonym", "lookup", "regex"] {
            if let Some(name) = item.value(kind).and_then(Node::raw_text) {
                self.unused.push(format!("{kind} {name}"));
            }
        }
        let Some(intent) = item.value("intent").and_then(Node::raw_text) else { return };
        let new = || IntentExamples { file: path.to_owned(), line, texts: Vec::new() };
        let known = self.examples.entry(intent.to_owned()).or_insert_with(new);
        known.texts.extend(item.value("examples").into_iter().flat_map(examples));
    }

    /// Keeps the first text of a response that is for everybody, and tells what else it has.
    fn read_response(&mut self, name: &str, variants: &[Node]) {
        // Only some are told what has a condition.
        let (any, some): (Vec<&Node>, Vec<&Node>) =
            variants.iter().partition(|one| one.value("condition").is_none());
        let variants = || any.iter().chain(&some);
        let texts: Vec<&str> = variants().filter_map(|one| one.value("text")?.raw_text()).collect();
        if texts.len() > 1 {
            self.unused.push(format!("{name} 的另外 {} 种说法", texts.len() - 1));
        }
        let parts: BTreeSet<&str> = variants()
            .filter_map(|one| if let NodeKind::Map(pairs) = &one.kind { Some(pairs) } else { None })
            .flatten()
            .map(|(key, _)| key.value.as_str())
            .filter(|key| *key != "text")
            .collect();
        self.unused.extend(parts.iter().map(|part| format!("{name} 的 {part}")));
        let Some(text) = texts.first() else { return };
        let slots: BTreeSet<&str> = SLOT.find_iter(text).map(|slot| slot.as_str()).collect();
        self.unused.extend(
            slots.iter().map(|slot| {
                format!("{name} 里的词槽 {slot}（原样留在答案里，要改成客户能看的话）")
            }),
        );
        let is_new = !self.responses.contains_key(name);
        if is_new {
            self.responses.insert(name.to_owned(), (*text).to_owned());
        } else {
            self.unused.push(format!("{name} 的另一处（先读到的算）"));
        }
    }

    /// Notes the first response after each intent of a story. The intents of an `or` are each
    /// followed by it.
    fn follow(&mut self, steps: &[Node]) {
        let intent_of = |step: &Node| step.value("intent")?.raw_text().map(str::to_owned);
        let mut asked: Vec<String> = Vec::new();
        let mut answered: Vec<String> = Vec::new();
        for step in steps {
            let either = items(step.value("or"));
            let intents: Vec<String> =
                std::iter::once(step).chain(either).filter_map(intent_of).collect();
            if either.iter().any(|one| intent_of(one).is_none()) {
                self.unused.push("or 里不是意图的部分".to_owned());
            }
            if !intents.is_empty() {
                asked = intents;
                answered.clear();
            } else if let Some(action) = step.value("action").and_then(Node::raw_text)
                && action.starts_with("utter_")
            {
                if asked.is_empty() && !answered.is_empty() {
                    let intents = answered.join("、");
                    self.unused.push(format!("意图 {intents} 之后的第二个回答 {action}"));
                }
                for intent in asked.drain(..) {
                    self.follows.entry(intent.clone()).or_insert_with(|| action.to_owned());
                    answered.push(intent);
                }
            }
        }
    }
}

/// A value that Rasa puts into a text: `{name}`.
static SLOT: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"\{[A-Za-z_][A-Za-z0-9_.]*\}").expect("a valid pattern"));

fn items(node: Option<&Node>) -> &[Node] {
    match node.map(|node| &node.kind) {
        Some(NodeKind::List(items)) => items,
        _ => &[],
    }
}

/// The examples of an intent: lines that begin with `- ` or another sign of a list, or a list of
/// texts.
fn examples(node: &Node) -> Vec<String> {
    if let NodeKind::List(items) = &node.kind {
        let text =
            |item: &Node| item.raw_text().or_else(|| item.value("text")?.raw_text()).map(plain);
        return items.iter().filter_map(text).collect();
    }
    let lines = node.raw_text().unwrap_or_default().lines();
    let marked = lines.filter_map(|line| line.trim().strip_prefix(['-', '*', '+', '•']));
    marked.filter(|text| !text.trim().is_empty()).map(plain).collect()
}

/// An example without the marks of entities: `[北京](city)` is 北京.
fn plain(example: &str) -> String {
    static ENTITY: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"\[([^\]]+)\](?:\([^)]*\)|\{[^}]*\})").expect("a valid pattern")
    });
    let text: Cow<'_, str> = ENTITY.replace_all(example.trim(), "$1");
    text.into_owned()
}
