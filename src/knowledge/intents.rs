//! Reads intent files.

use std::ops::RangeInclusive;

use regex::{Regex, RegexBuilder};

use super::{
    Code, HandoffTexts, Intent, IntentAction,
    entries::read_id,
    fields::Fields,
    markdown,
    prose::{Prose, Variables},
    question::{self, Question},
    report::Report,
    settings::check_version,
    source::Located,
    tree::{Kind, Node},
};
use crate::parallel::Threads;
use crate::text::normalize;

/// Largest compiled pattern, in bytes: about a thousand Han characters with wild cards.
/// All patterns run on every utterance.
const PATTERN_BYTES_MAX: usize = 1 << 20;

/// Lengths in characters; `schema` tells editors the same.
pub(super) const PATTERN_CHARS: RangeInclusive<usize> = 1..=1_000;
pub(super) const EXAMPLE_CHARS: RangeInclusive<usize> = 1..=60;
pub(super) const TEXT_CHARS: RangeInclusive<usize> = 1..=1_000;
/// As the texts of the policy that they stand in for.
pub(super) const OUTCOME_CHARS: RangeInclusive<usize> = 1..=500;
pub(super) const PRIORITY: RangeInclusive<u32> = 0..=99;
pub(super) const QUEUE_PRIORITY: RangeInclusive<u32> = 0..=9;

pub(super) const FILE_KEYS: &[&str] = &["version", "intents"];
pub(super) const INTENT_KEYS: &[&str] = &["id", "priority", "examples", "patterns", "action"];
pub(super) const REPLY_KEYS: &[&str] = &["type", "text", "offer_human"];
pub(super) const ANSWER_KEYS: &[&str] = &["type", "entry"];
pub(super) const HANDOFF_KEYS: &[&str] = &["type", "text", "texts", "priority"];
/// By what came of the handoff.
pub(super) const OUTCOME_KEYS: &[&str] = &["queued", "nobody", "closed"];

/// An intent as it is written; what could not be read is `None`, and reported.
#[derive(Clone, Debug)]
pub(crate) struct IntentDraft {
    pub(crate) id: Option<Located<String>>,
    priority: u8,
    pub(crate) examples: Vec<Question>,
    patterns: Vec<Regex>,
    pub(crate) action: Option<ActionDraft>,
}

/// What an intent leads to, texts unfilled.
#[derive(Clone, Debug)]
pub(crate) enum ActionDraft {
    Reply { text: Prose, offer_human: bool },
    Answer { entry: Located<String> },
    Handoff { text: Option<Prose>, texts: Box<OutcomeDrafts>, priority: u8 },
}

/// What is said of what came of a handoff, as it is written.
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
    /// The id, or a word in its place.
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
        self.text().into_iter().chain(outcomes.into_iter().flat_map(|texts| texts.iter()))
    }

    /// The intent, its text filled in; `None` when part of it could not be read.
    pub(crate) fn build(self, variables: &Variables) -> Option<Intent> {
        Some(Intent {
            id: self.id?.value.as_str().into(),
            priority: self.priority,
            examples: self.examples.into_iter().map(|example| example.text).collect(),
            patterns: self.patterns,
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
                    priority,
                },
            },
        })
    }
}

/// The intents of one file.
#[derive(Debug, Default)]
pub(crate) struct IntentList {
    pub(crate) intents: Vec<IntentDraft>,
    /// Whether every intent of the file is among them, with its id.
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
    let is_complete = matches!(list.kind, Kind::List(_))
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
    let has_words = ["examples", "patterns"]
        .into_iter()
        .any(|key| matches!(fields.get(key).map(|node| &node.kind), Some(Kind::List(items)) if !items.is_empty()));
    if !has_words {
        let message = "意图既没有 examples 也没有 patterns";
        report.add(
            Code::MissingKey,
            fields.place,
            message,
            "这样的意图永远不会出现",
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
                priority: priority.unwrap_or(5) as u8,
            })
        }
    }
}

