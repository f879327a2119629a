//! When and for whom something is asked.

use jiff::civil::Date;

use super::facts::Facts;

/// When and for whom something is asked: what decides which entries are served at all.
///
/// A [`Date`] alone is a customer of whom nothing is known, on that day.
///
/// # Examples
///
/// ```
/// use jiff::civil::date;
/// use kefu::knowledge::{Circumstances, Facts};
///
/// let facts: Facts = "product=wallet".parse()?;
/// let known = Circumstances { today: date(2026, 11, 22), facts: &facts };
/// let unknown = Circumstances::from(date(2026, 11, 22));
/// assert_eq!((known.today, unknown.facts.get("product")), (unknown.today, None));
/// # Ok::<(), kefu::knowledge::FactsError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Circumstances<'f> {
    /// The day, where the operator is.
    pub today: Date,
    /// What is known of the customer.
    pub facts: &'f Facts,
}

impl From<Date> for Circumstances<'static> {
    fn from(today: Date) -> Self {
        Self { today, facts: Facts::none() }
    }
}
