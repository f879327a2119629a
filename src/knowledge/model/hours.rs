//! The working hours of agents.

use std::collections::BTreeMap;

use jiff::{
    Span, Timestamp, Zoned,
    civil::{Date, Weekday},
    tz::TimeZone,
};

/// The working hours of agents: weekly hours, closed holidays and make-up working days.
///
/// # Examples
///
/// ```
/// use jiff::civil::date;
/// use kefu::knowledge::Hours;
///
/// let hours = Hours::always();
/// let noon = date(2026, 11, 22).at(12, 0, 0, 0).in_tz("Asia/Shanghai")?;
/// assert!(hours.is_open(noon.timestamp()));
/// # Ok::<(), jiff::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Hours {
    zone: TimeZone,
    /// One list for each day from Monday on; sorted, without overlaps.
    week: [Vec<OpenSpan>; 7],
    holidays: BTreeMap<Date, String>,
    workdays: BTreeMap<Date, Weekday>,
}

/// Part of a day, in minutes from midnight.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct OpenSpan {
    start: u16,
    /// The first minute after the span; at most 1440.
    end: u16,
}

impl OpenSpan {
    const MINUTES_A_DAY: u16 = 24 * 60;

    /// Reads `09:00-21:00`.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (start, end) = text.split_once('-')?;
        let (start, end) = (minutes(start.trim())?, minutes(end.trim())?);
        (start < end && end <= Self::MINUTES_A_DAY).then_some(Self { start, end })
    }

    pub(crate) fn overlaps(self, other: Self) -> bool {
        self.start < other.end && other.start < self.end
    }

    /// Minutes from the end of this span to the beginning of a later one.
    pub(crate) fn minutes_to(self, later: Self) -> u16 {
        later.start.saturating_sub(self.end)
    }
}

fn minutes(text: &str) -> Option<u16> {
    let (hour, minute) = text.split_once(':')?;
    let digits = |part: &str| part.len() == 2 && part.bytes().all(|b| b.is_ascii_digit());
    if !digits(hour) || !digits(minute) {
        return None;
    }
    let (hour, minute) = (hour.parse::<u16>().ok()?, minute.parse::<u16>().ok()?);
    (minute < 60).then_some(hour * 60 + minute)
}

impl Hours {
    /// Days that [`next_opening`](Self::next_opening) looks ahead: more than any run of holidays.
    const DAYS_AHEAD: i64 = 60;

    pub(crate) fn new(
        zone: TimeZone,
        week: [Vec<OpenSpan>; 7],
        holidays: BTreeMap<Date, String>,
        workdays: BTreeMap<Date, Weekday>,
    ) -> Self {
        Self { zone, week, holidays, workdays }
    }

    /// Open at any time, in UTC.
    pub fn always() -> Self {
        let day = vec![OpenSpan { start: 0, end: OpenSpan::MINUTES_A_DAY }];
        let week = std::array::from_fn(|_| day.clone());
        Self::new(TimeZone::UTC, week, BTreeMap::new(), BTreeMap::new())
    }

    /// The day of a moment in the time zone of the agents.
    pub fn date(&self, at: Timestamp) -> Date {
        at.to_zoned(self.zone.clone()).date()
    }

    /// Noon of a day in the time zone of the agents.
    pub fn noon(&self, day: Date) -> Timestamp {
        let noon = day.at(12, 0, 0, 0).to_zoned(self.zone.clone());
        noon.map_or(Timestamp::MAX, |noon| noon.timestamp())
    }

    /// Whether agents work at that moment.
    pub fn is_open(&self, at: Timestamp) -> bool {
        let now = at.to_zoned(self.zone.clone());
        let minute = (i32::from(now.hour()) * 60 + i32::from(now.minute())) as u16;
        self.day(now.date()).iter().any(|span| (span.start..span.end).contains(&minute))
    }

    /// The first moment after `at` at which a span of open hours begins; `None` when there
    /// is none within 60 days.
    pub fn next_opening(&self, at: Timestamp) -> Option<Zoned> {
        let today = at.to_zoned(self.zone.clone()).date();
        (0..=Self::DAYS_AHEAD).find_map(|days| {
            let date = today.checked_add(Span::new().days(days)).ok()?;
            self.day(date).iter().find_map(|span| {
                let (hour, minute) = (span.start / 60, span.start % 60);
                let start = date.at(hour as i8, minute as i8, 0, 0);
                let opening = start.to_zoned(self.zone.clone()).ok()?;
                (opening.timestamp() > at).then_some(opening)
            })
        })
    }

