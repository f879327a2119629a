//! What was typed, by hand or by another program, is what is read, or it is told.

use jiff::civil::date;
use kefu::knowledge::{Loaded, load};

use crate::knowledge::{
    broken_files::{files_with, rendered, told_briefly},
    broken_rows::{ENTRIES, edited},
    typed_rows::{TYPED, TypedRow},
};

fn load_row((_, lines, _): &TypedRow) -> Loaded {
    let bytes = edited(ENTRIES, "    answer: 以确认页为准。\n", lines);
    load(&files_with(ENTRIES, &bytes), date(2026, 11, 22))
}

/// What was told of an entry, and what was read of it.
fn outcome(loaded: &Loaded) -> String {
    let told = told_briefly(loaded);
    let Some(base) = &loaded.base else { return told };
    let entry = &base.entries[1];
    let answer = entry.answer.searched().text.trim_end_matches("\n\n投资需谨慎。").to_owned();
    let similar: Vec<&str> = entry.similar_questions.iter().map(AsRef::as_ref).collect();
    let read = if similar.is_empty() { answer } else { similar.join(" / ") };
    format!("{told} = {read}").trim_start().to_owned()
}

#[test]
fn what_is_typed_is_what_is_read_or_it_is_told() {
    let mut wrong = Vec::new();
    for row in TYPED {
        let loaded = load_row(row);
        let (found, expected) = (outcome(&loaded), row.2);
        if found != expected {
            let rendered = rendered(&loaded);
            wrong.push(format!("{}: {found:?}, expected {expected:?}\n{rendered}", row.0));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
