//! Checks figures against each other, against today, and against the entries that state them.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use super::reviews::{Due, SOON_DAYS, due_soon, soon, told_ahead};
use crate::knowledge::{
    diagnostics::{codes::Code, report::Report},
    format::{drafts::Drafts, figures::file::FigureDraft},
};

/// Reports two values for one day, figures that end or are due, and entries that cannot state
/// theirs.
pub(crate) fn check(drafts: &Drafts, today: Date, report: &mut Report<'_>) {
    let users = users(drafts, today);
    for rows in drafts.figures.rows() {
        let Some(id) = rows.first().map(|row| row.id.value.as_str()) else { continue };
        check_clashes(rows, drafts, report);
        // An unused figure is only a record.
        if let Some(users) = users.get(id) {
            check_force(rows, users, today, report);
            check_verified(rows, users, today, report);
        }
    }
    check_reviews(drafts, today, report);
    // A figure that could not be read may be the one that is meant.
    for entry in drafts.entries.iter().filter(|_| drafts.figures.is_complete) {
        if let Some(text) = &entry.without_figure
            && entry.stated(&drafts.figures).next().is_none()
        {
            let message = format!("条目 {} 的 without_figure 没有用处", entry.name());
            let reason = "它的答案和步骤里没有引用任何数";
            let mend = "删掉它，或在答案里用 {{数的 id}} 引用";
            report.add(Code::IdleWithoutFigure, text.text.place, message, reason, mend);
        }
    }
}

/// The entries with a figure, by their names.
#[derive(Default)]
struct FigureUsers<'d> {
    /// Those whose answer or steps state it.
    stating: Vec<&'d str>,
    /// Those that name it in their source alone.
    citing: Vec<&'d str>,
}

impl FigureUsers<'_> {
    /// What customers get in place of the figure.
    fn consequence(&self) -> String {
        let named = |names: &[&str]| match names {
            [] => String::new(),
            [one] => format!("条目 {one} "),
            [first, ..] => format!("{first} 等 {} 个条目", names.len()),
        };
        if self.stating.is_empty() {
            format!("{}的依据里不再写它", named(&self.citing))
        } else {
            format!("{}改说 without_figure 的话", named(&self.stating))
        }
    }
}

/// The entries that customers get today or soon, and that need each figure.
fn users(drafts: &Drafts, today: Date) -> BTreeMap<&str, FigureUsers<'_>> {
    let mut users: BTreeMap<&str, FigureUsers<'_>> = BTreeMap::new();
    let soon = soon(today);
    for entry in drafts.entries.iter().filter(|entry| entry.is_served_between(today, soon)) {
        for figure in entry.stated(&drafts.figures).collect::<BTreeSet<_>>() {
            users.entry(figure).or_default().stating.push(entry.name());
        }
        for figure in entry.cited(&drafts.figures).collect::<BTreeSet<_>>() {
            users.entry(figure).or_default().citing.push(entry.name());
        }
    }
    users
}

fn check_clashes(rows: &[FigureDraft], drafts: &Drafts, report: &mut Report<'_>) {
    for (earlier, later) in rows.iter().zip(rows.iter().skip(1)) {
        if earlier.holds_on(later.from.value) {
            let day = later.from.value;
            let message = format!("数 {} 在 {day} 有两个值", later.id.value);
            let reason = format!("另一行：{}", report.name(earlier.id.place));
            let mend = "给前一行写上 in_force.until：后一行施行的前一天";
            report.add(Code::FigureClash, later.from.place, message, reason, mend);
        }
    }
    let Some(first) = rows.first() else { return };
    if drafts.variables.as_ref().is_some_and(|known| known.contains_key(&first.id.value)) {
        let message = format!("{} 既是数，又是变量", first.id.value);
        let reason = "答案里写 {{名字}}，分不清是哪一个";
        report.add(Code::FigureClash, first.id.place, message, reason, "给其中一个换个名字");
    }
}

/// Reports a figure that holds on no day from some day on, if none takes its place.
fn check_force(
    rows: &[FigureDraft],
    users: &FigureUsers<'_>,
    today: Date,
    report: &mut Report<'_>,
) {
    if rows.iter().any(|row| row.holds_on(today)) {
        let ends = rows.iter().find(|row| row.holds_on(today)).and_then(|row| row.until.as_ref());
        let Some(until) = ends.filter(|until| until.value <= soon(today)) else { return };
        let next = until.value.tomorrow().ok();
        if next.is_some_and(|next| rows.iter().any(|row| row.may_be_stated_on(next))) {
            return;
        }
        let message = format!("数 {} 在 {} 之后就没有了", rows[0].id.value, until.value);
        let reason = format!("{}；前 {SOON_DAYS} 天开始提醒", users.consequence());
        let mend = "加一行新的值（id 相同，in_force.from 是次日），或改写这些条目";
        report.add(Code::FigureEndsSoon, until.place, message, reason, mend);
        return;
    }
    let (place, message) = match rows.last() {
        Some(FigureDraft { id, until: Some(until), .. }) if until.value < today => {
            (until.place, format!("数 {} 在 {} 已经失效", id.value, until.value))
        }
        Some(FigureDraft { id, from, .. }) => {
            (from.place, format!("数 {} 到 {} 才施行", id.value, from.value))
        }
        None => return,
    };
    let mend = "加一行今天的值，或改写这些条目";
    report.add(Code::FigureNotInForce, place, message, users.consequence(), mend);
}

fn check_verified(
    rows: &[FigureDraft],
    users: &FigureUsers<'_>,
    today: Date,
    report: &mut Report<'_>,
) {
    let is_due = |row: &&FigureDraft| {
        row.from.value <= soon(today) && row.until.as_ref().is_none_or(|u| today <= u.value)
    };
    for row in rows.iter().filter(is_due).filter(|row| !row.verified.value) {
        let message = format!("数 {} 没有核实", row.id.value);
        let mend = "读过原文后，把 verified 写成怎样核实的；读不到，就改写这些条目，写清到哪里看";
        report.add(Code::FigureUnverified, row.verified.place, message, users.consequence(), mend);
    }
}

fn check_reviews(drafts: &Drafts, today: Date, report: &mut Report<'_>) {
    // A row of the past stays as a record and needs no review.
    let rows = drafts.figures.rows().flatten();
    let rows = rows.filter(|row| row.until.as_ref().is_none_or(|until| today <= until.value));
    let due = rows.map(|row| (&row.review_due, row.id.value.as_str()));
    let mend = "重新读一遍原文，更新 checked 和 review_due";
    for Due { place, day, which } in due_soon(due, "数", today) {
        if day < today {
            let message = format!("{which}该复核了（{day} 到期）");
            let reason = "它可能已经变了；照常使用";
            report.add(Code::FigureReviewDue, place, message, reason, mend);
        } else {
            let message = format!("{which}快该复核了（{day} 到期）");
            report.add(Code::FigureReviewSoon, place, message, told_ahead(), mend);
        }
    }
}
