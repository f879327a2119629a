//! Reads intent files.

use std::ops::RangeInclusive;

use regex::Regex;
use serde_json::{Value, json};

use super::parts::{
    ids::read_id,
    json_schema::{about, id, line, list, number, object, text, truth, version},
    markdown,
    pattern::{PATTERN_CHARS, compile, warn_of_number},
    prose::{Prose, Variables},
    question::{self, Question},
};
use crate::knowledge::{
    diagnostics::{codes::Code, report::Report, source::Located},
    model::intent::{HandoffTexts, Intent, IntentAction},
    yaml::{
        fields::Fields,
        tree::{Node, NodeKind},
        version::check_version,
    },
};

/// Lengths in characters.
const EXAMPLE_CHARS: RangeInclusive<usize> = 1..=60;
const TEXT_CHARS: RangeInclusive<usize> = 1..=1_000;
const LINE_CHARS: RangeInclusive<usize> = 1..=200;
/// The limit of the texts in `policy.yaml` that these replace.
const OUTCOME_CHARS: RangeInclusive<usize> = 1..=500;
const PRIORITY: RangeInclusive<u32> = 0..=99;
const QUEUE_PRIORITY: RangeInclusive<u32> = 0..=9;

/// Priority in the queue of a handoff that names none.
const URGENCY: u8 = 5;

/// The same for an intent of safety; even a full queue takes this priority.
const SAFETY_URGENCY: u8 = 9;

const FILE_KEYS: &[&str] = &["version", "intents"];
const INTENT_KEYS: &[&str] = &["id", "priority", "examples", "patterns", "line", "action"];
const REPLY_KEYS: &[&str] = &["type", "text", "offer_human"];
const ANSWER_KEYS: &[&str] = &["type", "entry"];
const HANDOFF_KEYS: &[&str] = &["type", "text", "texts", "priority"];
/// Texts by the outcome of a handoff.
const OUTCOME_KEYS: &[&str] = &["queued", "nobody", "closed"];

/// An intent as it is written. A part that could not be read is `None` and was reported.
#[derive(Clone, Debug)]
pub(crate) struct IntentDraft {
    pub(crate) id: Option<Located<String>>,
    priority: u8,
    pub(crate) examples: Vec<Question>,
    patterns: Vec<Regex>,
    pub(crate) line: Option<Prose>,
    pub(crate) action: Option<ActionDraft>,
}

/// The action of an intent, with variables in its texts.
#[derive(Clone, Debug)]
pub(crate) enum ActionDraft {
    Reply { text: Prose, offer_human: bool },
    Answer { entry: Located<String> },
    Handoff { text: Option<Prose>, texts: Box<OutcomeDrafts>, priority: Option<u8> },
}

/// The texts for each outcome of a handoff, as they are written.
#[derive(Clone, Debug, Default)]
pub(crate) struct OutcomeDrafts {
    queued: Option<Prose>,
    pub(crate) nobody: Option<Prose>,
    pub(crate) closed: Option<Prose>,
}

impl OutcomeDrafts {
    fn iter(&self) -> impl Iterator<Item = &Prose> {
        [&self.queued, &self.nobody, &self.closed].into_iter().flatten()
    }

    fn build(&self, variables: &Variables) -> HandoffTexts {
        let filled = |text: &Option<Prose>| {
            text.as_ref().map(|text| markdown::plain(&text.filled(variables)))
        };
        HandoffTexts {
            queued: filled(&self.queued),
            nobody: filled(&self.nobody),
            closed: filled(&self.closed),
        }
    }
}

impl IntentDraft {
    /// The id, or a Chinese placeholder where the intent has none.
    pub(crate) fn name(&self) -> &str {
        self.id.as_ref().map_or("（没有编号）", |id| id.value.as_str())
    }

    /// The text that the customer reads first, if there is one.
    pub(crate) fn text(&self) -> Option<&Prose> {
        match self.action.as_ref()? {
            ActionDraft::Reply { text, .. } => Some(text),
            ActionDraft::Handoff { text, .. } => text.as_ref(),
            ActionDraft::Answer { .. } => None,
        }
    }

    /// Every text that the customer may read.
    pub(crate) fn prose(&self) -> impl Iterator<Item = &Prose> {
        let outcomes = match &self.action {
            Some(ActionDraft::Handoff { texts, .. }) => Some(texts),
            Some(ActionDraft::Reply { .. } | ActionDraft::Answer { .. }) | None => None,
        };
        self.text()
            .into_iter()
            .chain(&self.line)
            .chain(outcomes.into_iter().flat_map(|texts| texts.iter()))
    }

