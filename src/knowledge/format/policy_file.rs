//! Reads `intents/policy.yaml`.

use std::{collections::BTreeMap, ops::RangeInclusive, sync::LazyLock};

use serde_json::Value;

use super::parts::{
    help_line,
    ids::{ids_schema, read_ids},
    json_schema::{about, each, list, number, object, text, version},
    prose::{Prose, Variables, fill_but},
};
use crate::knowledge::{
    diagnostics::{
        codes::Code,
        report::Report,
        source::{Located, Place},
    },
    model::{
        policy::Policy,
        texts::{PolicyText, SAFETY_LINE, TEXTS, Texts},
    },
    yaml::{fields::Fields, tree::Node, version::check_version},
};

const FILE_KEYS: &[&str] = &["version", "policy"];
const POLICY_KEYS: &[&str] = &[
    "answer_precision",
    "clarify_precision",
    "intent_precision",
    "answer_leaks_max",
    "clarify_leaks_max",
    "urgent_confidence",
    "clarify_choices",
    "misses_before_handoff",
    "utterance_max_chars",
    "agent_conversations_max",
    "queue_max",
    "welcome",
    "hot_questions",
    "fraud_classes",
    "timers",
    "texts",
];
const TIMER_KEYS: &[&str] = &[
    "offer_timeout_s",
    "queue_timeout_s",
    "agent_grace_s",
    "agent_remind_s",
    "idle_warn_s",
    "idle_close_s",
    "rating_timeout_s",
];
static TEXT_KEYS: LazyLock<Vec<&str>> = LazyLock::new(|| TEXTS.iter().map(|row| row.key).collect());

/// Ranges of the whole numbers of the policy.
const ANSWER_PRECISION: RangeInclusive<u32> = 500..=999;
const CLARIFY_PRECISION: RangeInclusive<u32> = 100..=999;
const INTENT_PRECISION: RangeInclusive<u32> = 300..=999;
const LEAKS: RangeInclusive<u32> = 1..=999;
const URGENT_CONFIDENCE: RangeInclusive<u32> = 200..=999;
const CLARIFY_CHOICES: RangeInclusive<u32> = 2..=5;
const MISSES: RangeInclusive<u32> = 1..=9;
const UTTERANCE_CHARS: RangeInclusive<u32> = 50..=2_000;
/// Conversations of one agent at a time; nobody types in more than 50.
const AGENT_CONVERSATIONS: RangeInclusive<u32> = 1..=50;
/// Customers in the queue; 10,000 is more than any shift serves in a day.
const QUEUE: RangeInclusive<u32> = 1..=10_000;
/// Longest timer: one day.
const SECONDS: RangeInclusive<u32> = 1..=24 * 60 * 60;
/// Lengths in characters.
const TEXT_CHARS: RangeInclusive<usize> = 1..=500;
const HOT_QUESTIONS_MAX: usize = 8;
/// Most classes of fraud; 20 is more than a compliance officer tells apart.
const FRAUD_CLASSES_MAX: usize = 20;

/// The policy as it is written, with variables in its texts.
#[derive(Clone, Debug)]
pub(crate) struct PolicyDraft {
    /// The numbers and timers; its texts are empty.
    numbers: Policy,
    pub(crate) hot_questions: Vec<Located<String>>,
    /// `None` when the key is missing, which means the default.
    pub(crate) fraud_classes: Option<Vec<Located<String>>>,
    welcome: Option<Prose>,
    texts: BTreeMap<&'static str, Prose>,
}

impl PolicyDraft {
    /// Every text that a customer reads.
    pub(crate) fn prose(&self) -> impl Iterator<Item = &Prose> {
        self.welcome.iter().chain(self.texts.values())
    }

    /// The text of a key, if it is written.
    pub(crate) fn text(&self, key: &str) -> Option<&Prose> {
        self.texts.get(key)
    }

    /// Makes the policy and fills its variables in; `None` when part of it could not be read.
    pub(crate) fn build(self, variables: &Variables) -> Option<Policy> {
        let written = |row: &PolicyText| match self.texts.get(row.key) {
            Some(text) => Some(text.filled(variables).into_owned()),
            None => default_text(row, variables),
        };
        let line = written(&SAFETY_LINE)?;
        let text = |row: &PolicyText| Some(help_line::with_line(row, written(row)?, &line));
        let fraud_classes =
            self.fraud_classes.map_or(self.numbers.fraud_classes.clone(), |classes| {
                classes.into_iter().map(|class| class.value).collect()
            });
        Some(Policy {
            welcome: self.welcome?.filled(variables).into_owned(),
            hot_questions: self.hot_questions.iter().map(|id| id.value.as_str().into()).collect(),
            texts: Texts::gathered(text)?,
            fraud_classes,
            ..self.numbers
        })
    }
}

