//! Lists and maps in brackets.

use std::ops::Range;

use super::{
    change::{KeyChange, Value},
    scalar::{self, Context},
    steps::{Step, steps},
};
use crate::knowledge::{Node, NodeKind};

/// A value as it stands between brackets, or on the line of its key when it is in some.
pub(super) fn value(value: &Value) -> String {
    match value {
        Value::Word(word) => scalar::word(word, Context::Flow),
        Value::Text(text) | Value::Prose(text) => scalar::text(text, Context::Flow),
        Value::List(items) | Value::Row(items) => {
            let items: Vec<String> =
                items.iter().map(|item| scalar::text(item, Context::Flow)).collect();
            format!("[{}]", items.join(", "))
        }
        Value::Facts(pairs) => {
            let pair = |(name, values): &(String, Vec<String>)| {
                let name = scalar::text(name, Context::Flow);
                format!("{name}: {}", self::value(&Value::Row(values.clone())))
            };
            format!("{{{}}}", pairs.iter().map(pair).collect::<Vec<_>>().join(", "))
        }
        Value::Map(pairs) => {
            let pairs: Vec<String> =
                pairs.iter().map(|(key, inner)| format!("{key}: {}", self::value(inner))).collect();
            format!("{{{}}}", pairs.join(", "))
        }
    }
}

/// A list in brackets with other items.
pub(super) fn list(text: &str, whole: &Node, items: &[Node], new: &[String]) -> String {
    let texts: Vec<Option<&str>> = items.iter().map(Node::raw_text).collect();
    let ranges = items.iter().map(|item| item.place.start..item.place.end).collect();
    let mut pieces = Pieces::new(text, whole, ranges);
    for step in steps(&texts, new) {
        match step {
            Step::Keep(at) => pieces.keep(at),
            Step::Replace(at, item) => pieces.put(at, &scalar::text(item, Context::Flow)),
            Step::Delete(_) => {}
            Step::Insert(item) => pieces.insert(&scalar::text(item, Context::Flow)),
        }
    }
    pieces.finish()
}

/// A map in braces with some keys changed.
pub(super) fn map(text: &str, whole: &Node, changes: &[(&'static str, KeyChange)]) -> String {
    let NodeKind::Map(pairs) = &whole.kind else { return String::new() };
    let ranges = pairs.iter().map(|(key, value)| key.place.start..value.place.end).collect();
    let mut pieces = Pieces::new(text, whole, ranges);
    for (at, (key, old)) in pairs.iter().enumerate() {
        let change = changes.iter().find(|(changed, _)| *changed == key.value);
        let new = match change.map(|(_, change)| change) {
            None => {
                pieces.keep(at);
                continue;
            }
            Some(KeyChange::Remove) => continue,
            Some(KeyChange::Inside(inner)) => map(text, old, inner),
            Some(KeyChange::Set(Value::List(new) | Value::Row(new))) => match &old.kind {
                NodeKind::List(items) => list(text, old, items, new),
                NodeKind::Scalar(_) | NodeKind::Map(_) | NodeKind::Refused => {
                    value(&Value::Row(new.clone()))
                }
            },
            Some(KeyChange::Set(new)) => value(new),
        };
        let named = text.get(key.place.start..old.place.start).unwrap_or_default();
        let named = if old.place.start > key.place.end { named } else { &key.value };
        let colon = if named.trim_end().ends_with(':') { "" } else { ": " };
        pieces.put(at, &format!("{named}{colon}{new}"));
    }
    for (key, change) in changes {
        if let KeyChange::Set(new) = change
            && !pairs.iter().any(|(known, _)| known.value == *key)
        {
            pieces.insert(&format!("{key}: {}", value(new)));
        }
    }
    pieces.finish()
}

/// What is between brackets, put together anew with the gaps that were there.
struct Pieces<'t> {
    text: &'t str,
    whole: Range<usize>,
    items: Vec<Range<usize>>,
    out: String,
    is_first: bool,
    /// The gap that belongs to what was put last: it holds the comment beside it.
    next_gap: usize,
}

impl<'t> Pieces<'t> {
    fn new(text: &'t str, whole: &Node, items: Vec<Range<usize>>) -> Self {
        let whole = whole.place.start..whole.place.end;
        let out = text.get(whole.start..=whole.start).unwrap_or_default().to_owned();
        Self { text, whole, items, out, is_first: true, next_gap: 0 }
    }

    fn keep(&mut self, at: usize) {
        let item = self.items.get(at).and_then(|item| self.text.get(item.clone()));
        self.put(at, item.unwrap_or_default());
    }

    /// An item in the place of an old one.
    fn put(&mut self, at: usize, item: &str) {
        // Something may have been put before what used to be the first.
        let is_new_gap = !self.is_first && self.next_gap == 0;
        self.out.extend([if is_new_gap { ", " } else { self.gap(self.next_gap) }, item]);
        (self.is_first, self.next_gap) = (false, at + 1);
    }

    fn insert(&mut self, item: &str) {
        let gap = match (self.is_first, self.items.is_empty()) {
            (true, true) => "",
            (true, false) => self.gap(0),
            (false, _) => ", ",
        };
        self.out.extend([gap, item]);
        self.is_first = false;
    }

    /// What stands before an item.
    fn gap(&self, at: usize) -> &'t str {
        let start = match at.checked_sub(1).and_then(|before| self.items.get(before)) {
            Some(before) => before.end,
            None => self.whole.start + 1,
        };
        let end = self.items.get(at).map_or(start, |item| item.start);
        self.text.get(start..end).unwrap_or_default()
    }

    fn finish(mut self) -> String {
        let tail = self.items.last().map_or(self.whole.end - 1, |last| last.end);
        let is_cut = (1..self.items.len()).contains(&self.next_gap);
        if is_cut && self.gap(self.next_gap).contains('\n') {
            self.out.push_str(self.gap(self.next_gap).trim_end_matches(' '));
        }
        self.out.push_str(self.text.get(tail..self.whole.end).unwrap_or_default());
        self.out
    }
}
