//! Reads `hours.yaml`.

use std::collections::BTreeMap;

use jiff::{
    civil::{Date, Weekday},
    tz::{TimeZone, TimeZoneDatabase},
};

use serde_json::{Value, json};

use super::parts::json_schema::{about, choice, date, each, list, object, text, version};
use crate::knowledge::{
    diagnostics::{
        codes::Code,
        report::Report,
        source::{Located, Place},
    },
    model::hours::{Hours, OpenSpan},
    yaml::{
        fields::Fields,
        tree::{Node, NodeKind},
        version::check_version,
    },
};

const FILE_KEYS: &[&str] = &["version", "time_zone", "week", "holidays", "workdays"];
const HOLIDAY_KEYS: &[&str] = &["date", "name"];
const WORKDAY_KEYS: &[&str] = &["date", "like"];
const DAY_KEYS: &[&str] = &["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

const DAYS: [(&str, Weekday); 7] = [
    ("mon", Weekday::Monday),
    ("tue", Weekday::Tuesday),
    ("wed", Weekday::Wednesday),
    ("thu", Weekday::Thursday),
    ("fri", Weekday::Friday),
    ("sat", Weekday::Saturday),
    ("sun", Weekday::Sunday),
];

/// Reads the working hours of the agents.
pub(crate) fn read(root: &Node, report: &mut Report<'_>) -> Option<Hours> {
    let fields = Fields::open(root, "hours.yaml ", FILE_KEYS, report)?;
    check_version(&fields, report);
    let zone = read_zone(&fields, report);
    let week = read_week(&fields, report);
    let mut days = BTreeMap::new();
    let mut holidays = BTreeMap::new();
    for node in fields.list("holidays", report) {
        let Some(day) = Fields::open(node, "holidays ", HOLIDAY_KEYS, report) else {
            continue;
        };
        let name = day.text("name", report).map_or_else(String::new, |name| name.value);
        if let Some(date) = read_day(&day, &mut days, report) {
            holidays.insert(date, name);
        }
    }
    let mut workdays = BTreeMap::new();
    for node in fields.list("workdays", report) {
        let Some(day) = Fields::open(node, "workdays ", WORKDAY_KEYS, report) else {
            continue;
        };
        let like = day.require("like", report).and_then(|like| like.choice("like", &DAYS, report));
        if let (Some(date), Some(like)) = (read_day(&day, &mut days, report), like) {
            workdays.insert(date, like);
        }
    }
    Some(Hours::new(zone?, week?, holidays, workdays))
}

fn read_zone(fields: &Fields<'_>, report: &mut Report<'_>) -> Option<TimeZone> {
    let name = fields.require("time_zone", report)?.text("time_zone", report)?;
    // The table of zones inside the binary makes every machine read the same.
    let zone = TimeZoneDatabase::bundled().get(&name.value).ok();
    if zone.is_none() {
        let message = format!("不认识时区“{}”", name.value);
        report.add(
            Code::TimeZone,
            name.place,
            message,
            "要写 IANA 时区名",
            "中国大陆写 Asia/Shanghai",
        );
    }
    zone
}

fn read_week(fields: &Fields<'_>, report: &mut Report<'_>) -> Option<[Vec<OpenSpan>; 7]> {
    let node = fields.require("week", report)?;
    let days = Fields::open(node, "week ", DAY_KEYS, report)?;
    if DAY_KEYS.iter().all(|key| days.get(key).is_none_or(is_empty_list)) {
        let message = "一周里没有任何工作时间";
        let reason = "客户要人工时，总会听到“不在服务时间”，也没有下一次上班的时间";
        let mend = "写上工作时间，例如 mon: [\"09:00-18:00\"]";
        report.add(Code::HoursGap, node.place, message, reason, mend);
    }
    let mut week: [Vec<OpenSpan>; 7] = Default::default();
    for ((key, _), spans) in DAYS.iter().zip(&mut week) {
        let mut read: Vec<Located<OpenSpan>> = Vec::new();
        for text in days.texts(key, report) {
            let Some(span) = OpenSpan::parse(&text.value) else {
                let message = format!("“{}”不是时段", text.value);
                let reason = "写成 时:分-时:分，结束晚于开始，最晚 24:00";
                report.add(
                    Code::Hours,
                    text.place,
                    message,
                    reason,
                    "写成 \"09:00-21:00\"；跨夜的拆成两天",
                );
                continue;
            };
            if let Some(other) = read.iter().find(|other| other.value.overlaps(span)) {
                let reason =
                    format!("同一天的时段不能重叠（另一处：{}）", report.name(other.place));
                let message = format!("时段“{}”与另一段重叠", text.value);
                report.add(Code::Hours, text.place, message, reason, "合并成一段，或改成不重叠的");
                continue;
            }
            read.push(Located { value: span, place: text.place });
        }
        read.sort_unstable_by_key(|span| span.value);
        warn_of_short_breaks(&read, report);
        *spans = read.into_iter().map(|span| span.value).collect();
    }
    Some(week)
}

fn is_empty_list(node: &Node) -> bool {
    matches!(&node.kind, NodeKind::List(items) if items.is_empty())
}

/// Shortest break that is believed; a shorter one is reported as a likely slip.
const BREAK_MINUTES_MIN: u16 = 10;

fn warn_of_short_breaks(spans: &[Located<OpenSpan>], report: &mut Report<'_>) {
    for pair in spans.windows(2) {
        let minutes = pair[0].value.minutes_to(pair[1].value);
        if (1..BREAK_MINUTES_MIN).contains(&minutes) {
            let message = format!("与前一段之间只空了 {minutes} 分钟");
            let reason = format!(
                "这几分钟里客户会听到“不在服务时间”（前一段：{}）",
                report.name(pair[0].place)
            );
            let mend = "多半是写错了：合并成一段，或改正时间";
            report.add(Code::HoursGap, pair[1].place, message, reason, mend);
        }
    }
}

fn read_day(
    fields: &Fields<'_>,
    days: &mut BTreeMap<Date, Place>,
    report: &mut Report<'_>,
) -> Option<Date> {
    let node = fields.require("date", report)?;
    let date = node.date("date", report)?;
    if let Some(first) = days.insert(date, node.place) {
        let reason = format!("一天不能写两次（另一处：{}）", report.name(first));
        report.add(Code::Hours, node.place, format!("{date} 写了两次"), reason, "删掉其中一处");
    }
    Some(date)
}

/// The JSON Schema of `hours.yaml`.
pub(crate) fn schema() -> Value {
    let span = json!({
        "type": "string",
        "pattern": "^([01]?[0-9]|2[0-4]):[0-5][0-9]-([01]?[0-9]|2[0-4]):[0-5][0-9]$",
    });
    let day = about(list(&span), "时段，如 \"09:00-21:00\"；不写的那天休息");
    let holiday = object(
        HOLIDAY_KEYS,
        &["date"],
        [("date", date()), ("name", about(text(1..=80), "节日的名字"))],
    );
    let workday = object(
        WORKDAY_KEYS,
        &["date", "like"],
        [("date", date()), ("like", about(choice(&DAYS), "按星期几的时段上班"))],
    );
    object(
        FILE_KEYS,
        &["version", "time_zone", "week"],
        [
            ("version", version()),
            ("time_zone", about(text(1..=80), "IANA 时区名，如 Asia/Shanghai")),
            ("week", each(DAY_KEYS, &[], &day)),
            ("holidays", about(list(&holiday), "节假日：当天休息")),
            ("workdays", about(list(&workday), "调休上班日")),
        ],
    )
}
