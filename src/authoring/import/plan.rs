//! What the rows of a sheet ask for, as changes to the texts of files.

use std::collections::BTreeMap;

use super::super::{
    edit::{Edits, KeyChange, Value},
    sheet::{
        Column, Form, SheetMistake, SheetRow, cell, default_of, is_same, normalized, own_value,
    },
};
use super::outcome::{Imported, Missing};
use crate::knowledge::{
    Categories, Category, Node, NodeKind, SourceFile, Written, entry_key_order, first_hidden,
    is_entry_file,
};

/// A file of new entries before the first of them.
const NEW_FILE: &str = "# 由 kefu import 写入。\nversion: 1\nentries: []\n";

/// Collects row after row.
pub(super) struct Plan<'w> {
    categories: Categories,
    files: Vec<RowTarget<'w>>,
    /// The entries of all files by their ids.
    known: BTreeMap<&'w str, (usize, &'w Node)>,
    /// Entries for files that are not there yet, by path.
    new_files: BTreeMap<String, Vec<Value>>,
    /// The rows in which ids stood.
    seen: BTreeMap<String, usize>,
    mistakes: Vec<SheetMistake>,
    imported: Imported,
}

/// One file with what becomes of it.
struct RowTarget<'w> {
    path: &'w str,
    written: &'w Written<'w>,
    /// `None` as long as nothing changes.
    edits: Option<Edits<'w>>,
    new_entries: Vec<Value>,
}

impl<'w> RowTarget<'w> {
    fn edits(&mut self) -> &mut Edits<'w> {
        self.edits.get_or_insert_with(|| Edits::new(self.written.text))
    }
}

impl<'w> Plan<'w> {
    /// Nothing to change yet. `files` are the entry files of the root, by their paths.
    pub(super) fn new(files: &'w [(&'w str, Written<'w>)], categories: Categories) -> Self {
        let known = files.iter().enumerate().flat_map(|(at, (_, written))| {
            let ids = written.entries().map(|entry| (entry.value("id"), entry));
            ids.filter_map(move |(id, entry)| Some((id?.raw_text()?, (at, entry))))
        });
        let known = known.collect();
        let files = files.iter().map(|(path, written)| RowTarget {
            path,
            written,
            edits: None,
            new_entries: Vec::new(),
        });
        Self {
            categories,
            files: files.collect(),
            known,
            new_files: BTreeMap::new(),
            seen: BTreeMap::new(),
            mistakes: Vec::new(),
            imported: Imported::default(),
        }
    }

    /// Notes what a row asks for.
    pub(super) fn row(&mut self, columns: &[Column], row: &SheetRow) {
        let before = self.mistakes.len();
        self.note_row(columns, row);
        for mistake in self.mistakes.iter_mut().skip(before) {
            mistake.file.clone_from(&row.file);
        }
    }

    fn note_row(&mut self, columns: &[Column], row: &SheetRow) {
        let cells = columns.iter().zip(&row.cells);
        let cells: Vec<(Column, String)> =
            cells.map(|(column, cell)| (*column, normalized(*column, cell))).collect();
        // The checks of what is written would tell of its notation, which nobody typed.
        for (column, text) in &cells {
            let Some((_, hidden)) = first_hidden(text) else { continue };
            let message = match hidden {
                '\t' => "单元格里有制表符".to_owned(),
                _ => format!("单元格里有看不见的字符（U+{:04X}）", u32::from(hidden)),
            };
            self.mistakes.push(SheetMistake::at(row.number, *column, message, "删掉它重新输入"));
        }
        let id = text_in(&cells, Column::Id).to_owned();
        if id.is_empty() {
            let mend = "补上编号，或删掉这一行";
            self.mistakes.push(SheetMistake::at(row.number, Column::Id, "没有编号", mend));
            return;
        }
        if let Some(first) = self.seen.get(&id) {
            let message = format!("编号“{id}”在第 {first} 行已经有了");
            let mend = "一个条目只能有一行；删掉一行，或换一个编号";
            self.mistakes.push(SheetMistake::at(row.number, Column::Id, message, mend));
            return;
        }
        match self.known.get(id.as_str()) {
            Some((file, entry)) => self.change(*file, entry, &cells, row.number),
            None => self.add(&cells, row.number),
        }
        self.seen.insert(id, row.number);
    }

    /// Notes what becomes of entries that no row spoke of.
    pub(super) fn missing(&mut self, missing: Missing) {
        for (id, (file, entry)) in &self.known {
            if self.seen.contains_key(*id) {
                continue;
            }
            self.imported.missing += 1;
            let Some(target) = self.files.get_mut(*file) else { continue };
            let status = cell(Column::Status, target.path, target.written, entry);
            if missing == Missing::Retire && status != "retired" {
                let retired = KeyChange::Set(Value::Word("retired".to_owned()));
                target.edits().change_map(entry, entry_key_order(), &[("status", retired)]);
                self.imported.retired += 1;
            }
        }
    }

