//! Checks the patterns of all entries together.

use std::collections::{BTreeMap, btree_map};

use crate::knowledge::{
    diagnostics::{codes::Code, report::Report, source::Place},
    format::{drafts::Drafts, entries::draft::EntryDraft, parts::match_by::MatchDraft},
    model::entry::Status,
};

/// Most regular expressions of all entries together: an utterance without an exact match is
/// tried on each of them.
const REGEXES_MAX: usize = 1_000;

/// Reports a pattern that two entries have, and more regular expressions than the limit.
pub(crate) fn check(drafts: &Drafts, report: &mut Report<'_>) {
    // The patterns of a retired entry may be used again by a new one.
    let entries = || drafts.entries.iter().filter(|entry| entry.status != Status::Retired);
    let mut words: BTreeMap<&str, Vec<(&EntryDraft, Place)>> = BTreeMap::new();
    let mut regexes: BTreeMap<&str, Vec<(&EntryDraft, Place)>> = BTreeMap::new();
    let mut count = 0;
    for entry in entries() {
        match &entry.match_by {
            MatchDraft::Smart | MatchDraft::Exact => {}
            MatchDraft::Contains(patterns) => {
                for word in patterns {
                    note(words.entry(&word.normalized), entry, &word.text, word.place, report);
                }
            }
            MatchDraft::Regex(patterns) => {
                for (text, _) in patterns {
                    note(regexes.entry(&text.value), entry, &text.value, text.place, report);
                    count += 1;
                    if count == REGEXES_MAX + 1 {
                        let message = format!("全部条目的正则超过 {REGEXES_MAX} 个");
                        let reason = "每句话都可能要逐个试一遍";
                        let mend = "合并一些，或改用 contains";
                        report.add(Code::TooLarge, text.place, message, reason, mend);
                    }
                }
            }
        }
    }
}

/// Records the owner of a pattern; reports an earlier owner that the same customer may be served.
fn note<'d>(
    owners: btree_map::Entry<'_, &'d str, Vec<(&'d EntryDraft, Place)>>,
    entry: &'d EntryDraft,
    text: &str,
    place: Place,
    report: &mut Report<'_>,
) {
    let owners = owners.or_default();
    let rival = owners.iter().find(|(other, _)| !entry.when.build().excludes(&other.when.build()));
    if let Some((other, first)) = rival {
        let message = format!("“{text}”同时是两个条目的 patterns");
        let reason = format!(
            "总是前一个条目先找到，后一个没有用（这里是 {}，另一处 {} 是 {}）",
            entry.name(),
            report.name(*first),
            other.name(),
        );
        report.add(Code::SamePattern, place, message, reason, "删掉其中一处，或改得不同");
    }
    owners.push((entry, place));
}
