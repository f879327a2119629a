//! Building blocks of the JSON Schemas. Lengths are in characters, as in the reader.

use std::ops::RangeInclusive;

use serde_json::{Map, Value, json};

use crate::knowledge::model::facts::Facts;

/// A map that has no other keys than the known ones.
///
/// `known` is the list that the reader uses. The schema must describe each of these keys and no
/// other.
pub(crate) fn object(
    known: &[&str],
    required: &[&str],
    properties: impl IntoIterator<Item = (&'static str, Value)>,
) -> Value {
    let properties: Map<String, Value> =
        properties.into_iter().map(|(key, value)| (key.to_owned(), value)).collect();
    assert!(
        properties.len() == known.len() && known.iter().all(|key| properties.contains_key(*key)),
        "the schema must describe these keys and no others: {known:?}"
    );
    json!({
        "type": "object",
        "additionalProperties": false,
        "required": required,
        "properties": properties,
    })
}

/// A map whose keys all hold the same kind of value.
pub(crate) fn each(keys: &[&'static str], required: &[&str], value: &Value) -> Value {
    object(keys, required, keys.iter().map(|key| (*key, value.clone())))
}

/// A schema with the Chinese description that editors show.
pub(crate) fn about(mut value: Value, description: &str) -> Value {
    value["description"] = description.into();
    value
}

/// Text of a length, not blank.
pub(crate) fn text(chars: RangeInclusive<usize>) -> Value {
    json!({"type": "string", "minLength": chars.start(), "maxLength": chars.end(), "pattern": "\\S"})
}

/// Text of a length on one line, not blank.
pub(crate) fn line(chars: RangeInclusive<usize>) -> Value {
    // A block scalar ends with a line feed, which the reader trims.
    json!({
        "type": "string",
        "minLength": chars.start(),
        "maxLength": chars.end() + 1,
        "pattern": "^[^\\n]*\\S[^\\n]*\\n?$",
    })
}

/// A list.
pub(crate) fn list(item: &Value) -> Value {
    json!({"type": "array", "items": item})
}

/// A whole number of a range.
pub(crate) fn number(range: RangeInclusive<u32>) -> Value {
    json!({"type": "integer", "minimum": range.start(), "maximum": range.end()})
}

/// One of a few words.
pub(crate) fn choice<T>(choices: &[(&str, T)]) -> Value {
    json!({"enum": choices.iter().map(|(word, _)| *word).collect::<Vec<_>>()})
}

/// `true` or `false`.
pub(crate) fn truth() -> Value {
    json!({"type": "boolean"})
}

/// An id of an entry or an intent.
pub(crate) fn id() -> Value {
    json!({"type": "string", "pattern": "^[a-z0-9_]+(\\.[a-z0-9_]+)+$", "maxLength": 80})
}

/// The name or a value of a fact of customers.
pub(crate) fn fact_word() -> Value {
    json!({"type": "string", "pattern": "^[a-z][a-z0-9_]*$", "maxLength": Facts::WORD_CHARS_MAX})
}

/// Facts of customers, each with at least one value.
pub(crate) fn fact_values() -> Value {
    let mut values = list(&fact_word());
    values["minItems"] = 1.into();
    json!({"type": "object", "propertyNames": fact_word(), "additionalProperties": values})
}

/// A day.
pub(crate) fn date() -> Value {
    let pattern = "^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$";
    json!({"type": "string", "pattern": pattern})
}

/// The version of the file formats.
pub(crate) fn version() -> Value {
    about(json!({"const": 1}), "文件格式的版本，总是 1")
}
