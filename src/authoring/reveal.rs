//! Takes sealed cases out of the sealed part, before anybody reads them.

use jiff::civil::Date;

use super::{
    edit::{Edits, KeyChange, Value},
    regression::{BaseIndex, JudgedUtterance, judge_case},
};
use crate::knowledge::{
    Case, GuardKind, KindName, KnowledgeBase, Node, NodeKind, SourceFile, Split, Written,
    is_test_file, load,
};
use crate::matching::Snapshot;

/// Cases that are sealed no more once the files are written.
#[derive(Clone, Debug)]
pub struct Revealed {
    /// The files that change, by path, each with `split: test` where `split: sealed` was.
    pub files: Vec<SourceFile>,
    /// The cases, in the order of the files. Show them after the files are written.
    pub cases: Vec<Case>,
}

impl Revealed {
    /// Asks the utterances of the cases, as the server would be asked on that day.
    pub fn judge(&self, snapshot: &Snapshot, today: Date) -> Vec<JudgedUtterance<'_>> {
        self.cases.iter().flat_map(|case| judge_case(snapshot, case, today)).collect()
    }
}

/// Why no case is taken out of the sealed part.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RevealError {
    /// The files do not make a knowledge base.
    #[error("read the knowledge: it has mistakes, run kefu check")]
    Mistakes,
    /// No sealed case is of that kind.
    #[error("find sealed cases of the kind “{kind}”; there are: {}", names(kinds))]
    NoCases {
        /// As it was given.
        kind: String,
        /// The kinds of which there are sealed cases.
        kinds: Vec<KindName>,
    },
    /// A file is written in a way that cannot be changed without a loss.
    #[error("change {0}: write split: test there by hand")]
    TooSpecial(String),
}

fn names(kinds: &[KindName]) -> String {
    let names: Vec<&str> = kinds.iter().map(KindName::as_str).collect();
    if names.is_empty() { "none".to_owned() } else { names.join(", ") }
}

/// The sealed cases of a kind, and the files in which they are sealed no more. Only the word after
/// `split` changes.
pub fn reveal(files: &[SourceFile], kind: &str, today: Date) -> Result<Revealed, RevealError> {
    let base = load(files, today).base.ok_or(RevealError::Mistakes)?;
    let index = BaseIndex::of(&base);
    let sealed = base.tests.sealed.iter().map(|case| (index.kind_name(case.opened()), case));
    let (wanted, others): (Vec<_>, Vec<_>) = sealed.partition(|(name, _)| name.as_str() == kind);
    if wanted.is_empty() {
        let mut kinds: Vec<KindName> = others.into_iter().map(|(name, _)| name).collect();
        kinds.sort();
        kinds.dedup();
        return Err(RevealError::NoCases { kind: kind.to_owned(), kinds });
    }
    let wanted: Vec<&Case> = wanted.into_iter().map(|(_, case)| case.opened()).collect();
    let mut changed = Vec::new();
    for file in files.iter().filter(|file| is_test_file(&file.path)) {
        let too_special = || RevealError::TooSpecial(file.path.clone());
        let new = unsealed(file, &base, kind).ok_or_else(too_special)?;
        changed.extend((new != *file).then_some(new));
    }
    let first = changed.first().map_or_else(String::new, |file| file.path.clone());
    let cases = cases_after(files, &changed, &base, &wanted, today);
    let cases = cases.ok_or(RevealError::TooSpecial(first))?;
    Ok(Revealed { files: changed, cases })
}

/// The file with the cases of a kind unsealed; as it is when it has none.
fn unsealed(file: &SourceFile, base: &KnowledgeBase, kind: &str) -> Option<SourceFile> {
    let written = Written::read(file)?;
    let items: &[Node] = match written.root.value("cases").map(|list| &list.kind) {
        Some(NodeKind::List(items)) => items,
        _ => &[],
    };
    let is_wanted = |case: &&Node| {
        let is_sealed = case.value("split").and_then(Node::raw_text) == Some("sealed");
        is_sealed && kind_of(case, base).as_deref() == Some(kind)
    };
    let mut edits = Edits::new(written.text);
    for case in items.iter().filter(is_wanted) {
        edits.change_map(case, &[], &[("split", KeyChange::Set(Value::Word("test".to_owned())))]);
    }
    let mark = if written.byte_order_mark { "\u{feff}" } else { "" };
    let bytes = format!("{mark}{}", edits.apply()?).into_bytes();
    Some(SourceFile { path: file.path.clone(), bytes })
}

/// The name of the kind of a case as it is written.
fn kind_of(case: &Node, base: &KnowledgeBase) -> Option<String> {
    let text = |key: &str| case.value(key).and_then(Node::raw_text);
    if let Some(id) = text("entry") {
        return base.entry(&id.into()).map(|entry| entry.category.clone());
    }
    if let Some(id) = text("intent") {
        return Some(id.to_owned());
    }
    let is = |key: &str| case.value(key).is_some();
    let name = is("clarify").then_some(KindName::CLARIFY);
    let name = name.or_else(|| is("no_answer").then_some(KindName::NO_ANSWER));
    let name = name.or_else(|| is("harmless").then_some(KindName::HARMLESS));
    let of_guard = || text("guard").and_then(GuardKind::named).map(KindName::of_guard);
    name.or_else(of_guard).map(str::to_owned)
}

/// The cases as the changed files have them in the regression set; `None` if anything else came of
/// the change.
fn cases_after(
    files: &[SourceFile],
    changed: &[SourceFile],
    old: &KnowledgeBase,
    wanted: &[&Case],
    today: Date,
) -> Option<Vec<Case>> {
    let kept = files.iter().filter(|file| changed.iter().all(|other| other.path != file.path));
    let files: Vec<SourceFile> = kept.chain(changed).cloned().collect();
    let new = load(&files, today).base?;
    let texts =
        |case: &Case| -> Vec<String> { case.say.iter().map(|one| one.text.clone()).collect() };
    let is_it = |one: &Case, case: &Case| {
        one.split == Split::Test
            && one.expected == case.expected
            && one.facts == case.facts
            && texts(one) == texts(case)
    };
    let find = |case: &&Case| new.tests.cases.iter().find(|one| is_it(one, case)).cloned();
    let cases: Option<Vec<Case>> = wanted.iter().map(find).collect();
    let is_whole = new.tests.sealed.len() + wanted.len() == old.tests.sealed.len()
        && new.tests.cases.len() == old.tests.cases.len() + wanted.len();
    cases.filter(|_| is_whole)
}