fn read_text(node: &Node, report: &mut Report<'_>) -> Option<Prose> {
    let text = node.text("text", report)?;
    text.has_length("text", TEXT_CHARS, report).then(|| Prose::new(text))
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

/// Compiles a pattern. It will run in time linear to the utterance, by the nature of the `regex`
/// crate.
pub(crate) fn compile(text: &Located<String>, report: &mut Report<'_>) -> Option<Regex> {
    judge(text, compiled(text), report)
}

/// The same of many patterns, which takes a while; in their order.
pub(crate) fn compile_all(
    texts: &[Located<String>],
    threads: Threads,
    report: &mut Report<'_>,
) -> Vec<Option<Regex>> {
    let compiled = threads.map(texts, compiled);
    texts.iter().zip(compiled).map(|(text, compiled)| judge(text, compiled, report)).collect()
}

/// The pattern, and whether it is found in an empty text; `None` if it is of a forbidden length.
type Compiled = Option<Result<(Regex, bool), regex::Error>>;

fn compiled(text: &Located<String>) -> Compiled {
    let is_read = PATTERN_CHARS.contains(&text.value.chars().count());
    is_read.then(|| {
        let pattern = RegexBuilder::new(&text.value).size_limit(PATTERN_BYTES_MAX).build()?;
        let matches_nothing = matches_nothing(&pattern);
        Ok((pattern, matches_nothing))
    })
}

/// Says what is wrong with a pattern.
fn judge(text: &Located<String>, compiled: Compiled, report: &mut Report<'_>) -> Option<Regex> {
    if !text.has_length("patterns", PATTERN_CHARS, report) {
        return None;
    }
    let (message, reason, mend) = match compiled? {
        Ok((pattern, false)) => {
            warn_of_idle(text, report);
            return Some(pattern);
        }
        Ok((_, true)) => (
            "这个正则能匹配任何话".to_owned(),
            "它的每一部分都可有可无，什么也不写也算匹配".to_owned(),
            "至少要有一个必须出现的字，或用 ^ 和 $ 限定整句",
        ),
        Err(regex::Error::CompiledTooBig(_)) => (
            "正则太大".to_owned(),
            format!("编译后超过 {} KB", PATTERN_BYTES_MAX / 1024),
            "拆成几行，减少 {m,n} 的重复次数",
        ),
        Err(error) => (
            "正则写错了".to_owned(),
            // The last line of the message says what; those before draw it.
            error.to_string().lines().last().unwrap_or_default().trim().to_owned(),
            "按 Rust regex 的写法改正；不支持前后查找（?= ?! ?<= ?<!）和反向引用",
        ),
    };
    report.add(Code::Pattern, text.place, message, reason, mend);
    None
}

/// Whether the pattern is found in an empty text. Few can be: the others are told by their form,
/// without the memory that a first search takes.
fn matches_nothing(pattern: &Regex) -> bool {
    let least = regex_syntax::parse(pattern.as_str()).map(|hir| hir.properties().minimum_len());
    !matches!(least, Ok(Some(1..))) && pattern.is_match("")
}

/// Reports characters that no normalised utterance holds.
fn warn_of_idle(text: &Located<String>, report: &mut Report<'_>) {
    // Flags and classes have letters of their own.
    if ["(?", "\\p", "\\P", "[:"].iter().any(|special| text.value.contains(special)) {
        return;
    }
    let mut previous = ' ';
    for c in text.value.chars() {
        let is_idle = match c {
            _ if previous == '\\' => false,
            ' ' => true,
            _ if c.is_ascii() => c.is_ascii_uppercase(),
            _ => normalize(c.encode_utf8(&mut [0; 4])).as_str() != c.encode_utf8(&mut [0; 4]),
        };
        if is_idle {
            let place = report.inside(text.place, c.encode_utf8(&mut [0; 4]), 0);
            let message = format!("正则里的“{c}”不会在规范化后的话里出现");
            let reason = "匹配之前已去掉空格和标点，字母变小写，繁体变简体";
            report.add(Code::IdlePattern, place, message, reason, "去掉它，或写成规范化后的字");
            return;
        }
        previous = c;
    }
}

/// Reports a word with a number that is written in another way in normalised utterances.
fn warn_of_number(text: &Located<String>, report: &mut Report<'_>) {
    // What stands in a class is no word, nor is a character that may be missing.
    let mut words = vec![String::new()];
    let (mut previous, mut is_class) = (' ', false);
    for c in text.value.chars() {
        let is_written = !is_class && previous != '\\' && c.is_alphanumeric();
        match words.last_mut() {
            Some(word) if is_written => word.push(c),
            Some(word) => {
                if matches!(c, '?' | '*' | '{') {
                    word.pop();
                }
                words.push(String::new());
            }
            None => {}
        }
        is_class = previous != '\\' && (c == '[' || (is_class && c != ']'));
        previous = c;
    }
    let other = |word: &String| {
        let same = normalize(word).into_string();
        let is_other = same != *word && same.contains(|c: char| c.is_ascii_digit());
        is_other.then_some(same)
    };
    let Some((word, same)) = words.iter().find_map(|word| Some((word, other(word)?))) else {
        return;
    };
    let place = report.inside(text.place, word, 0);
    let message = format!("正则里的“{word}”不会在规范化后的话里出现");
    let reason = "匹配之前，数已写成阿拉伯数字，金额已写成“元”";
    report.add(Code::IdlePattern, place, message, reason, format!("改成“{same}”"));
}