    /// Makes the intent and fills its variables in; `None` when part of it could not be read.
    pub(crate) fn build(self, variables: &Variables) -> Option<Intent> {
        let default_urgency =
            if self.priority >= Intent::SAFETY_PRIORITY { SAFETY_URGENCY } else { URGENCY };
        Some(Intent {
            id: self.id?.value.as_str().into(),
            priority: self.priority,
            examples: self.examples.into_iter().map(|example| example.text).collect(),
            patterns: self.patterns,
            line: self.line.map(|line| markdown::plain(&line.filled(variables))),
            action: match self.action? {
                ActionDraft::Reply { text, offer_human } => {
                    let text = text.filled(variables).into_owned();
                    IntentAction::Reply { text, offer_human }
                }
                ActionDraft::Answer { entry } => {
                    IntentAction::Answer { entry: entry.value.as_str().into() }
                }
                ActionDraft::Handoff { text, texts, priority } => IntentAction::Handoff {
                    text: text.map_or_else(String::new, |text| text.filled(variables).into_owned()),
                    texts: texts.build(variables),
                    priority: priority.unwrap_or(default_urgency),
                },
            },
        })
    }
}

/// The intents of one file.
#[derive(Debug, Default)]
pub(crate) struct IntentList {
    pub(crate) intents: Vec<IntentDraft>,
    /// Whether every intent of the file could be read, with its id.
    pub(crate) is_complete: bool,
}

/// Reads the intents of one file.
pub(crate) fn read(root: &Node, report: &mut Report<'_>) -> IntentList {
    let Some(fields) = Fields::open(root, "意图文件", FILE_KEYS, report) else {
        return IntentList::default();
    };
    check_version(&fields, report);
    let Some(list) = fields.require("intents", report) else { return IntentList::default() };
    let nodes = list.list("intents", report);
    let intents: Vec<IntentDraft> =
        nodes.iter().filter_map(|node| read_intent(node, report)).collect();
    let is_complete = matches!(list.kind, NodeKind::List(_))
        && intents.len() == nodes.len()
        && intents.iter().all(|intent| intent.id.is_some());
    IntentList { intents, is_complete }
}

fn read_intent(node: &Node, report: &mut Report<'_>) -> Option<IntentDraft> {
    let fields = Fields::open(node, "意图", INTENT_KEYS, report)?;
    let examples = fields.list("examples", report).iter();
    let examples = examples
        .filter_map(|node| question::read(node, "examples", EXAMPLE_CHARS, report))
        .collect();
    let has_words = ["examples", "patterns"].into_iter().any(|key| {
        match fields.get(key).map(|node| &node.kind) {
            Some(NodeKind::List(items)) => !items.is_empty(),
            Some(NodeKind::Refused) => true,
            Some(NodeKind::Scalar(_) | NodeKind::Map(_)) => false,
            None => fields.is_meant(key),
        }
    });
    if !has_words {
        let message = "意图既没有 examples 也没有 patterns";
        report.add(
            Code::MissingKey,
            fields.place,
            message,
            "没有话会匹配到这个意图",
            "至少写一句 examples",
        );
    }
    let patterns = fields.texts("patterns", report);
    let priority = fields.get("priority").and_then(|n| n.number("priority", PRIORITY, report));
    Some(IntentDraft {
        id: fields.require("id", report).and_then(|node| read_id(node, report)),
        priority: priority.unwrap_or(10) as u8,
        examples: question::without_repeats(examples, report),
        patterns: patterns
            .iter()
            .filter_map(|text| {
                let pattern = compile(text, report)?;
                warn_of_number(text, report);
                Some(pattern)
            })
            .collect(),
        line: fields.get("line").and_then(|node| read_line(node, report)),
        action: fields.require("action", report).and_then(|node| read_action(node, report)),
    })
}

fn read_action(node: &Node, report: &mut Report<'_>) -> Option<ActionDraft> {
    #[derive(Clone, Copy)]
    enum Type {
        Reply,
        Answer,
        Handoff,
    }
    let types = [("reply", Type::Reply), ("answer", Type::Answer), ("handoff", Type::Handoff)];
    let pairs = node.map("action", report)?;
    let Some((_, type_node)) = pairs.iter().find(|(key, _)| key.value == "type") else {
        let mend = "写 type: reply、type: answer 或 type: handoff";
        report.add(Code::MissingKey, node.place, "缺少“type”", "不知道意图要做什么", mend);
        return None;
    };
    match type_node.choice("type", &types, report)? {
        Type::Reply => {
            let fields = Fields::open(node, "reply ", REPLY_KEYS, report)?;
            let offer_human =
                fields.get("offer_human").and_then(|node| node.truth("offer_human", report));
            let text = fields.require("text", report)?;
            Some(ActionDraft::Reply {
                text: read_text(text, report)?,
                offer_human: offer_human.unwrap_or(false),
            })
        }
        Type::Answer => {
            let fields = Fields::open(node, "answer ", ANSWER_KEYS, report)?;
            let entry = fields.require("entry", report)?.text("entry", report)?;
            Some(ActionDraft::Answer { entry })
        }
        Type::Handoff => {
            let fields = Fields::open(node, "handoff ", HANDOFF_KEYS, report)?;
            let priority = fields
                .get("priority")
                .and_then(|node| node.number("priority", QUEUE_PRIORITY, report));
            let text = fields.get("text").and_then(|node| read_text(node, report));
            let texts = fields.get("texts").and_then(|node| read_outcomes(node, report));
            Some(ActionDraft::Handoff {
                text,
                texts: Box::new(texts.unwrap_or_default()),
                priority: priority.map(|priority| priority as u8),
            })
        }
    }
}

