//! Dates in files, alone and in pairs.

use jiff::civil::Date;

use crate::knowledge::{
    diagnostics::{codes::Code, report::Report, source::Located},
    yaml::fields::Fields,
};

/// The date of a key, with its place.
pub(crate) fn read_date(
    fields: &Fields<'_>,
    key: &str,
    report: &mut Report<'_>,
) -> Option<Located<Date>> {
    let node = fields.get(key)?;
    Some(Located { value: node.date(key, report)?, place: node.place })
}

/// Whether the last day is not before the first; reports it if it is. The reason says what follows.
pub(crate) fn is_span(
    from: &Located<Date>,
    until: &Located<Date>,
    reason: &str,
    report: &mut Report<'_>,
) -> bool {
    let is_fine = from.value <= until.value;
    if !is_fine {
        let message = format!("from（{}）晚于 until（{}）", from.value, until.value);
        report.add(Code::Date, until.place, message, reason, "改正其中一个日期");
    }
    is_fine
}

/// Reports a review that is due before the last one.
pub(crate) fn check_review(
    checked: Option<&Located<Date>>,
    due: Option<&Located<Date>>,
    report: &mut Report<'_>,
) {
    if let (Some(checked), Some(due)) = (checked, due)
        && checked.value > due.value
    {
        let message = format!("checked（{}）晚于 review_due（{}）", checked.value, due.value);
        report.add(Code::Date, due.place, message, "复核日期应在核对之后", "改正其中一个日期");
    }
}
