//! What shall become of a file.

/// What shall be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Value {
    /// A date, a number, or a word out of a few: never taken for text, so not quoted.
    Word(String),
    /// A text, on the line of its key if it fits there.
    Text(String),
    /// A text that is written as a block when it is long.
    Prose(String),
    /// Texts, each on a line of its own.
    List(Vec<String>),
    /// Short texts on one line, in brackets.
    Row(Vec<String>),
    /// Names with short texts, on one line in braces.
    Facts(Vec<(String, Vec<String>)>),
    Map(Vec<(&'static str, Value)>),
}

/// What shall become of a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum KeyChange {
    /// Has this value, whether it was there or not.
    Set(Value),
    /// Is not there.
    Remove,
    /// Its value is a map and stays one, in which this changes.
    Inside(Vec<(&'static str, KeyChange)>),
}
