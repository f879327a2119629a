//! Reads the categories of `industry.yaml`: a tree of any shape.

use std::{collections::BTreeMap, ops::RangeInclusive};

use crate::knowledge::{
    diagnostics::{
        codes::Code,
        report::Report,
        source::{Located, Place},
    },
    model::categories::{Categories, Category},
    yaml::{
        fields::Fields,
        tree::{Node, NodeKind},
    },
};

pub(crate) const CATEGORY_KEYS: &[&str] = &["id", "name", "children"];

/// Most categories of a root: people cannot find one among more.
pub(crate) const CATEGORIES_MAX: usize = 500;

/// Length of a name in characters.
pub(crate) const NAME_CHARS: RangeInclusive<usize> = 1..=20;

/// Longest id in bytes. It names a folder and begins the ids of entries.
pub(crate) const ID_CHARS_MAX: usize = 32;

/// Folders of `knowledge/` that hold no entries, and so cannot be categories.
pub(crate) const RESERVED: [&str; 2] = ["schemas", "tests"];

/// Reads the tree; `None` when it has no category that could be read.
pub(crate) fn read(node: &Node, report: &mut Report<'_>) -> Option<Categories> {
    let mut tree = Tree::default();
    let items = node.list("categories", report);
    if items.is_empty() && matches!(node.kind, NodeKind::List(_)) {
        let message = "categories 里一个业务类别也没有";
        let reason = "每个条目都要属于一个业务类别";
        let mend = "至少写一个，例如 - {id: account, name: 账户}，或删掉 categories 这个键";
        report.add(Code::BadCategory, node.place, message, reason, mend);
    }
    tree.read(items, None, report);
    if let Some(extra) = tree.places.get(CATEGORIES_MAX) {
        let message = format!("业务类别有 {} 个，最多 {CATEGORIES_MAX} 个", tree.nodes.len());
        let reason = "太多了，谁也找不到该选哪一个";
        report.add(Code::OutOfRange, *extra, message, reason, "合并相近的");
    }
    (!tree.nodes.is_empty()).then(|| Categories::new(tree.nodes))
}

/// Whether a word is made of lower-case letters, digits and underscores, begins with a letter
/// and is short enough.
pub(crate) fn is_name(word: &str) -> bool {
    word.len() <= ID_CHARS_MAX
        && word.starts_with(|first: char| first.is_ascii_lowercase())
        && word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
}

#[derive(Default)]
struct Tree {
    nodes: Vec<Category>,
    /// Of each of them.
    places: Vec<Place>,
    seen: BTreeMap<String, Place>,
}

impl Tree {
    /// Reads categories and what is below them. The file's nesting is limited where it is parsed.
    fn read(&mut self, items: &[Node], parent: Option<&str>, report: &mut Report<'_>) {
        for item in items {
            let Some(fields) = Fields::open(item, "业务类别", CATEGORY_KEYS, report) else {
                continue;
            };
            let id = fields.require("id", report).and_then(|node| node.text("id", report));
            let name = fields.require("name", report).and_then(|node| {
                let name = node.text("name", report)?;
                let fits =
                    name.has_length("name", NAME_CHARS, report) && name.is_one_line("name", report);
                fits.then_some(name.value)
            });
            let id = id.filter(|id| self.is_new(id, report));
            if let Some(id) = &id {
                self.places.push(id.place);
                self.nodes.push(Category {
                    id: id.value.clone(),
                    name: name.unwrap_or_default(),
                    parent: parent.map(str::to_owned),
                });
            }
            let children = fields.list("children", report);
            self.read(children, id.as_ref().map(|id| id.value.as_str()), report);
        }
    }

    /// Whether an id is well-formed and no category has it yet; a report if not.
    fn is_new(&mut self, id: &Located<String>, report: &mut Report<'_>) -> bool {
        let word = id.value.as_str();
        if !is_name(word) {
            let message = format!("业务类别的 id“{word}”写法不对");
            let reason = format!(
                "id 是小写字母、数字、下划线，以字母开头，最多 {ID_CHARS_MAX} 个字符；中文写在 name 里"
            );
            report.add(Code::BadCategory, id.place, message, reason, "写成 account 这样");
            return false;
        }
        if RESERVED.contains(&word) {
            let message = format!("业务类别的 id 不能是“{word}”");
            let reason = format!("knowledge/{word} 文件夹放的是别的东西，新条目不能写在那里");
            report.add(Code::BadCategory, id.place, message, reason, "换一个 id");
            return false;
        }
        if let Some(first) = self.seen.get(word) {
            let message = format!("两个业务类别的 id 都是“{word}”");
            let reason = format!(
                "条目按 id 认类别，在整个树里只能用一次（另一处：{}）",
                report.name(*first)
            );
            report.add(Code::BadCategory, id.place, message, reason, "给其中一个换一个 id");
            return false;
        }
        self.seen.insert(word.to_owned(), id.place);
        true
    }
}
