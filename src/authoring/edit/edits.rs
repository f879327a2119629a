//! The changes to one text, collected and then applied at once.

use std::ops::Range;

use super::{
    block,
    change::{KeyChange, Value},
    flow,
    scalar::{self, Context},
    steps::{Step, steps},
};
use crate::knowledge::{Node, NodeKind};

/// Changes to one YAML text.
#[derive(Debug)]
pub(crate) struct Edits<'t> {
    text: &'t str,
    /// How the lines of this text end.
    eol: &'static str,
    changes: Vec<TextEdit>,
}

#[derive(Debug)]
struct TextEdit {
    range: Range<usize>,
    with: String,
    /// Whole lines, each with its end, which come at the start of a line.
    is_lines: bool,
}

impl<'t> Edits<'t> {
    /// No changes so far. The nodes given later are those of this text.
    pub(crate) fn new(text: &'t str) -> Self {
        let eol = if text.contains("\r\n") { "\r\n" } else { "\n" };
        Self { text, eol, changes: Vec::new() }
    }

    /// Changes keys of a map. `order` says after which keys a new one is put.
    pub(crate) fn change_map(
        &mut self,
        map: &Node,
        order: &[&str],
        changes: &[(&'static str, KeyChange)],
    ) {
        let NodeKind::Map(pairs) = &map.kind else { return };
        if self.is_flow(map) {
            let with = flow::map(self.text, map, changes);
            self.replace(map.place.start..map.place.end, with);
            return;
        }
        for (name, change) in changes {
            let old = pairs.iter().find(|(key, _)| key.value == *name);
            match (old, change) {
                (Some((key, old)), KeyChange::Remove) => self.remove(key.place.start, old),
                (Some((_, old)), KeyChange::Inside(inner)) => self.change_map(old, order, inner),
                (Some((key, old)), KeyChange::Set(new)) => {
                    let pair = Pair { start: key.place.start, end: key.place.end, value: old };
                    self.set(&pair, new);
                }
                (None, KeyChange::Set(new)) => {
                    let rank = |name: &str| order.iter().position(|known| *known == name);
                    let before = pairs.iter().filter(|(key, _)| rank(&key.value) < rank(name));
                    let after = before.max_by_key(|(key, _)| rank(&key.value));
                    let Some((first, value)) = after.or(pairs.first()) else { continue };
                    let indent = self.column(first.place.start);
                    let start = self.line_start(first.place.start);
                    let is_own_line = start + indent == first.place.start
                        && self.text.get(start..first.place.start).is_some_and(is_blank);
                    let at = if after.is_none() && is_own_line {
                        start
                    } else {
                        self.next_line(self.end(value))
                    };
                    self.insert_lines(at, &block::pair(name, new, indent));
                }
                (None, KeyChange::Remove | KeyChange::Inside(_)) => {}
            }
        }
    }

    /// Adds maps at the end of the list that is the value of a key of a map.
    pub(crate) fn append(&mut self, map: &Node, key: &str, items: &[Value]) {
        let NodeKind::Map(pairs) = &map.kind else { return };
        let Some((key, whole)) = pairs.iter().find(|(known, _)| known.value == key) else { return };
        let there: &[Node] = if let NodeKind::List(there) = &whole.kind { there } else { &[] };
        match there {
            [.., last] if !self.is_flow(whole) => {
                let indent = self.column(self.dash(last));
                let at = self.next_line(self.end(last));
                let is_apart = match there {
                    [.., before, _] => {
                        let gap = self.text.get(self.end(before)..last.place.start);
                        gap.is_some_and(|gap| gap.replace('\r', "").contains("\n\n"))
                    }
                    _ => true,
                };
                for item in items {
                    let mut lines = if is_apart { vec![String::new()] } else { Vec::new() };
                    lines.extend(block::item(item, indent));
                    self.insert_lines(at, &lines);
                }
            }
            [.., last] => {
                let at = last.place.end;
                for item in items {
                    self.replace(at..at, format!(", {}", flow::value(item)));
                }
            }
            [] => {
                let indent = self.column(key.place.start) + 2;
                let lines = items.iter().enumerate().flat_map(|(at, item)| {
                    let gap = (at > 0).then(String::new);
                    gap.into_iter().chain(block::item(item, indent))
                });
                let lines: Vec<String> = lines.collect();
                let pair = Pair { start: key.place.start, end: key.place.end, value: whole };
                self.put_below(&pair, "", &lines);
            }
        }
    }

    /// The text with all changes; `None` if two of them meet, and nothing can be said for it.
    pub(crate) fn apply(mut self) -> Option<String> {
        // What is inserted comes before what is replaced at the same place.
        self.changes.sort_by_key(|edit| (edit.range.start, !edit.range.is_empty()));
        let mut out = String::with_capacity(self.text.len() + 1024);
        let mut at = 0;
        for edit in &self.changes {
            out.push_str(self.text.get(at..edit.range.start)?);
            if edit.is_lines && !out.is_empty() && !out.ends_with('\n') {
                out.push_str(self.eol);
            }
            out.push_str(&edit.with);
            at = edit.range.end;
        }
        out.push_str(self.text.get(at..)?);
        Some(out)
    }

    fn set(&mut self, pair: &Pair<'_>, new: &Value) {
        match (new, &pair.value.kind) {
            (Value::List(new) | Value::Row(new), NodeKind::List(items)) if !items.is_empty() => {
                self.set_list(pair.value, items, new);
            }
            (Value::Map(pairs), _) if pairs.is_empty() => self.put_beside(pair, "{}"),
            (Value::List(_) | Value::Map(_), _) => {
                let lines = block::pair("", new, self.column(pair.start));
                self.put_below(pair, "", lines.get(1..).unwrap_or_default());
            }
            (Value::Row(_) | Value::Facts(_), _) => self.put_beside(pair, &flow::value(new)),
            (Value::Word(word), _) => self.put_beside(pair, &scalar::word(word, Context::Block)),
            (Value::Text(text) | Value::Prose(text), _) => self.set_text(pair, text),
        }
    }

    fn set_list(&mut self, list: &Node, items: &[Node], new: &[String]) {
        if self.is_flow(list) {
            let with = flow::list(self.text, list, items, new);
            self.replace(list.place.start..list.place.end, with);
            return;
        }
        let texts: Vec<Option<&str>> = items.iter().map(Node::raw_text).collect();
        let dash = items.first().map_or(list.place.start, |item| self.dash(item));
        let indent = self.column(dash);
        let mut at = self.line_start(dash);
        for step in steps(&texts, new) {
            match step {
                Step::Keep(old) => at = self.next_line(self.end(&items[old])),
                Step::Replace(old, item) => {
                    let item = scalar::text(item, Context::Block);
                    let range = self.dash(&items[old]) + 1..self.end(&items[old]);
                    self.replace(range, format!(" {item}"));
                    at = self.next_line(self.end(&items[old]));
                }
                Step::Delete(old) => {
                    let end = self.next_line(self.end(&items[old]));
                    let start = self.line_start(self.dash(&items[old]));
                    self.replace(start..end, String::new());
                    at = end;
                }
                Step::Insert(item) => {
                    let item = scalar::text(item, Context::Block);
                    self.insert_lines(at, &[format!("{}- {item}", " ".repeat(indent))]);
                }
            }
        }
    }

    /// A text stays a block if it was one, and becomes one if it has several lines.
    fn set_text(&mut self, pair: &Pair<'_>, new: &str) {
        let header = self.block_header(pair);
        let lines = scalar::block_lines(new).filter(|_| header.is_some() || new.contains('\n'));
        let Some(lines) = lines else {
            return self.put_beside(pair, &scalar::text(new, Context::Block));
        };
        let old_indent = self.column(pair.value.place.start);
        match header.filter(|header| is_simple(header)) {
            Some(_) if old_indent > self.column(pair.start) => {
                let start = self.next_line(self.after_colon(pair));
                let lines = block::indented(&lines, old_indent).join(self.eol);
                self.replace(start..pair.value.place.end, lines);
            }
            _ => {
                let lines = block::indented(&lines, self.column(pair.start) + 2);
                self.put_below(pair, " |", &lines);
            }
        }
    }

    /// What stands after the colon, up to the end of the line, if that begins a block of text.
    fn block_header(&self, pair: &Pair<'_>) -> Option<&'t str> {
        let after = self.text.get(self.after_colon(pair)..)?;
        let header = after.split('\n').next()?.trim();
        header.starts_with(['|', '>']).then_some(header)
    }

    /// Writes a value on the line of its key.
    fn put_beside(&mut self, pair: &Pair<'_>, value: &str) {
        let start = self.after_colon(pair);
        self.replace(start..self.end(pair.value).max(start), format!(" {value}"));
    }

    /// Writes a value on the lines below its key; a comment beside the old one stays there.
    fn put_below(&mut self, pair: &Pair<'_>, header: &str, lines: &[String]) {
        let start = self.after_colon(pair);
        let end = self.end(pair.value).max(start);
        let rest = self.text.get(end..).and_then(|rest| rest.split(['\r', '\n']).next());
        let rest = rest.unwrap_or_default();
        let with = format!("{header}{rest}{}{}", self.eol, lines.join(self.eol));
        self.replace(start..end + rest.len(), with);
    }

    /// Takes a key and its value away, with their lines if there is nothing else on them.
    fn remove(&mut self, key: usize, value: &Node) {
        let start = self.line_start(key);
        let before = self.text.get(start..key).unwrap_or_default();
        let end = self.end(value);
        if is_blank(before) {
            self.replace(start..self.next_line(end), String::new());
        } else {
            // The other keys of the map go on below the dash.
            self.replace(start + before.trim_end().len()..end, String::new());
        }
    }

    fn replace(&mut self, range: Range<usize>, with: String) {
        self.changes.push(TextEdit { range, with, is_lines: false });
    }

    fn insert_lines(&mut self, at: usize, lines: &[String]) {
        let with = lines.iter().flat_map(|line| [line.as_str(), self.eol]).collect();
        self.changes.push(TextEdit { range: at..at, with, is_lines: true });
    }

    fn is_flow(&self, node: &Node) -> bool {
        self.text.get(node.place.start..).is_some_and(|rest| rest.starts_with(['[', '{']))
    }

    /// The byte after a value, without the comments that its place may hold.
    fn end(&self, node: &Node) -> usize {
        let last = match &node.kind {
            NodeKind::List(items) if !self.is_flow(node) => items.last(),
            NodeKind::Map(pairs) if !self.is_flow(node) => pairs.last().map(|(_, value)| value),
            NodeKind::Scalar(_) | NodeKind::List(_) | NodeKind::Map(_) | NodeKind::Refused => None,
        };
        last.map_or(node.place.end, |last| self.end(last))
    }

    fn after_colon(&self, pair: &Pair<'_>) -> usize {
        let rest = self.text.get(pair.end..).unwrap_or_default();
        rest.find(':').map_or(pair.end, |at| pair.end + at + 1)
    }

    fn line_start(&self, at: usize) -> usize {
        self.text.get(..at).and_then(|before| before.rfind('\n')).map_or(0, |end| end + 1)
    }

    fn next_line(&self, at: usize) -> usize {
        let rest = self.text.get(at..).unwrap_or_default();
        rest.find('\n').map_or(self.text.len(), |end| at + end + 1)
    }

    /// How many characters stand before a byte on its line.
    fn column(&self, at: usize) -> usize {
        self.text.get(self.line_start(at)..at).map_or(0, |before| before.chars().count())
    }

    /// The dash of an item, on its line or on one above.
    fn dash(&self, item: &Node) -> usize {
        let mut end = item.place.start;
        loop {
            let start = self.line_start(end);
            let line = self.text.get(start..end).unwrap_or_default();
            if line.trim_start().starts_with('-') {
                return end - line.trim_start().len();
            }
            let Some(above) = start.checked_sub(1) else { return item.place.start };
            end = above;
        }
    }
}

fn is_blank(text: &str) -> bool {
    text.trim().is_empty()
}

/// A key's first byte and the one after it, with its value.
struct Pair<'n> {
    start: usize,
    end: usize,
    value: &'n Node,
}

/// Whether the header of a block says nothing but that its lines are kept.
fn is_simple(header: &str) -> bool {
    let mark = header.split(' ').next().unwrap_or_default();
    matches!(mark, "|" | "|-" | "|+")
}
