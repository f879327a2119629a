//! Why a customer is not served an entry.

use crate::knowledge::{Circumstances, Entry, Status};

/// Why an entry is not served to some customer on some day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Unserved {
    /// It is being written.
    Draft,
    /// It was taken out of service.
    Retired,
    /// Its first day is yet to come.
    NotYet,
    /// Its last day is over.
    Over,
    /// It is for other customers.
    OtherCustomers,
}

impl Unserved {
    /// Why the entry is not served; `None` when it is.
    pub(super) fn of(entry: &Entry, circumstances: Circumstances<'_>) -> Option<Self> {
        let today = circumstances.today;
        match entry.status {
            _ if entry.is_served_in(circumstances) => None,
            Status::Draft => Some(Self::Draft),
            Status::Retired => Some(Self::Retired),
            Status::Live if entry.valid_from.is_some_and(|from| today < from) => Some(Self::NotYet),
            Status::Live if entry.valid_until.is_some_and(|until| until < today) => {
                Some(Self::Over)
            }
            Status::Live => Some(Self::OtherCustomers),
        }
    }

    /// Its name in JSON and in the log.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Retired => "retired",
            Self::NotYet => "not_yet_valid",
            Self::Over => "no_longer_valid",
            Self::OtherCustomers => "for_other_customers",
        }
    }

    /// In Chinese.
    pub fn title(self) -> &'static str {
        match self {
            Self::Draft => "未上线（draft）",
            Self::Retired => "已下线（retired）",
            Self::NotYet => "还没到生效日期",
            Self::Over => "已过失效日期",
            Self::OtherCustomers => "不提供给这样的客户（when）",
        }
    }
}
