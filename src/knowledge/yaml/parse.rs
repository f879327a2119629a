//! Builds the tree of one YAML file from the parser's events.

use std::{collections::BTreeMap, ops::ControlFlow};

use serde_yaml::granit_parser::{self, Event, Marker, Parser, ScalarStyle, StrInput, Tag};

use super::{
    stop::{REST_UNCHECKED, Stop, StopReason, YamlNote},
    syntax,
    tree::{Flow, Lookalike, Node, NodeKind, Notation, Scalar},
};
use crate::knowledge::diagnostics::{
    codes::Code,
    report::Report,
    source::{Located, Place, Source},
};

/// Deepest nesting of lists and maps. The formats need six.
const NESTING_MAX: usize = 16;

/// Reads one file. A file that cannot be read to its end is reported and gives `None`.
pub(crate) fn read<'s>(file: usize, source: &Source<'s>, report: &mut Report<'s>) -> Option<Node> {
    let attempt = attempt(file, source, &[]);
    attempt.notes.into_iter().for_each(|note| note.add_to(report));
    match attempt.outcome {
        Ok(node) => Some(node),
        Err(stop) => {
            syntax::explain(&stop, None, source, REST_UNCHECKED).add_to(report);
            None
        }
    }
}

/// One attempt to read a text to its end.
pub(super) struct Attempt {
    /// What was found on the way.
    pub(super) notes: Vec<YamlNote>,
    pub(super) outcome: Result<Node, Stop>,
}

/// A part of a file that was taken out so that the rest can be read.
#[derive(Clone, Debug)]
pub(super) struct Lost {
    pub(super) start: usize,
    pub(super) end: usize,
    /// The column, from 0, at which it begins.
    pub(super) column: usize,
    /// Whether it was a value whose key or dash is still there.
    pub(super) is_value: bool,
}

/// Reads a text from which some parts were taken out.
pub(super) fn attempt(file: usize, source: &Source<'_>, lost: &[Lost]) -> Attempt {
    let mut options = granit_parser::options! {
        emit_unresolved_aliases: true,
        emit_anchor_events: true,
        disallow_directives: true,
        flow_nesting_limit: NESTING_MAX,
        block_nesting_limit: NESTING_MAX,
    };
    options.set_emit_comments(false);
    let parser = Parser::new_from_str_with_options(source.text, options);
    let mut builder = TreeBuilder {
        file,
        source,
        parser,
        notes: Vec::new(),
        lost: lost.to_vec(),
        lines_lost: lost.iter().filter(|lost| !lost.is_value).map(|lost| lost.start).collect(),
        flow: Flow::Outside,
        stop: None,
    };
    let read = builder.document();
    let end = source.text.len();
    let outcome = match read {
        ControlFlow::Continue(node) => Ok(node),
        ControlFlow::Break(()) => Err(builder
            .stop
            .unwrap_or(Stop { why: StopReason::Empty, at: Place { file, start: end, end } })),
    };
    Attempt { notes: builder.notes, outcome }
}

/// `Break` when the rest of the file cannot be read; the reason is in `stop`.
type Read<T> = ControlFlow<(), T>;

struct TreeBuilder<'a, 's> {
    file: usize,
    source: &'a Source<'s>,
    parser: Parser<'s, StrInput<'s>>,
    notes: Vec<YamlNote>,
    /// What was taken out of the text. Lines are removed once their map is known.
    lost: Vec<Lost>,
    /// Where whole lines were taken out.
    lines_lost: Vec<usize>,
    /// What is around the next value.
    flow: Flow,
    stop: Option<Stop>,
}