    /// The new texts, or everything that is wrong in the rows.
    pub(super) fn finish(self) -> Result<Imported, Vec<SheetMistake>> {
        let Self { files, new_files, mut mistakes, mut imported, .. } = self;
        let unwritten = |path: &str| {
            let message = format!("{path} 的写法太特别，改不了");
            SheetMistake::of_sheet(message, "请直接改这个文件")
        };
        for mut target in files {
            if !target.new_entries.is_empty() {
                let new = std::mem::take(&mut target.new_entries);
                let root = &target.written.root;
                target.edits().append(root, "entries", &new);
            }
            let RowTarget { path, written, edits: Some(edits), .. } = target else { continue };
            match edits.apply() {
                Some(text) => imported.files.push(file(path, &text, written.byte_order_mark)),
                None => mistakes.push(unwritten(path)),
            }
        }
        for (path, new) in new_files {
            let empty = file(&path, NEW_FILE, false);
            let text = Written::read(&empty).and_then(|written| {
                let mut edits = Edits::new(written.text);
                edits.append(&written.root, "entries", &new);
                edits.apply()
            });
            match text {
                Some(text) => imported.files.push(file(&path, &text, false)),
                None => mistakes.push(unwritten(&path)),
            }
        }
        imported.files.sort_by(|a, b| a.path.cmp(&b.path));
        if mistakes.is_empty() { Ok(imported) } else { Err(mistakes) }
    }

    fn change(&mut self, at: usize, entry: &Node, cells: &[(Column, String)], row: usize) {
        let Some(target) = self.files.get_mut(at) else { return };
        let path = text_in(cells, Column::File);
        if !path.is_empty() && path != target.path {
            let message = format!("这个条目在 {} 里，不在“{path}”", target.path);
            let mend = format!("写回 {} 或留空；要搬到别的文件，请直接改文件", target.path);
            self.mistakes.push(SheetMistake::at(row, Column::File, message, mend));
            return;
        }
        let changes = changes(entry, target, cells);
        if changes.is_empty() {
            self.imported.unchanged += 1;
        } else {
            target.edits().change_map(entry, entry_key_order(), &changes);
            self.imported.changed += 1;
        }
    }

    fn add(&mut self, cells: &[(Column, String)], row: usize) {
        let category = text_in(cells, Column::Category);
        let path = match text_in(cells, Column::File) {
            "" if self.categories.get(category).is_some() => {
                format!("knowledge/{category}/imported.yaml")
            }
            "" => {
                let named = self.categories.iter().find(|one| one.name == category);
                let mend = match named {
                    Some(Category { id, name, .. }) => format!("写 {id}（{name}）"),
                    None => format!("分类写 {} 之一，或写上文件", self.categories.listed()),
                };
                let message = match category {
                    "" => "新条目没有写文件，也没有写分类".to_owned(),
                    unknown => format!("没有“{unknown}”这个分类"),
                };
                self.mistakes.push(SheetMistake::at(row, Column::Category, message, mend));
                return;
            }
            path => path.to_owned(),
        };
        if !is_entry_file(&path) || !is_safe(&path) {
            let message = format!("条目不能写在“{path}”");
            let mend = "写成 knowledge/<分类>/<文件名>.yaml，或留空";
            self.mistakes.push(SheetMistake::at(row, Column::File, message, mend));
            return;
        }
        self.imported.added += 1;
        let target = self.files.iter_mut().find(|target| target.path == path);
        let entry = new_entry(cells, target.as_ref().map(|target| target.written));
        match target {
            Some(target) => target.new_entries.push(entry),
            None => self.new_files.entry(path).or_default().push(entry),
        }
    }
}

fn file(path: &str, text: &str, byte_order_mark: bool) -> SourceFile {
    let mark = if byte_order_mark { "\u{feff}" } else { "" };
    SourceFile { path: path.to_owned(), bytes: format!("{mark}{text}").into_bytes() }
}

fn text_in(cells: &[(Column, String)], column: Column) -> &str {
    cells.iter().find(|(known, _)| *known == column).map_or("", |(_, text)| text)
}

/// Whether a path stays inside the root on every system.
pub(in super::super) fn is_safe(path: &str) -> bool {
    path.split('/').all(|part| {
        !part.starts_with('.') && !part.contains(['\\', ':']) && !part.contains(char::is_control)
    })
}

