//! All checks that look across files, in their order.

use jiff::civil::Date;

use super::{
    facts, figures, guard, industry, language, patterns, prose, questions, references, reviews,
    spoken, test_cases,
};
use crate::knowledge::{diagnostics::report::Report, format::drafts::Drafts};

/// Reports the mistakes that only show when the files are seen together.
pub(crate) fn check(drafts: &Drafts, today: Date, report: &mut Report<'_>) {
    references::check(drafts, report);
    questions::check(drafts, report);
    patterns::check(drafts, report);
    facts::check(drafts, report);
    prose::check(drafts, report);
    industry::check(drafts, report);
    guard::check(drafts, report);
    language::check(drafts, report);
    spoken::check(drafts, report);
    figures::check(drafts, today, report);
    reviews::check(&drafts.entries, today, report);
    test_cases::check(drafts, report);
}
