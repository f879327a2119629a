//! Checks the dates of entries against today: reviews and validity.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{Span, civil::Date};

use crate::knowledge::{
    diagnostics::{
        codes::Code,
        report::Report,
        source::{Located, Place},
    },
    format::entries::draft::EntryDraft,
    model::entry::Status,
};

/// Reports entries whose review is due, or whose validity is over.
pub(crate) fn check(entries: &[EntryDraft], today: Date, report: &mut Report<'_>) {
    check_reviews(entries, today, report);
    let live = entries.iter().filter(|entry| entry.status != Status::Retired);
    let checked = live.filter_map(|entry| Some((entry.checked.as_ref()?, entry.name())));
    check_ahead(checked, "条目", today, report);
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
    let entries = entries.iter().filter(|entry| entry.status != Status::Retired);
    let due = entries.filter_map(|entry| Some((entry.review_due.as_ref()?, entry.name())));
    let mend = "重新核对来源，更新 checked 和 review_due";
    for Due { place, day, which } in due_soon(due, "条目", today) {
        if day < today {
            let message = format!("{which}该复核了（{day} 到期）");
            report.add(Code::ReviewDue, place, message, "内容可能已经过时；照常提供服务", mend);
        } else {
            let message = format!("{which}快该复核了（{day} 到期）");
            report.add(Code::ReviewSoon, place, message, told_ahead(), mend);
        }
    }
}

/// Warns of days on which things are said to have been checked and that are still to come. It is
/// no error: a clock may be slow, and knowledge may be asked as of an earlier day.
pub(super) fn check_ahead<'n>(
    checked: impl Iterator<Item = (&'n Located<Date>, &'n str)>,
    what: &str,
    today: Date,
    report: &mut Report<'_>,
) {
    for Due { place, day, which } in grouped(checked.filter(|(day, _)| day.value > today), what) {
        let message = format!("{which}的核对日期（{day}）还没有到");
        let reason = format!("今天是 {today}；客户会看到这个日期");
        report.add(Code::CheckedAhead, place, message, reason, "写上真正核对的那一天");
    }
}

/// Names in a row, up to a limit beyond which they would be a wall.
pub(super) fn listed(names: &[&str], what: &str) -> String {
    const NAMED_MAX: usize = 10;
    let first = names.get(..NAMED_MAX).unwrap_or(names).join("、");
    if names.len() > NAMED_MAX {
        format!("{what} {first} 等 {} 个{what}", names.len())
    } else {
        format!("{what} {first} ")
    }
}

/// A date of review that is over or soon.
pub(super) struct Due {
    pub(super) place: Place,
    pub(super) day: Date,
    /// What it is of: one thing by its name, or the first of several with their number.
    pub(super) which: String,
}

/// The dates that are over or soon, in the order of their places. One date in `defaults` serves
/// many things and is told once.
pub(super) fn due_soon<'n>(
    dates: impl Iterator<Item = (&'n Located<Date>, &'n str)>,
    what: &str,
    today: Date,
) -> impl Iterator<Item = Due> {
    let soon = soon(today);
    grouped(dates.filter(move |(date, _)| date.value <= soon), what)
}

/// Things by the place of their date, in the order of these places.
fn grouped<'n>(
    dates: impl Iterator<Item = (&'n Located<Date>, &'n str)>,
    what: &str,
) -> impl Iterator<Item = Due> {
    let mut due: BTreeMap<Place, (Date, BTreeSet<&str>)> = BTreeMap::new();
    for (date, name) in dates {
        due.entry(date.place).or_insert((date.value, BTreeSet::new())).1.insert(name);
    }
    due.into_iter().map(move |(place, (day, names))| {
        let first = names.first().copied().unwrap_or_default();
        let which = match names.len() {
            1 => format!("{what} {first} "),
            count => format!("{first} 等 {count} 个{what}"),
        };
        Due { place, day, which }
    })
}

/// Why something is told before its day.
pub(super) fn told_ahead() -> String {
    format!("到期前 {SOON_DAYS} 天开始提醒")
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