/// What the cells say otherwise than the entry.
fn changes(
    entry: &Node,
    target: &RowTarget<'_>,
    cells: &[(Column, String)],
) -> Vec<(&'static str, KeyChange)> {
    let mut changes: Vec<(&'static str, KeyChange)> = Vec::new();
    for (column, wanted) in cells {
        let found = cell(*column, target.path, target.written, entry);
        let same = is_same(*column, wanted, &normalized(*column, &found));
        let stays_unwritten = wanted.is_empty() && own_value(*column, entry).is_none();
        if same || stays_unwritten {
            continue;
        }
        let is_text = matches!(column.form(), Form::Text | Form::Prose);
        let wanted = if is_text { wanted.trim_end() } else { wanted };
        let change = match wanted {
            "" => KeyChange::Remove,
            text => KeyChange::Set(value(*column, text)),
        };
        match column.path() {
            [key] => changes.push((key, change)),
            [outer, key] => {
                let inner = changes.iter_mut().find_map(|(known, change)| {
                    if let KeyChange::Inside(inner) = change
                        && known == outer
                    {
                        Some(inner)
                    } else {
                        None
                    }
                });
                match inner {
                    Some(inner) => inner.push((key, change)),
                    None => changes.push((outer, KeyChange::Inside(vec![(key, change)]))),
                }
            }
            _ => {}
        }
    }
    for (key, change) in &mut changes {
        settle(key, change, entry.value(key));
    }
    changes
}

/// Makes a map of changes to one that is not there, and takes one away that gets empty.
fn settle(key: &str, change: &mut KeyChange, old: Option<&Node>) {
    let KeyChange::Inside(inner) = change else { return };
    let Some(NodeKind::Map(pairs)) = old.map(|old| &old.kind) else {
        let pairs = inner.drain(..).filter_map(|(key, change)| match change {
            KeyChange::Set(value) => Some((key, value)),
            KeyChange::Remove | KeyChange::Inside(_) => None,
        });
        *change = KeyChange::Set(Value::Map(pairs.collect()));
        return;
    };
    let is_left = |key: &str| {
        let change = inner.iter().find(|(changed, _)| *changed == key);
        change.is_none_or(|(_, change)| *change != KeyChange::Remove)
    };
    let comes = inner.iter().any(|(_, change)| *change != KeyChange::Remove);
    if !comes && !pairs.iter().any(|(key, _)| is_left(&key.value)) {
        // Without the required one the checks would name a key that no column is called by.
        *change = match key {
            "compliance" => KeyChange::Set(Value::Map(Vec::new())),
            _ => KeyChange::Remove,
        };
    }
}

/// The map of a new entry, without what its file says anyway.
fn new_entry(cells: &[(Column, String)], written: Option<&Written<'_>>) -> Value {
    let mut compliance = Vec::new();
    let mut valid = Vec::new();
    let mut pairs = Vec::new();
    for (column, text) in cells {
        if text.trim().is_empty() || *text == default_of(*column, written) {
            continue;
        }
        match column.path() {
            [key] => pairs.push((*key, value(*column, text))),
            ["valid", key] => valid.push((*key, value(*column, text))),
            [_, key] => compliance.push((*key, value(*column, text))),
            _ => {}
        }
    }
    if !valid.is_empty() {
        pairs.push(("valid", Value::Map(valid)));
    }
    // Without it the checks would name a key that no column is called by.
    pairs.push(("compliance", Value::Map(compliance)));
    let rank = |(key, _): &(&str, Value)| entry_key_order().iter().position(|known| known == key);
    pairs.sort_by_key(rank);
    Value::Map(pairs)
}

/// A name with its values; the checks tell what is wrong with them.
fn fact(line: &str) -> (String, Vec<String>) {
    let (name, values) = line.split_once('=').unwrap_or((line, ""));
    let values = values.split(',').filter(|value| !value.is_empty());
    (name.to_owned(), values.map(str::to_owned).collect())
}

fn value(column: Column, text: &str) -> Value {
    let items = || text.split('\n').map(str::to_owned).collect::<Vec<String>>();
    match column.form() {
        // The checks want text here, and no number.
        Form::Word if matches!(column, Column::Id | Column::Class) => Value::Text(text.to_owned()),
        Form::Word | Form::Date => Value::Word(text.to_owned()),
        Form::Question | Form::Text => Value::Text(text.to_owned()),
        Form::Prose => Value::Prose(text.to_owned()),
        Form::Questions | Form::Steps => Value::List(items()),
        Form::Words => Value::Row(items()),
        Form::Facts => Value::Facts(items().iter().map(|line| fact(line)).collect()),
    }
}