    /// [`next_opening`](Self::next_opening) in words for the customer, such as
    /// “11月23日（周一）09:00”.
    pub fn next_opening_text(&self, at: Timestamp) -> String {
        let Some(opening) = self.next_opening(at) else {
            return "公告的服务时间".to_owned();
        };
        let day = match opening.weekday() {
            Weekday::Monday => "一",
            Weekday::Tuesday => "二",
            Weekday::Wednesday => "三",
            Weekday::Thursday => "四",
            Weekday::Friday => "五",
            Weekday::Saturday => "六",
            Weekday::Sunday => "日",
        };
        let (month, date) = (opening.month(), opening.day());
        format!("{month}月{date}日（周{day}）{:02}:{:02}", opening.hour(), opening.minute())
    }

    /// The open spans of a day. A make-up working day overrides a holiday.
    fn day(&self, date: Date) -> &[OpenSpan] {
        let weekday = match (self.workdays.get(&date), self.holidays.contains_key(&date)) {
            (Some(like), _) => *like,
            (None, true) => return &[],
            (None, false) => date.weekday(),
        };
        let index = weekday.to_monday_zero_offset() as usize;
        self.week.get(index).map_or(&[], Vec::as_slice)
    }
}

#[cfg(test)]
mod tests {
    use jiff::{civil::date, tz::TimeZoneDatabase};

    use super::*;

    /// Weekdays 9 to 12 and 14 to 18; New Year is a holiday, Sunday 3 January works.
    fn office() -> Hours {
        let day =
            vec![OpenSpan::parse("09:00-12:00").unwrap(), OpenSpan::parse("14:00-18:00").unwrap()];
        let week = std::array::from_fn(|i| if i < 5 { day.clone() } else { Vec::new() });
        let zone = TimeZoneDatabase::bundled().get("Asia/Shanghai").unwrap();
        Hours::new(
            zone,
            week,
            BTreeMap::from([(date(2027, 1, 1), "元旦".to_owned())]),
            BTreeMap::from([(date(2027, 1, 3), Weekday::Monday)]),
        )
    }

    #[test]
    fn open_and_next_opening() {
        let cases = [
            // (what it shows, date, hour, minute, open, next opening)
            ("before work", date(2026, 12, 30), 8, 59, false, "12月30日（周三）09:00"),
            ("the first minute", date(2026, 12, 30), 9, 0, true, "12月30日（周三）14:00"),
            ("the lunch break", date(2026, 12, 30), 12, 0, false, "12月30日（周三）14:00"),
            (
                "over a holiday to a make-up day",
                date(2026, 12, 31),
                18,
                0,
                false,
                "1月3日（周日）09:00",
            ),
            ("a holiday on a Friday", date(2027, 1, 1), 10, 0, false, "1月3日（周日）09:00"),
            ("a make-up working Sunday", date(2027, 1, 3), 10, 0, true, "1月3日（周日）14:00"),
            ("a plain weekend", date(2027, 1, 9), 10, 0, false, "1月11日（周一）09:00"),
        ];
        let office = office();
        for (shows, day, hour, minute, open, next) in cases {
            let at = day.at(hour, minute, 0, 0).to_zoned(office.zone.clone()).unwrap().timestamp();
            assert_eq!(office.is_open(at), open, "{shows}");
            assert_eq!(office.next_opening_text(at), next, "{shows}");
        }
    }

    #[test]
    fn hours_that_never_open_have_no_next_opening() {
        let mut never = office();
        never.week = Default::default();
        never.workdays.clear();
        assert!(never.next_opening(Timestamp::UNIX_EPOCH).is_none());
        assert_eq!(never.next_opening_text(Timestamp::UNIX_EPOCH), "公告的服务时间");
    }

    #[test]
    fn spans_as_they_are_written() {
        let cases = [
            // (what it shows, text, start and end)
            ("plain", "09:00-21:30", Some((540, 1290))),
            ("until midnight", "22:00-24:00", Some((1320, 1440))),
            ("over midnight", "22:00-06:00", None),
            ("nothing between", "09:00-09:00", None),
            ("after midnight", "09:00-24:01", None),
            ("one digit", "9:00-21:00", None),
            ("no such minute", "09:60-21:00", None),
        ];
        for (shows, text, expected) in cases {
            assert_eq!(OpenSpan::parse(text).map(|s| (s.start, s.end)), expected, "{shows}");
        }
    }
}
