//! Wordings of another program's file that belong to something of the root already.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use super::{
    super::sheet::{Column, SheetRow},
    question::{ForeignNote, ForeignSheet},
};
use crate::knowledge::{SourceFile, Status, load};
use crate::text::normalize;

/// Leaves out the wordings that an entry or an intent of the root has, and tells each: with them
/// nothing could be imported, and the checks would point at files that are not there yet. Rows of
/// entries that were imported before stay as they are.
pub fn without_taken(mut foreign: ForeignSheet, files: &[SourceFile], today: Date) -> ForeignSheet {
    let Some(base) = load(files, today).base else { return foreign };
    let mut owners: BTreeMap<String, String> = BTreeMap::new();
    let mut own = |wording: &str, owner: String| {
        owners.entry(normalize(wording).into_string()).or_insert(owner);
    };
    for entry in base.entries.iter().filter(|entry| entry.status != Status::Retired) {
        let questions = std::iter::once(&entry.standard_question).chain(&entry.similar_questions);
        questions.for_each(|question| own(question, entry.id.to_string()));
    }
    for intent in &base.intents {
        intent.examples.iter().for_each(|example| own(example, intent.id.to_string()));
    }
    let ids: BTreeSet<String> = base.entries.iter().map(|entry| entry.id.to_string()).collect();
    let columns = &foreign.sheet.columns;
    let at = |wanted: Column| columns.iter().position(|column| *column == wanted);
    let (Some(id), Some(question), Some(similar)) =
        (at(Column::Id), at(Column::Question), at(Column::Similar))
    else {
        return foreign;
    };
    let mut told = Vec::new();
    foreign.sheet.rows.retain_mut(|SheetRow { file, number, cells }| {
        let cell = |at: usize| cells.get(at).map_or("", String::as_str);
        if ids.contains(cell(id)) {
            return true;
        }
        let wordings = std::iter::once(cell(question)).chain(cell(similar).lines());
        let (taken, free): (Vec<String>, Vec<String>) = wordings
            .map(str::to_owned)
            .partition(|wording| owners.contains_key(normalize(wording).as_str()));
        for wording in &taken {
            let owner = owners.get(normalize(wording).as_str()).map_or("", String::as_str);
            let reason = format!("“{wording}”已经属于 {owner}，没有用");
            told.push(ForeignNote { file: file.clone(), row: *number, reason });
        }
        let Some((standard, others)) = free.split_first() else { return false };
        for (at, text) in [(question, standard.clone()), (similar, others.join("\n"))] {
            cells.get_mut(at).into_iter().for_each(|cell| text.clone_into(cell));
        }
        true
    });
    foreign.skipped.extend(told);
    foreign
}
