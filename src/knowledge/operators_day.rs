//! The day in the operator's time zone.

use jiff::{Timestamp, civil::Date, tz::TimeZone};

use super::{
    diagnostics::source::SourceFile,
    format::{role::FileRole, written::Written},
};

/// The day of a moment in the time zone of `knowledge/hours.yaml`, or in UTC when these files name
/// no valid zone.
///
/// The checks need the day, because it decides which entries are served. This function
/// therefore works on files that are not checked yet.
pub fn operators_day(files: &[SourceFile], at: Timestamp) -> Date {
    let hours = files.iter().find(|file| FileRole::of(&file.path) == FileRole::Hours);
    let zone = hours
        .and_then(Written::read)
        .and_then(|written| TimeZone::get(written.root.value("time_zone")?.raw_text()?).ok());
    at.to_zoned(zone.unwrap_or(TimeZone::UTC)).date()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn the_operators_day_is_known_before_the_files_are_checked() {
        let at = date(2026, 11, 21).at(20, 0, 0, 0).to_zoned(TimeZone::UTC).unwrap().timestamp();
        let cases = [
            ("east", "version: 1\ntime_zone: Asia/Shanghai\n", date(2026, 11, 22)),
            ("west", "time_zone: America/New_York\n", date(2026, 11, 21)),
            ("no such zone", "time_zone: Asia/Peking\n", date(2026, 11, 21)),
            ("no zone", "version: 1\n", date(2026, 11, 21)),
            ("no YAML", "time_zone: [\n", date(2026, 11, 21)),
        ];
        for (shows, text, expected) in cases {
            let path = "knowledge/hours.yaml".to_owned();
            let file = SourceFile { path, bytes: text.as_bytes().to_vec() };
            assert_eq!(operators_day(&[file], at), expected, "{shows}");
        }
        assert_eq!(operators_day(&[], at), date(2026, 11, 21), "no file");
    }
}
