//! Checks the dates of entries against today: reviews and validity.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{Span, civil::Date};

use crate::knowledge::{
    diagnostics::{codes::Code, report::Report, source::Place},
    format::entry_file::EntryDraft,
    model::entry::Status,
};

/// Reports entries whose review is due, or whose validity is over.
pub(crate) fn check(entries: &[EntryDraft], today: Date, report: &mut Report<'_>) {
    check_reviews(entries, today, report);
    check_validity(entries, today, report);
}

/// Days before something ends or is due from which on it is reported: two months are enough to
/// read a rule again, to have an answer reviewed and to publish it.
pub(super) const SOON_DAYS: i64 = 60;

/// The last day that is soon.
pub(super) fn soon(today: Date) -> Date {
    today.saturating_add(Span::new().days(SOON_DAYS))
}

fn check_reviews(entries: &[EntryDraft], today: Date, report: &mut Report<'_>) {
    let soon = soon(today);
    // One date in `defaults` serves many entries and is reported once.
    let mut due: BTreeMap<Place, (Date, BTreeSet<&str>)> = BTreeMap::new();
    for entry in entries.iter().filter(|entry| entry.status != Status::Retired) {
        if let Some(date) = entry.review_due.as_ref().filter(|date| date.value <= soon) {
            due.entry(date.place).or_insert((date.value, BTreeSet::new())).1.insert(entry.name());
        }
    }
    for (place, (date, names)) in due {
        let first = names.first().copied().unwrap_or_default();
        let which = match names.len() {
            1 => format!("条目 {first} "),
            count => format!("{first} 等 {count} 个条目"),
        };
        let mend = "重新核对来源，更新 checked 和 review_due";
        if date < today {
            let message = format!("{which}该复核了（{date} 到期）");
            report.add(Code::ReviewDue, place, message, "内容可能已经过时；照常提供服务", mend);
        } else {
            let message = format!("{which}快该复核了（{date} 到期）");
            let reason = format!("到期前 {SOON_DAYS} 天开始提醒");
            report.add(Code::ReviewSoon, place, message, reason, mend);
        }
    }
}

fn check_validity(entries: &[EntryDraft], today: Date, report: &mut Report<'_>) {
    for entry in entries.iter().filter(|entry| entry.status == Status::Live) {
        let Some(until) = entry.valid_until.as_ref().filter(|until| until.value <= soon(today))
        else {
            continue;
        };
        let name = entry.name();
        let mend = "改 until，或把 status 改成 retired";
        if until.value < today {
            let message = format!("条目 {name} 的有效期在 {} 已经结束", until.value);
            report.add(Code::Expired, until.place, message, "客户再也看不到它", mend);
        } else {
            let message = format!("条目 {name} 的有效期到 {} 结束", until.value);
            let reason = format!("之后客户看不到它；前 {SOON_DAYS} 天开始提醒");
            report.add(Code::ExpiresSoon, until.place, message, reason, mend);
        }
    }
}
