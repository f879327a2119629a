//! The kinds of labels, and how a label belongs to its value.

/// The kind of a number by a word near it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::compliance) enum Label {
    Card,
    Account,
    /// A document of any kind.
    Document,
    HkId,
    MacauId,
    TaiwanId,
    Passport,
    Permit,
    Phone,
    Landline,
    Email,
    /// A number of no kind, such as 号码: an earlier message may tell which.
    Number,
    /// An order, a contract or another number that is not personal.
    Order,
    Amount,
}

/// How a label and the value after it are connected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::compliance) enum LabelLink {
    /// By a word or sign that introduces the value: 密码是…, 密码：….
    Said,
    /// Only by small words, spaces and commas.
    Beside,
    /// After another secret with the same label: 密码是[密码已删除]和….
    Again,
    /// By a few other characters.
    Loose,
    /// No label, but words for something that came: 刚收到….
    Received,
}
