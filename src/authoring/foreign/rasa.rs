//! Training files of Rasa: intents with examples in `nlu`, texts in `responses`, and which follows
//! which in `rules` and `stories`.

use std::{borrow::Cow, collections::BTreeMap, sync::LazyLock};

use regex::Regex;

use super::{
    super::sheet::SheetMistake,
    question::{ForeignDefaults, ForeignQuestion, ForeignSheet, sheet},
};
use crate::knowledge::{Node, NodeKind, SourceFile, Written};

/// What the files say together.
#[derive(Default)]
struct Bot {
    /// Examples of each intent, and the line on which it stands.
    examples: BTreeMap<String, (usize, Vec<String>)>,
    /// The first text of each response.
    responses: BTreeMap<String, String>,
    /// The response that follows an intent.
    follows: BTreeMap<String, String>,
}

/// Makes a sheet of the YAML files of a Rasa bot, each with its name. Intents without a response of
/// text are told as unused.
pub fn rasa_sheet(
    files: &[SourceFile],
    defaults: &ForeignDefaults,
) -> Result<ForeignSheet, Vec<SheetMistake>> {
    let mut bot = Bot::default();
    for file in files {
        let Some(written) = Written::read(file) else {
            let message = format!("{} 不是能读的 YAML", file.path);
            let mend = "要 UTF-8，没有锚点和重复的键；先用 rasa data validate 检查";
            return Err(vec![SheetMistake::of_sheet(message, mend)]);
        };
        bot.read(&written);
    }
    let (mut questions, mut unused) = (Vec::new(), Vec::new());
    for (intent, (row, examples)) in &bot.examples {
        match bot.answer(intent) {
            Some(answer) if !examples.is_empty() => questions.push(ForeignQuestion {
                row: *row,
                wordings: examples.clone(),
                answer: answer.to_owned(),
            }),
            Some(_) | None => unused.push(format!("意图 {intent}（没有文字的回答）")),
        }
    }
    let mapped = ["intent 的 examples → 标准问、相似问", "responses 的 text → 答案"];
    Ok(ForeignSheet {
        template: "Rasa",
        mapped: mapped.map(str::to_owned).to_vec(),
        unused,
        sheet: sheet(questions, defaults)?,
    })
}

impl Bot {
    fn read(&mut self, written: &Written<'_>) {
        for item in items(written.root.value("nlu")) {
            let Some(intent) = item.value("intent").and_then(Node::raw_text) else { continue };
            let line = written.text.get(..item.place.start).unwrap_or_default();
            let row = line.matches('\n').count() + 1;
            let known = self.examples.entry(intent.to_owned()).or_insert((row, Vec::new()));
            known.1.extend(item.value("examples").into_iter().flat_map(examples));
        }
        if let Some(NodeKind::Map(pairs)) = written.root.value("responses").map(|node| &node.kind) {
            for (name, texts) in pairs {
                let text = items(Some(texts)).iter().find_map(|one| one.value("text")?.raw_text());
                if let Some(text) = text {
                    self.responses.entry(name.value.clone()).or_insert_with(|| text.to_owned());
                }
            }
        }
        for key in ["rules", "stories"] {
            for story in items(written.root.value(key)) {
                self.follow(items(story.value("steps")));
            }
        }
    }

    /// Notes the first response after each intent of a story.
    fn follow(&mut self, steps: &[Node]) {
        let mut asked: Option<&str> = None;
        for step in steps {
            if let Some(intent) = step.value("intent").and_then(Node::raw_text) {
                asked = Some(intent);
            } else if let Some(action) = step.value("action").and_then(Node::raw_text)
                && action.starts_with("utter_")
                && let Some(intent) = asked.take()
            {
                self.follows.entry(intent.to_owned()).or_insert_with(|| action.to_owned());
            }
        }
    }

    /// The text that answers an intent: that of its rule, or else of the response of its name.
    fn answer(&self, intent: &str) -> Option<&str> {
        let own = format!("utter_{intent}");
        let ruled = self.follows.get(intent).and_then(|name| self.responses.get(name));
        ruled.or_else(|| self.responses.get(&own)).map(String::as_str)
    }
}

fn items(node: Option<&Node>) -> &[Node] {
    match node.map(|node| &node.kind) {
        Some(NodeKind::List(items)) => items,
        _ => &[],
    }
}

/// The examples of an intent: lines that begin with `- `, or a list of texts.
fn examples(node: &Node) -> Vec<String> {
    if let NodeKind::List(items) = &node.kind {
        let text =
            |item: &Node| item.raw_text().or_else(|| item.value("text")?.raw_text()).map(plain);
        return items.iter().filter_map(text).collect();
    }
    let lines = node.raw_text().unwrap_or_default().lines();
    lines.filter_map(|line| line.trim().strip_prefix("- ")).map(plain).collect()
}

/// An example without the marks of entities: `[北京](city)` is 北京.
fn plain(example: &str) -> String {
    static ENTITY: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"\[([^\]]+)\](?:\([^)]*\)|\{[^}]*\})").expect("a valid pattern")
    });
    let text: Cow<'_, str> = ENTITY.replace_all(example.trim(), "$1");
    text.into_owned()
}
