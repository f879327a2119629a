//! Text and tree of a YAML file, for tools that edit it and keep every other byte.

use super::role::FileRole;
use crate::knowledge::{
    diagnostics::{
        diagnostic::Diagnostic,
        report::Report,
        source::{Source, SourceFile},
    },
    yaml::{
        parse,
        tree::{Node, NodeKind},
    },
};

/// A YAML file with the place of everything in it.
#[derive(Debug)]
pub(crate) struct Written<'f> {
    /// The text without the byte order mark. Places count its bytes.
    pub(crate) text: &'f str,
    pub(crate) byte_order_mark: bool,
    pub(crate) root: Node,
}

impl<'f> Written<'f> {
    /// Reads a file; `None` when it is not text, not YAML, or holds a key twice, and so cannot be
    /// edited without a loss. [`load`](crate::knowledge::load) reports the reason.
    pub(crate) fn read(file: &'f SourceFile) -> Option<Self> {
        Self::read_or_told(file).ok()
    }

    /// Reads a file, or tells why it cannot be edited. Nothing is told of a file that is not text.
    pub(crate) fn read_or_told(file: &'f SourceFile) -> Result<Self, Vec<Diagnostic>> {
        let sources = [Source::decode(file)];
        let [source] = &sources;
        if source.undecoded.is_some() {
            return Err(Vec::new());
        }
        let mut report = Report::new(&sources);
        let root = parse::read(0, source, &mut report);
        let is_whole = !report.has_errors();
        let (text, byte_order_mark) = (source.text, source.byte_order_mark);
        match root {
            Some(root) if is_whole => Ok(Self { text, byte_order_mark, root }),
            Some(_) | None => Err(report.into_diagnostics()),
        }
    }

    /// The items under `entries` that are maps.
    pub(crate) fn entries(&self) -> impl Iterator<Item = &Node> {
        let items: &[Node] = match self.root.value("entries").map(|list| &list.kind) {
            Some(NodeKind::List(items)) => items,
            _ => &[],
        };
        items.iter().filter(|item| matches!(item.kind, NodeKind::Map(_)))
    }
}

impl Node {
    /// The value of a key; `None` also when this is not a map.
    pub(crate) fn value(&self, key: &str) -> Option<&Node> {
        let NodeKind::Map(pairs) = &self.kind else { return None };
        pairs.iter().find(|(known, _)| known.value == key).map(|(_, value)| value)
    }

    /// The text of a scalar, even one that looks like a number or a date.
    pub(crate) fn raw_text(&self) -> Option<&str> {
        match &self.kind {
            NodeKind::Scalar(scalar) => Some(&scalar.text),
            NodeKind::List(_) | NodeKind::Map(_) | NodeKind::Refused => None,
        }
    }
}

/// Whether kefu reads entries from a file with this path.
pub(crate) fn is_entry_file(path: &str) -> bool {
    FileRole::of(path) == FileRole::Entries
}

/// Whether tests are read from a file of that path.
pub(crate) fn is_test_file(path: &str) -> bool {
    FileRole::of(path) == FileRole::Tests
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_places_of_values_of_all_kinds() {
        let text = "entries:
  - id: a.b   # 编号
    question: '问 题'
    similar:  # 说法
      - 一
      - \"二\"
      # 之后
    answer: |
      甲
      乙

    tags: [丙, 丁]  # 标签
    compliance: {source: 戊,
      class: 己}
";
        let file = SourceFile { path: "knowledge/a.yaml".to_owned(), bytes: text.into() };
        let written = Written::read(&file).unwrap();
        let entry = written.entries().next().unwrap();
        let cases = [
            // (what it shows, key, text at its place)
            ("plain", "id", "a.b"),
            ("quoted", "question", "'问 题'"),
            ("a list", "similar", "- 一\n      - \"二\"\n      # 之后"),
            ("a block without its mark", "answer", "甲\n      乙"),
            ("a list in brackets", "tags", "[丙, 丁]"),
            ("a map in brackets", "compliance", "{source: 戊,\n      class: 己}"),
        ];
        for (shows, key, expected) in cases {
            let place = entry.value(key).unwrap().place;
            assert_eq!(written.text.get(place.start..place.end), Some(expected), "{shows}");
        }
    }
}
