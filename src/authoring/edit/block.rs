//! Lists and maps by indentation.

use super::{
    change::Value,
    flow,
    scalar::{self, Context},
};

/// A prose text of more characters than this is written as a block.
const LINE_CHARS_MAX: usize = 40;

/// A key with its value, as lines without their ends.
pub(super) fn pair(key: &str, value: &Value, indent: usize) -> Vec<String> {
    let margin = " ".repeat(indent);
    let beside = |value: &str| vec![format!("{margin}{key}: {value}")];
    let below = |mark: &str, lines: Vec<String>| {
        let mut all = vec![format!("{margin}{key}:{mark}")];
        all.extend(lines);
        all
    };
    match value {
        Value::Word(word) => beside(&scalar::word(word, Context::Block)),
        Value::Text(text) | Value::Prose(text) => {
            let is_long = matches!(value, Value::Prose(_)) && text.chars().count() > LINE_CHARS_MAX;
            let lines = scalar::block_lines(text).filter(|_| is_long || text.contains('\n'));
            match lines {
                Some(lines) => below(" |", indented(&lines, indent + 2)),
                None => beside(&scalar::text(text, Context::Block)),
            }
        }
        Value::List(items) => {
            let lines = items
                .iter()
                .map(|item| format!("{margin}  - {}", scalar::text(item, Context::Block)));
            below("", lines.collect())
        }
        Value::Map(pairs) if !pairs.is_empty() => {
            let lines = pairs.iter().flat_map(|(key, value)| pair(key, value, indent + 2));
            below("", lines.collect())
        }
        Value::Row(_) | Value::Facts(_) | Value::Map(_) => beside(&flow::value(value)),
    }
}

/// An item of a list, its dash at a column, as lines without their ends.
pub(super) fn item(value: &Value, indent: usize) -> Vec<String> {
    let margin = " ".repeat(indent);
    let Value::Map(pairs) = value else { return vec![format!("{margin}- {}", flow::value(value))] };
    let lines = pairs.iter().flat_map(|(key, value)| pair(key, value, indent + 2));
    let mut lines: Vec<String> = lines.collect();
    if let Some(first) = lines.first_mut() {
        *first = format!("{margin}- {}", first.trim_start());
    }
    lines
}

/// Lines moved to the right; empty ones stay empty.
pub(super) fn indented(lines: &[&str], indent: usize) -> Vec<String> {
    let margin = " ".repeat(indent);
    let moved = |line: &&str| {
        if line.is_empty() { String::new() } else { format!("{margin}{line}") }
    };
    lines.iter().map(moved).collect()
}
