//! Files with one JSON object a line.

use serde_json::{Map, Value};

/// Lines that are not empty, each with its number from 1. A byte order mark goes.
pub(crate) fn lines(jsonl: &str) -> impl Iterator<Item = (usize, &str)> {
    let jsonl = jsonl.strip_prefix('\u{feff}').unwrap_or(jsonl);
    (1..).zip(jsonl.lines()).filter(|(_, line)| !line.trim().is_empty())
}

/// The object of a line, or what is wrong with the line.
pub(crate) fn object(line: &str) -> Result<Map<String, Value>, String> {
    match serde_json::from_str(line) {
        Ok(Value::Object(object)) => Ok(object),
        Ok(_) => Err("it is no JSON object".to_owned()),
        Err(error) => {
            // The parser knows one line only and calls it the first.
            let message = error.to_string();
            let what = message.split(" at line ").next().unwrap_or_default();
            Err(format!("it is no JSON: {what} at column {}", error.column()))
        }
    }
}

/// A text of at most so many characters; `None` when it is missing or null.
pub(crate) fn text(
    object: &Map<String, Value>,
    key: &str,
    chars_max: usize,
) -> Result<Option<String>, String> {
    match object.get(key) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => bounded(text, key, chars_max).map(Some),
        Some(Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_)) => {
            Err(format!("“{key}” is no text"))
        }
    }
}

/// False when it is missing or null.
pub(crate) fn flag(object: &Map<String, Value>, key: &str) -> Result<bool, String> {
    match object.get(key) {
        None | Some(Value::Null) => Ok(false),
        Some(Value::Bool(is_set)) => Ok(*is_set),
        Some(Value::Number(_) | Value::String(_) | Value::Array(_) | Value::Object(_)) => {
            Err(format!("“{key}” is neither true nor false"))
        }
    }
}

/// A list of such texts; empty when it is missing or null.
pub(crate) fn texts(
    object: &Map<String, Value>,
    key: &str,
    chars_max: usize,
    count_max: usize,
) -> Result<Vec<String>, String> {
    let list = match object.get(key) {
        None | Some(Value::Null) => return Ok(Vec::new()),
        Some(Value::Array(list)) => list,
        Some(Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Object(_)) => {
            return Err(format!("“{key}” is no list of texts"));
        }
    };
    if list.len() > count_max {
        return Err(format!("“{key}” has more than {count_max} items"));
    }
    let text = |one: &Value| {
        let text = one.as_str().ok_or_else(|| format!("“{key}” is no list of texts"))?;
        bounded(text, key, chars_max)
    };
    list.iter().map(text).collect()
}

fn bounded(text: &str, key: &str, chars_max: usize) -> Result<String, String> {
    if text.chars().nth(chars_max).is_some() {
        return Err(format!("“{key}” has more than {chars_max} characters"));
    }
    Ok(text.to_owned())
}