impl<'s> TreeBuilder<'_, 's> {
    fn document(&mut self) -> Read<Node> {
        loop {
            let (event, place) = self.next()?;
            if matches!(event, Event::StreamStart | Event::DocumentStart(..)) {
                continue;
            }
            if matches!(event, Event::StreamEnd) {
                self.stop = Some(Stop { why: StopReason::Empty, at: place });
                return Read::Break(());
            }
            let node = self.node(event, place)?;
            self.end()?;
            return Read::Continue(node);
        }
    }

    /// Reports a second document: a file may hold only one.
    fn end(&mut self) -> Read<()> {
        loop {
            let (event, place) = self.next()?;
            if matches!(event, Event::StreamEnd) {
                return Read::Continue(());
            }
            if !matches!(event, Event::DocumentEnd) {
                self.stop = Some(Stop { why: StopReason::SecondDocument, at: place });
                return Read::Break(());
            }
        }
    }

    /// The next event; anchors and tags on the way are reported.
    fn next(&mut self) -> Read<(Event<'s>, Place)> {
        loop {
            let Some(next) = self.parser.next_event() else { return Read::Break(()) };
            match next {
                Ok((event, span)) => {
                    let place = self.place(span.start, span.end);
                    if let Some(tag) = span.tag_span() {
                        let place = self.place(tag.start, tag.end);
                        self.refuse_tag(place, event.tag());
                        // What the tag makes of the value does not matter any more.
                        if let Event::Scalar(text, ..) = event {
                            let style = ScalarStyle::DoubleQuoted;
                            let event = Event::Scalar(text, style, 0, None);
                            return Read::Continue((event, place));
                        }
                    }
                    if matches!(event, Event::Anchor(..)) {
                        self.refuse(place, "锚点（&）");
                        continue;
                    }
                    return Read::Continue((event, place));
                }
                Err(error) => {
                    let at = *error.marker();
                    let place = self.place(at, at);
                    let place = syntax::tab_near(error.kind(), place, self.source).unwrap_or(place);
                    let why = StopReason::Syntax(error.kind().clone());
                    self.stop = Some(Stop { why, at: place });
                    return Read::Break(());
                }
            }
        }
    }

    fn node(&mut self, event: Event<'s>, place: Place) -> Read<Node> {
        let is_list = matches!(event, Event::SequenceStart(..));
        if is_list || matches!(event, Event::MappingStart(..)) {
            let outside = self.flow;
            self.flow = match self.source.text.as_bytes().get(place.start) {
                Some(b'[') => Flow::Brackets,
                Some(b'{') => Flow::Braces,
                _ => Flow::Outside,
            };
            let node = if is_list { self.list(place) } else { self.map(place) };
            self.flow = outside;
            return node;
        }
        let Event::Scalar(text, style, ..) = event else {
            self.refuse(place, "别名（*）");
            return Read::Continue(Node { place, kind: NodeKind::Refused, is_damaged: false });
        };
        // The parser places an empty value at the colon before it.
        let covers = |lost: &Lost| {
            lost.is_value && (lost.start.saturating_sub(1)..lost.end).contains(&place.start)
        };
        if self.lost.iter().any(covers) {
            return Read::Continue(Node { place, kind: NodeKind::Refused, is_damaged: false });
        }
        // The parser gives an empty value as "~" with an empty place.
        let is_empty = place.start == place.end && style == ScalarStyle::Plain;
        let text = if is_empty { String::new() } else { text.into_owned() };
        let is_plain = style == ScalarStyle::Plain;
        let looks_like = is_plain.then(|| Lookalike::of(&text)).flatten();
        let (text, place) = match style {
            // A block ends with a line feed that belongs to its notation, not to the text.
            ScalarStyle::Literal | ScalarStyle::Folded => {
                (text.trim_end().to_owned(), self.trimmed(place))
            }
            ScalarStyle::Plain | ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted => {
                (text, place)
            }
        };
        let notation = match style {
            ScalarStyle::Plain => Notation::Plain,
            ScalarStyle::SingleQuoted => Notation::SingleQuoted,
            ScalarStyle::DoubleQuoted => Notation::DoubleQuoted,
            ScalarStyle::Literal => Notation::Literal,
            ScalarStyle::Folded => Notation::Folded,
        };
        let scalar = Scalar { text, looks_like, notation, flow: self.flow };
        Read::Continue(Node { place, kind: NodeKind::Scalar(scalar), is_damaged: false })
    }

    fn list(&mut self, start: Place) -> Read<Node> {
        let mut items = Vec::new();
        let mut end = start.end;
        loop {
            let (event, place) = self.next()?;
            if matches!(event, Event::SequenceEnd) {
                let place = Place { end: end.max(place.end.min(self.source.text.len())), ..start };
                return Read::Continue(Node {
                    place: self.trimmed(place),
                    kind: NodeKind::List(items),
                    is_damaged: false,
                });
            }
            let item = self.node(event, place)?;
            end = item.place.end;
            items.push(item);
        }
    }

    fn map(&mut self, start: Place) -> Read<Node> {
        let mut pairs: Vec<(Located<String>, Node)> = Vec::new();
        let mut seen: BTreeMap<String, Place> = BTreeMap::new();
        let mut has_other_keys = false;
        // Whether it holds the keys of two items, because the line between them was taken out.
        let mut is_merged = false;
        loop {
            let (event, place) = self.next()?;
            if matches!(event, Event::MappingEnd) {
                let is_damaged = self.take_damage(start, place.start) || is_merged;
                let place = self.trimmed(Place { end: place.end.max(start.end), ..start });
                // Without a key that is a word it is no group at all, which was reported.
                let is_refused = has_other_keys && pairs.is_empty();
                let kind = if is_refused { NodeKind::Refused } else { NodeKind::Map(pairs) };
                return Read::Continue(Node { place, kind, is_damaged });
            }
            let key = self.node(event, place)?;
            let (event, place) = self.next()?;
            let value = self.node(event, place)?;
            let NodeKind::Scalar(scalar) = key.kind else {
                has_other_keys = true;
                let is_variable = |start: usize| {
                    let from = start.saturating_sub(1);
                    self.source.text.get(from..).is_some_and(|text| text.starts_with("{{"))
                };
                if is_variable(key.place.start) {
                    self.note(
                        Code::Syntax,
                        key.place,
                        "以变量开头的文字没有加引号",
                        "YAML 把开头的花括号读成一组“键: 值”",
                        "用英文引号把整句括起来：\"{{名字}}…\"",
                    );
                } else if !matches!(key.kind, NodeKind::Refused) {
                    self.note(
                        Code::Syntax,
                        key.place,
                        "键必须是一个词",
                        "这里把列表或一组内容当成了键",
                        "检查缩进和冒号",
                    );
                }
                continue;
            };
            if let Some(first) = seen.get(&scalar.text) {
                let between = first.start..key.place.start;
                if is_merged || self.lines_lost.iter().any(|start| between.contains(start)) {
                    is_merged = true;
                    continue;
                }
                let span = self.source.span(*first);
                let first = format!("{}:{}:{}", self.source.path, span.line, span.column);
                self.note(
                    Code::DuplicateKey,
                    key.place,
                    format!("“{}”写了两次", scalar.text),
                    format!("同一组里的键只能出现一次（另一处：{first}）"),
                    "删掉其中一个",
                );
                continue;
            }
            seen.insert(scalar.text.clone(), key.place);
            pairs.push((Located { value: scalar.text, place: key.place }, value));
        }
    }

    /// Whether lines of a map were taken out, which may have held any of its keys.
    fn take_damage(&mut self, start: Place, end: usize) -> bool {
        let text = self.source.text;
        let line_start = text.get(..start.start).and_then(|before| before.rfind('\n'));
        let column = start.start - line_start.map_or(0, |at| at + 1);
        let before = self.lost.len();
        self.lost.retain(|lost| {
            let is_before = lost.start < start.start
                && text.get(lost.start..start.start).is_some_and(|gap| gap.trim().is_empty());
            let is_inside = (start.start..=end).contains(&lost.start);
            // A line that is not aligned may be one column off.
            lost.is_value || lost.column + 1 < column || !(is_before || is_inside)
        });
        self.lost.len() < before
    }

    /// Keeps a mistake for the report.
    fn note(
        &mut self,
        code: Code,
        place: Place,
        message: impl Into<String>,
        reason: impl Into<String>,
        mend: impl Into<String>,
    ) {
        let (message, reason, mend) = (message.into(), reason.into(), mend.into());
        self.notes.push(YamlNote { code, place, message, reason, mend });
    }

    fn refuse_tag(&mut self, place: Place, tag: Option<&Tag>) {
        let what =
            tag.map_or_else(|| "标签（!）".to_owned(), |tag| format!("标签 {}", tag.original()));
        self.refuse(place, &what);
    }

    fn refuse(&mut self, place: Place, what: &str) {
        self.note(
            Code::AnchorOrTag,
            place,
            format!("这里不能用{what}"),
            "以 & * ! 开头的内容在 YAML 里有特别的含义，不会按文字读取",
            "要的是文字，就用英文引号把整句括起来；要的是引用，就把内容写全",
        );
    }

    fn place(&self, start: Marker, end: Marker) -> Place {
        let start = start.byte_offset().unwrap_or_default();
        Place { file: self.file, start, end: end.byte_offset().unwrap_or(start).max(start) }
    }

    /// A place without the white space at its end.
    fn trimmed(&self, place: Place) -> Place {
        let end = place.start + self.source.slice(place).trim_end().len();
        Place { end, ..place }
    }
}