/// Reads the policy.
pub(crate) fn read(root: &Node, report: &mut Report<'_>) -> Option<PolicyDraft> {
    let file = Fields::open(root, "policy.yaml ", FILE_KEYS, report)?;
    check_version(&file, report);
    let fields = Fields::open(file.require("policy", report)?, "policy ", POLICY_KEYS, report)?;
    let numbers = read_numbers(&fields, report);
    let welcome = fields.require("welcome", report);
    let welcome = welcome.and_then(|node| read_text(node, "welcome", &[], report));
    let hot_questions = match fields.require("hot_questions", report) {
        Some(_) => read_ids(&fields, "hot_questions", HOT_QUESTIONS_MAX, report),
        None => Vec::new(),
    };
    let fraud_classes = fields.get("fraud_classes");
    let fraud_classes =
        fraud_classes.map(|_| read_ids(&fields, "fraud_classes", FRAUD_CLASSES_MAX, report));
    let mut texts = BTreeMap::new();
    let found = fields.require("texts", report);
    if let Some(found) = found.and_then(|node| Fields::open(node, "texts ", &TEXT_KEYS, report)) {
        for row in TEXTS {
            let key = row.key;
            if !row.is_required() && found.get(key).is_none() {
                if !found.is_meant(key) {
                    note_default(key, found.place, report);
                }
                continue;
            }
            let text = found.require(key, report);
            let text = text.and_then(|node| read_text(node, key, row.filled, report));
            texts.extend(text.map(|text| (key, text)));
        }
    }
    Some(PolicyDraft { numbers, hot_questions, fraud_classes, welcome, texts })
}

/// The default of a text that the policy leaves out; `None` for a required text.
fn default_text(row: &PolicyText, variables: &Variables) -> Option<String> {
    let is_whole = |text: &String| {
        let known = |text: String, name: &&str| text.replace(&format!("{{{{{name}}}}}"), "");
        !row.filled.iter().fold(text.clone(), known).contains("{{")
    };
    row.defaults.iter().map(|text| fill_but(text, row.filled, variables)).find(is_whole)
}

fn note_default(key: &str, place: Place, report: &mut Report<'_>) {
    let message = format!("没有写 texts 的“{key}”，用程序自带的一句");
    let reason = "这个键比这份文件新；自带的话已经复核，但不知道您这里的情况";
    let mend = format!("想换成自己的话，就加上 {key}");
    report.add(Code::DefaultText, place, message, reason, mend);
}

fn read_numbers(fields: &Fields<'_>, report: &mut Report<'_>) -> Policy {
    let default = Policy::default();
    let mut number = |key: &str, range, default: u32| {
        fields.get(key).and_then(|node| node.number(key, range, report)).unwrap_or(default)
    };
    let answer_precision =
        number("answer_precision", ANSWER_PRECISION, default.answer_precision.into()) as u16;
    let clarify_precision =
        number("clarify_precision", CLARIFY_PRECISION, default.clarify_precision.into()) as u16;
    let intent_precision =
        number("intent_precision", INTENT_PRECISION, default.intent_precision.into()) as u16;
    let answer_leaks_max =
        number("answer_leaks_max", LEAKS, default.answer_leaks_max.into()) as u16;
    let clarify_leaks_max =
        number("clarify_leaks_max", LEAKS, default.clarify_leaks_max.into()) as u16;
    let urgent_confidence =
        number("urgent_confidence", URGENT_CONFIDENCE, default.urgent_confidence.into()) as u16;
    let clarify_choices =
        number("clarify_choices", CLARIFY_CHOICES, default.clarify_choices.into()) as u8;
    let misses_before_handoff =
        number("misses_before_handoff", MISSES, default.misses_before_handoff.into()) as u8;
    let utterance_max_chars =
        number("utterance_max_chars", UTTERANCE_CHARS, default.utterance_max_chars.into()) as u16;
    let agent_conversations_max = number(
        "agent_conversations_max",
        AGENT_CONVERSATIONS,
        default.agent_conversations_max.into(),
    ) as u8;
    let queue_max = number("queue_max", QUEUE, default.queue_max.into()) as u16;
    if clarify_precision > answer_precision
        && let Some(node) = fields.get("clarify_precision").or(fields.get("answer_precision"))
    {
        let message = "clarify_precision 大于 answer_precision";
        let reason = "反问的把握不会比直接回答的要求更高";
        report.add(Code::OutOfRange, node.place, message, reason, "改小 clarify_precision");
    }
    let policy = Policy {
        answer_precision,
        clarify_precision,
        intent_precision,
        answer_leaks_max,
        clarify_leaks_max,
        urgent_confidence,
        clarify_choices,
        misses_before_handoff,
        utterance_max_chars,
        agent_conversations_max,
        queue_max,
        ..default
    };
    let timers = fields.get("timers");
    match timers.and_then(|node| Fields::open(node, "timers ", TIMER_KEYS, report)) {
        Some(timers) => read_timers(&timers, policy, report),
        None => policy,
    }
}