fn read_text(node: &Node, report: &mut Report<'_>) -> Option<Prose> {
    let text = node.text("text", report)?;
    text.has_length("text", TEXT_CHARS, report).then(|| Prose::new(text))
}

fn read_line(node: &Node, report: &mut Report<'_>) -> Option<Prose> {
    let line = node.text("line", report)?;
    let fits = line.has_length("line", LINE_CHARS, report) && line.is_one_line("line", report);
    fits.then(|| Prose::new(line))
}

fn read_outcomes(node: &Node, report: &mut Report<'_>) -> Option<OutcomeDrafts> {
    let fields = Fields::open(node, "texts ", OUTCOME_KEYS, report)?;
    let mut read = |key: &str, kept| {
        let text = fields.text(key, report)?;
        text.has_length(key, OUTCOME_CHARS, report).then(|| Prose::keeping(text, kept))
    };
    Some(OutcomeDrafts {
        queued: read("queued", &[]),
        nobody: read("nobody", &[]),
        closed: read("closed", &["next_opening"]),
    })
}

/// The JSON Schema of intent files.
pub(crate) fn schema() -> Value {
    object(
        FILE_KEYS,
        &["version", "intents"],
        [
            ("version", version()),
            (
                "intents",
                about(list(&intent_schema()), "意图：不是知识问题的话，例如转人工、致谢、求救"),
            ),
        ],
    )
}

fn intent_schema() -> Value {
    let mut intent = object(
        INTENT_KEYS,
        &["id", "action"],
        [
            ("id", about(id(), "编号，如 human.request")),
            (
                "priority",
                about(number(PRIORITY), "大的先；50 以上的，patterns 先于一切匹配。默认 10"),
            ),
            ("examples", about(list(&line(EXAMPLE_CHARS)), "例句：与条目的问法一起参加排序")),
            (
                "patterns",
                about(
                    list(&text(PATTERN_CHARS)),
                    "正则：匹配规范化之后的话（小写、简体、没有空格和标点）",
                ),
            ),
            (
                "line",
                about(
                    line(LINE_CHARS),
                    "守门的意图：一句现在该做什么；人工接待时单独说，话题没结束时说在每次回答前面",
                ),
            ),
            ("action", about(action_schema(), "要做的事")),
        ],
    );
    let some = |key: &str| json!({"required": [key], "properties": {key: {"minItems": 1}}});
    intent["anyOf"] = json!([some("examples"), some("patterns")]);
    intent
}

fn action_schema() -> Value {
    let kind = |word: &str| json!({"const": word});
    let words = || about(text(TEXT_CHARS), "说的话；可用 {{变量}}");
    let reply = object(
        REPLY_KEYS,
        &["type", "text"],
        [
            ("type", kind("reply")),
            ("text", words()),
            ("offer_human", about(truth(), "是否带一个转人工的按钮")),
        ],
    );
    let answer = object(
        ANSWER_KEYS,
        &["type", "entry"],
        [("type", kind("answer")), ("entry", about(id(), "用哪个条目回答"))],
    );
    let handoff = object(
        HANDOFF_KEYS,
        &["type"],
        [
            ("type", kind("handoff")),
            (
                "text",
                about(text(TEXT_CHARS), "先说的话，有人没人都说；不要许诺人工；可用 {{变量}}"),
            ),
            ("texts", about(outcomes_schema(), "转人工的结果；不写的用 policy.yaml 里的")),
            (
                "priority",
                about(
                    number(QUEUE_PRIORITY),
                    "排队的优先级，大的先。默认 5；意图的 priority 到 50（安全）的默认 9",
                ),
            ),
        ],
    );
    json!({"oneOf": [reply, answer, handoff]})
}

fn outcomes_schema() -> Value {
    let words = |when| about(text(OUTCOME_CHARS), when);
    object(
        OUTCOME_KEYS,
        &[],
        [
            ("queued", words("排上队了；代替 queued")),
            ("nobody", words("工作时间里没有客服在线；代替 no_agent")),
            ("closed", words("不在工作时间；代替 off_hours，可用 {{next_opening}}")),
        ],
    )
}
