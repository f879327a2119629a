//! The circumstances of a question: the day and the facts of the customer.

use jiff::civil::Date;

use super::facts::Facts;

/// The day and the facts of the customer. They decide which entries may be served.
///
/// A [`Date`] alone stands for that day and a customer without known facts.
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
    /// The day in the operator's time zone.
    pub today: Date,
    /// The known facts of the customer.
    pub facts: &'f Facts,
}

impl From<Date> for Circumstances<'static> {
    fn from(today: Date) -> Self {
        Self { today, facts: Facts::none() }
    }
}
