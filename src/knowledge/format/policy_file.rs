//! Reads `intents/policy.yaml`.

use std::{collections::BTreeMap, ops::RangeInclusive};

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
    model::policy::{Policy, Texts},
    yaml::{fields::Fields, tree::Node, version::check_version},
};

const FILE_KEYS: &[&str] = &["version", "policy"];
const POLICY_KEYS: &[&str] = &[
    "answer_precision",
    "clarify_precision",
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
const TEXT_KEYS: &[&str] = &[
    "clarify",
    "fallback",
    "fallback_again",
    "queued",
    "off_hours",
    "no_agent",
    "agent_joined",
    "agent_lost",
    "back_to_bot",
    "left_queue",
    "message_kept",
    "idle",
    "rate",
    "rated",
    "secret_destroyed",
    "queue_unstaffed",
    "queue_staffed",
    "queue_full",
    "clarify_one",
    "clarify_fraud",
    "safety_line",
];

/// Texts that a policy may leave out, with their defaults: the first alternative whose
/// variables are all defined is used. The last alternative has no variables.
const DEFAULT_TEXTS: &[(&str, &[&str])] = &[
    (
        "queue_unstaffed",
        &[
            "抱歉，现在没有客服在线，什么时候回来还说不准。您的位置和排队时间都保留着：可以继续等，\
             也可以点“离开排队”后留言，或者拨打 {{hotline}}。",
            "抱歉，现在没有客服在线，什么时候回来还说不准。您的位置和排队时间都保留着：可以继续等，\
             也可以点“离开排队”后留言，或者拨打客服电话。",
        ],
    ),
    ("queue_staffed", &["有客服上线了，您还在原来的位置，请再等一下。"]),
    (
        "queue_full",
        &[
            "抱歉，排队的人太多，暂时排不上了。请留下问题和联系方式，我们会尽快处理；急事请拨打 {{hotline}}。\
             被骗、有危险打 110 或 96110，有人受伤打 120，心里难受打 12356。",
            "抱歉，排队的人太多，暂时排不上了。请留下问题和联系方式，我们会尽快处理；急事请拨打客服电话。\
             被骗、有危险打 110 或 96110，有人受伤打 120，心里难受打 12356。",
        ],
    ),
    ("clarify_one", &["您是想问「{{question}}」吗？"]),
    (
        "clarify_fraud",
        &["**正在转账、共享屏幕，或已给出验证码：** 请先停下，拨打 [110](tel:110) 或 \
           [96110](tel:96110)。"],
    ),
    (
        "safety_line",
        &["正在被骗或有危险，请拨打 [110](tel:110) 或 [96110](tel:96110)；有人受伤或有生命危险，\
           拨打 [120](tel:120)；心里难受，拨打 [12356](tel:12356)。"],
    ),
];

/// Variables that the dialogue fills in when it says the text.
fn kept(key: &str) -> &'static [&'static str] {
    match key {
        "off_hours" => &["next_opening"],
        "agent_joined" => &["agent"],
        "clarify_one" => &["question"],
        _ => &[],
    }
}

/// Whether a policy must have this text.
pub(crate) fn is_required_text(key: &str) -> bool {
    DEFAULT_TEXTS.iter().all(|(optional, _)| *optional != key)
}

/// Ranges of the whole numbers of the policy.
const ANSWER_PRECISION: RangeInclusive<u32> = 500..=999;
const CLARIFY_PRECISION: RangeInclusive<u32> = 100..=999;
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
        let written = |key: &str| match self.texts.get(key) {
            Some(text) => Some(text.filled(variables).into_owned()),
            None => default_text(key, variables),
        };
        let line = written("safety_line")?;
        let text = |key: &str| Some(help_line::with_line(key, written(key)?, &line));
        let fraud_classes =
            self.fraud_classes.map_or(self.numbers.fraud_classes.clone(), |classes| {
                classes.into_iter().map(|class| class.value).collect()
            });
        Some(Policy {
            welcome: self.welcome?.filled(variables).into_owned(),
            hot_questions: self.hot_questions.iter().map(|id| id.value.as_str().into()).collect(),
            texts: Texts {
                clarify: text("clarify")?,
                fallback: text("fallback")?,
                fallback_again: text("fallback_again")?,
                queued: text("queued")?,
                off_hours: text("off_hours")?,
                no_agent: text("no_agent")?,
                agent_joined: text("agent_joined")?,
                agent_lost: text("agent_lost")?,
                back_to_bot: text("back_to_bot")?,
                left_queue: text("left_queue")?,
                message_kept: text("message_kept")?,
                idle: text("idle")?,
                rate: text("rate")?,
                rated: text("rated")?,
                secret_destroyed: text("secret_destroyed")?,
                queue_unstaffed: text("queue_unstaffed")?,
                queue_staffed: text("queue_staffed")?,
                queue_full: text("queue_full")?,
                clarify_one: text("clarify_one")?,
                clarify_fraud: text("clarify_fraud")?,
            },
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
    let welcome = welcome.and_then(|node| read_text(node, "welcome", report));
    let hot_questions = match fields.require("hot_questions", report) {
        Some(_) => read_ids(&fields, "hot_questions", HOT_QUESTIONS_MAX, report),
        None => Vec::new(),
    };
    let fraud_classes = fields.get("fraud_classes");
    let fraud_classes =
        fraud_classes.map(|_| read_ids(&fields, "fraud_classes", FRAUD_CLASSES_MAX, report));
    let mut texts = BTreeMap::new();
    let found = fields.require("texts", report);
    if let Some(found) = found.and_then(|node| Fields::open(node, "texts ", TEXT_KEYS, report)) {
        for key in TEXT_KEYS {
            if !is_required_text(key) && found.get(key).is_none() {
                if !found.is_meant(key) {
                    note_default(key, found.place, report);
                }
                continue;
            }
            let text = found.require(key, report).and_then(|node| read_text(node, key, report));
            texts.extend(text.map(|text| (*key, text)));
        }
    }
    Some(PolicyDraft { numbers, hot_questions, fraud_classes, welcome, texts })
}

/// The default of a text that the policy leaves out; `None` for a required text.
fn default_text(key: &str, variables: &Variables) -> Option<String> {
    let (_, alternatives) = DEFAULT_TEXTS.iter().find(|(optional, _)| *optional == key)?;
    let is_whole = |text: &String| {
        let known = |text: String, name: &&str| text.replace(&format!("{{{{{name}}}}}"), "");
        !kept(key).iter().fold(text.clone(), known).contains("{{")
    };
    alternatives.iter().map(|text| fill_but(text, kept(key), variables)).find(is_whole)
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

fn read_text(node: &Node, key: &str, report: &mut Report<'_>) -> Option<Prose> {
    let text = node.text(key, report)?;
    if !text.has_length(key, TEXT_CHARS, report) {
        return None;
    }
    Some(Prose::keeping(text, kept(key)))
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
            (
                "texts",
                about(each(TEXT_KEYS, &required_texts(), &text(TEXT_CHARS)), "机器人的各种话"),
            ),
        ],
    )
}

fn required_texts() -> Vec<&'static str> {
    TEXT_KEYS.iter().copied().filter(|key| is_required_text(key)).collect()
}
