//! Checks figures against each other, against today, and against the entries that state them.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use super::reviews::{Due, SOON_DAYS, check_ahead, due_soon, listed, soon, told_ahead};
use crate::knowledge::{
    diagnostics::{codes::Code, report::Report},
    format::{drafts::Drafts, figures::file::FigureDraft},
    model::entry::Status,
};

/// Reports two values for one day, figures that end or are due, and entries that cannot state
/// theirs.
pub(crate) fn check(drafts: &Drafts, today: Date, report: &mut Report<'_>) {
    for twin in drafts.figures.twins() {
        let message = format!("{} 既是数，又是变量", twin.id.value);
        let reason = "答案里写 {{名字}}，分不清是哪一个；改好之前按变量算";
        report.add(Code::FigureClash, twin.id.place, message, reason, "给其中一个换个名字");
    }
    let users = users(drafts, today);
    for rows in drafts.figures.rows() {
        let Some(id) = rows.first().map(|row| row.id.value.as_str()) else { continue };
        check_clashes(rows, report);
        // An unused figure is only a record.
        if let Some(users) = users.get(id) {
            check_force(rows, users, today, report);
            check_verified(rows, users, today, report);
        }
    }
    let named = named(drafts);
    check_idle(drafts, &named, report);
    check_reviews(drafts, &named, today, report);
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
        if self.stating.is_empty() {
            format!("{}的依据里不再写它", listed(&self.citing, "条目"))
        } else {
            format!("{}改说 without_figure 的话", listed(&self.stating, "条目"))
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

/// The figures that entries name, served or not.
fn named(drafts: &Drafts) -> BTreeSet<&str> {
    let entries = drafts.entries.iter().filter(|entry| entry.status != Status::Retired);
    let figures = &drafts.figures;
    entries.flat_map(|entry| entry.stated(figures).chain(entry.cited(figures))).collect()
}

/// Notes figures that no entry names, one note for each file.
fn check_idle(drafts: &Drafts, named: &BTreeSet<&str>, report: &mut Report<'_>) {
    // An entry with a mistake may be the one that names them.
    if report.has_errors() || !drafts.entries_complete {
        return;
    }
    let mut idle: BTreeMap<usize, Vec<&FigureDraft>> = BTreeMap::new();
    for first in drafts.figures.rows().filter_map(<[_]>::first) {
        let is_explained = report.is_explained(Code::IdleFigure, "", first.id.place);
        if !named.contains(first.id.value.as_str()) && !is_explained {
            idle.entry(first.id.place.file).or_default().push(first);
        }
    }
    for mut rows in idle.into_values() {
        rows.sort_by_key(|row| row.id.place);
        let Some(place) = rows.first().map(|row| row.id.place) else { continue };
        let ids: Vec<&str> = rows.iter().map(|row| row.id.value.as_str()).collect();
        let message = format!("{}没有条目用它", listed(&ids, "数"));
        let reason = "没有人用的数不会提醒复核，以后用上时可能已经变了";
        let mend = "用不着就删掉；要留着，在它上面一行写注释 # KB150: 为什么";
        report.add(Code::IdleFigure, place, message, reason, mend);
    }
}

fn check_clashes(rows: &[FigureDraft], report: &mut Report<'_>) {
    for (earlier, later) in rows.iter().zip(rows.iter().skip(1)) {
        if earlier.holds_on(later.from.value) {
            let day = later.from.value;
            let message = format!("数 {} 在 {day} 有两个值", later.id.value);
            let reason = format!("另一行：{}", report.name(earlier.id.place));
            let mend = "给前一行写上 in_force.until：后一行施行的前一天";
            report.add(Code::FigureClash, later.from.place, message, reason, mend);
        }
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
        let id = &rows[0].id.value;
        let later = rows.iter().find(|row| row.from.value > until.value);
        let (message, mend) = match (later, next) {
            (Some(later), Some(next)) if next < later.from.value => {
                let last = later.from.value.yesterday().unwrap_or(next);
                let days = if next == last {
                    format!("{next} 那天")
                } else {
                    format!("{next} 至 {last} ")
                };
                let mend =
                    format!("两行要接上：把 until 改成 {last}，或把后一行的 from 改成 {next}");
                (format!("数 {id} 在 {days}没有值"), mend)
            }
            (Some(later), _) => {
                let mend = format!(
                    "下一行没有核实（{}）：读过原文后写上怎样核实的，或改写这些条目",
                    report.name(later.verified.place)
                );
                (format!("数 {id} 在 {} 之后就没有了", until.value), mend)
            }
            (None, _) => {
                let mend = "加一行新的值（id 相同，in_force.from 是次日），或改写这些条目";
                (format!("数 {id} 在 {} 之后就没有了", until.value), mend.to_owned())
            }
        };
        let reason = format!("{}；前 {SOON_DAYS} 天开始提醒", users.consequence());
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

fn check_reviews(drafts: &Drafts, named: &BTreeSet<&str>, today: Date, report: &mut Report<'_>) {
    let rows = || drafts.figures.rows().flatten();
    let checked = rows().map(|row| (&row.checked, row.id.value.as_str()));
    check_ahead(checked, "数", today, report);
    // A row of the past stays as a record and needs no review, as one that no entry names.
    let rows = rows().filter(|row| named.contains(row.id.value.as_str()));
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