fn read_timers(timers: &Fields<'_>, policy: Policy, report: &mut Report<'_>) -> Policy {
    let mut seconds = |key: &str, default: u32| {
        let node = timers.get(key);
        node.and_then(|node| node.number(key, SECONDS, report)).unwrap_or(default)
    };
    Policy {
        offer_timeout_s: seconds("offer_timeout_s", policy.offer_timeout_s),
        queue_timeout_s: seconds("queue_timeout_s", policy.queue_timeout_s),
        agent_grace_s: seconds("agent_grace_s", policy.agent_grace_s),
        agent_remind_s: seconds("agent_remind_s", policy.agent_remind_s),
        idle_warn_s: seconds("idle_warn_s", policy.idle_warn_s),
        idle_close_s: seconds("idle_close_s", policy.idle_close_s),
        rating_timeout_s: seconds("rating_timeout_s", policy.rating_timeout_s),
        ..policy
    }
}

fn read_text(
    node: &Node,
    key: &str,
    filled: &'static [&'static str],
    report: &mut Report<'_>,
) -> Option<Prose> {
    let text = node.text(key, report)?;
    if !text.has_length(key, TEXT_CHARS, report) {
        return None;
    }
    Some(Prose::keeping(text, filled))
}

/// The JSON Schema of `policy.yaml`.
pub(crate) fn schema() -> Value {
    let file = object(
        FILE_KEYS,
        &["version", "policy"],
        [("version", version()), ("policy", policy_schema())],
    );
    about(file, "机器人的目标准确率、时限和各种话")
}

fn policy_schema() -> Value {
    let mut fraud = list(&text(1..=80));
    fraud["maxItems"] = FRAUD_CLASSES_MAX.into();
    object(
        POLICY_KEYS,
        &["welcome", "hot_questions", "texts"],
        [
            (
                "answer_precision",
                about(number(ANSWER_PRECISION), "每 1000 次直接回答至少答对几次。默认 950"),
            ),
            (
                "clarify_precision",
                about(number(CLARIFY_PRECISION), "每 1000 次反问至少几次含正确条目"),
            ),
            (
                "intent_precision",
                about(number(INTENT_PRECISION), "每 1000 次按意图处理至少几次是对的。默认 850"),
            ),
            (
                "answer_leaks_max",
                about(number(LEAKS), "每 1000 句不该回答的话，最多几句被直接回答。默认 80"),
            ),
            (
                "clarify_leaks_max",
                about(number(LEAKS), "每 1000 句不该回答的话，最多几句被反问（给选项）。默认 400"),
            ),
            (
                "urgent_confidence",
                about(
                    number(URGENT_CONFIDENCE),
                    "讲诈骗的条目、有人有危险的意图，置信度到千分之几就直接答：晚答比错答更伤人",
                ),
            ),
            ("clarify_choices", about(number(CLARIFY_CHOICES), "反问最多给几个选项")),
            ("misses_before_handoff", about(number(MISSES), "连续几次没答上来就转人工")),
            ("utterance_max_chars", about(number(UTTERANCE_CHARS), "客户一句话最多几个字")),
            (
                "agent_conversations_max",
                about(number(AGENT_CONVERSATIONS), "一个坐席同时最多接待几个会话。默认 5"),
            ),
            (
                "queue_max",
                about(
                    number(QUEUE),
                    "最多几位客户同时排队，超出的请留言；有危险的客户不受限。默认 2000",
                ),
            ),
            ("welcome", about(text(TEXT_CHARS), "欢迎语")),
            (
                "hot_questions",
                about(ids_schema(HOT_QUESTIONS_MAX), "开始时显示的热门问题：条目编号"),
            ),
            (
                "fraud_classes",
                about(fraud, "反诈的合规类别：反问里有它们的条目，先说 clarify_fraud。默认 fraud"),
            ),
            ("timers", about(each(TIMER_KEYS, &[], &number(SECONDS)), "时限，单位秒")),
            ("texts", about(texts_schema(), "机器人的各种话")),
        ],
    )
}

fn texts_schema() -> Value {
    let required: Vec<&str> =
        TEXTS.iter().filter(|row| row.is_required()).map(|row| row.key).collect();
    let texts = TEXTS.iter().map(|row| (row.key, about(text(TEXT_CHARS), row.note)));
    object(&TEXT_KEYS, &required, texts)
}
