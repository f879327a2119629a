//! Builds the tree of one YAML file from the parser's events.

use std::{collections::BTreeMap, ops::ControlFlow};

use serde_yaml::granit_parser::{self, Event, Marker, Parser, ScalarStyle, StrInput, Tag};

use super::{
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
    let mut options = granit_parser::options! {
        emit_unresolved_aliases: true,
        emit_anchor_events: true,
        disallow_directives: true,
        flow_nesting_limit: NESTING_MAX,
        block_nesting_limit: NESTING_MAX,
    };
    options.set_emit_comments(false);
    let parser = Parser::new_from_str_with_options(source.text, options);
    let mut builder = TreeBuilder { file, source, parser, report, flow: Flow::Outside };
    match builder.document() {
        ControlFlow::Continue(node) => Some(node),
        ControlFlow::Break(()) => None,
    }
}

/// `Break` when the rest of the file cannot be read; the reason was reported.
type Read<T> = ControlFlow<(), T>;

struct TreeBuilder<'a, 's> {
    file: usize,
    source: &'a Source<'s>,
    parser: Parser<'s, StrInput<'s>>,
    report: &'a mut Report<'s>,
    /// What is around the next value.
    flow: Flow,
}

impl<'s> TreeBuilder<'_, 's> {
    fn document(&mut self) -> Read<Node> {
        loop {
            let (event, place) = self.next()?;
            if matches!(event, Event::StreamStart | Event::DocumentStart(..)) {
                continue;
            }
            if matches!(event, Event::StreamEnd) {
                let reason = "没有可以读取的内容";
                let mend = "写上 version: 1 和内容，或删掉这个文件";
                self.report.add(Code::MissingKey, place, "文件是空的", reason, mend);
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
                let reason = "“---”之后的内容属于另一份文档，不会被读取";
                let mend = "删掉“---”，或把后面的内容放到另一个文件";
                self.report.add(Code::Syntax, place, "一个文件里只能有一份文档", reason, mend);
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
                    syntax::explain(error.kind(), place, self.source, self.report);
                    return Read::Break(());
                }
            }
        }
    }

    fn node(&mut self, event: Event<'s>, place: Place) -> Read<Node> {
        if matches!(event, Event::SequenceStart(..) | Event::MappingStart(..)) {
            let outside = self.flow;
            self.flow = match self.source.text.as_bytes().get(place.start) {
                Some(b'[') => Flow::Brackets,
                Some(b'{') => Flow::Braces,
                _ => Flow::Outside,
            };
            let node = match event {
                Event::SequenceStart(..) => self.list(place),
                _ => self.map(place),
            };
            self.flow = outside;
            return node;
        }
        let Event::Scalar(text, style, ..) = event else {
            self.refuse(place, "别名（*）");
            return Read::Continue(Node { place, kind: NodeKind::Refused });
        };
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
        Read::Continue(Node { place, kind: NodeKind::Scalar(scalar) })
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
        loop {
            let (event, place) = self.next()?;
            if matches!(event, Event::MappingEnd) {
                let place = self.trimmed(Place { end: place.end.max(start.end), ..start });
                return Read::Continue(Node { place, kind: NodeKind::Map(pairs) });
            }
            let key = self.node(event, place)?;
            let (event, place) = self.next()?;
            let value = self.node(event, place)?;
            let NodeKind::Scalar(scalar) = key.kind else {
                if !matches!(key.kind, NodeKind::Refused) {
                    self.report.add(
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
                let first = self.report.name(*first);
                self.report.add(
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

    fn refuse_tag(&mut self, place: Place, tag: Option<&Tag>) {
        let what =
            tag.map_or_else(|| "标签（!）".to_owned(), |tag| format!("标签 {}", tag.original()));
        self.refuse(place, &what);
    }

    fn refuse(&mut self, place: Place, what: &str) {
        self.report.add(
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
