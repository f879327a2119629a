//! Entries of a root as the rows of a sheet.

use super::{
    column::{ByDefault, Column},
    file::{Sheet, SheetRow},
};
use crate::knowledge::{Located, Node, NodeKind, SourceFile, Written, is_entry_file};

/// All entries of a root in the order of files and lines, with all columns.
///
/// What a file's `defaults` say stands in each of its rows. Files that cannot be read as YAML
/// have no rows: check the root first.
pub fn export(files: &[SourceFile]) -> Sheet {
    let columns = Column::ALL.to_vec();
    let mut files: Vec<&SourceFile> =
        files.iter().filter(|file| is_entry_file(&file.path)).collect();
    files.sort_by(|a, b| a.path.cmp(&b.path));
    let mut rows = Vec::new();
    for file in files {
        let Some(written) = Written::read(file) else { continue };
        for entry in written.entries() {
            let cells = columns.iter().map(|column| cell(*column, &file.path, &written, entry));
            rows.push(SheetRow::new(rows.len() + 2, cells.collect()));
        }
    }
    Sheet { columns, rows }
}

/// What stands in the cell of an entry that is written in a file.
pub(in super::super) fn cell(
    column: Column,
    path: &str,
    written: &Written<'_>,
    entry: &Node,
) -> String {
    if column == Column::File {
        return path.to_owned();
    }
    match own_value(column, entry) {
        Some(node) => text_of(node),
        None => default_of(column, Some(written)),
    }
}

/// The value that is written in the entry itself.
pub(in super::super) fn own_value(column: Column, entry: &Node) -> Option<&Node> {
    column.path().iter().try_fold(entry, |node, key| node.value(key))
}

/// What holds for an entry of the file that does not say otherwise; `None`: of a new file.
pub(in super::super) fn default_of(column: Column, written: Option<&Written<'_>>) -> String {
    match column.by_default() {
        ByDefault::Nothing => String::new(),
        ByDefault::Word(word) => word.to_owned(),
        ByDefault::OfFile => {
            let defaults = written.and_then(|written| written.root.value("defaults"));
            let default = defaults.and_then(|defaults| defaults.value(column.key()));
            default.map_or_else(String::new, text_of)
        }
    }
}

fn text_of(node: &Node) -> String {
    match &node.kind {
        NodeKind::List(items) => {
            let items: Vec<&str> = items.iter().filter_map(Node::raw_text).collect();
            items.join("\n")
        }
        NodeKind::Scalar(scalar) => scalar.text.clone(),
        NodeKind::Map(pairs) => {
            let line = |(name, values): &(Located<String>, Node)| {
                format!("{}={}", name.value, text_of(values).replace('\n', ","))
            };
            pairs.iter().map(line).collect::<Vec<_>>().join("\n")
        }
        NodeKind::Refused => String::new(),
    }
}
