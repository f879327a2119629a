//! The labelled queries of a file.

use serde_json::Value;

/// One query and what it should find.
#[derive(Clone, Debug, PartialEq)]
pub struct Query {
    /// Its name in the predictions.
    pub qid: Qid,
    /// What the customer says.
    pub text: String,
    /// The id of the entry, or intent, that it should find; `None`: it must not be answered.
    pub label: Option<String>,
}

/// The name of a query: its own, or its line number from 0.
#[derive(Clone, Debug, PartialEq)]
pub enum Qid {
    /// Line number from 0, for a query without a name.
    Line(usize),
    /// Its own `qid`, a text or a number.
    Own(Value),
}

/// What is wrong with a line of a file of queries.
#[derive(Debug, thiserror::Error)]
#[error("read line {line} of the queries: {what}")]
pub struct QueryError {
    /// From 1.
    pub line: usize,
    /// What is wrong.
    pub what: String,
}

/// Reads one JSON object a line: `{"text", "label"}`, where `label` is an id or null, and
/// `qid` may name the query. Other keys and empty lines are passed over.
///
/// # Examples
///
/// ```
/// use kefu::evaluation::{Qid, parse_queries};
///
/// let queries = parse_queries(r#"{"text": "提现多久到账", "label": "payment.withdraw.arrival"}"#)?;
/// assert_eq!(queries[0].qid, Qid::Line(0));
/// assert!(parse_queries(r#"{"text": 1, "label": null}"#).is_err());
/// # Ok::<(), kefu::evaluation::QueryError>(())
/// ```
pub fn parse_queries(jsonl: &str) -> Result<Vec<Query>, QueryError> {
    jsonl
        .lines()
        .enumerate()
        .filter(|(_, line)| !line.trim().is_empty())
        .map(|(number, line)| {
            parse_query(number, line).map_err(|what| QueryError { line: number + 1, what })
        })
        .collect()
}

fn parse_query(number: usize, line: &str) -> Result<Query, String> {
    let object: Value = serde_json::from_str(line).map_err(|error| error.to_string())?;
    let Some(text) = object.get("text").and_then(Value::as_str) else {
        return Err("“text” is missing or no text".to_owned());
    };
    // Without a label nobody knows what the query should find; null says that it is nothing.
    let label = match object.get("label") {
        Some(Value::Null) => None,
        Some(Value::String(id)) => Some(id.clone()),
        None | Some(Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_)) => {
            return Err("“label” is missing, or neither a text nor null".to_owned());
        }
    };
    let qid = match object.get("qid") {
        None => Qid::Line(number),
        Some(own @ (Value::String(_) | Value::Number(_))) => Qid::Own(own.clone()),
        Some(Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_)) => {
            return Err("“qid” is neither a text nor a number".to_owned());
        }
    };
    Ok(Query { qid, text: text.to_owned(), label })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_named_by_number_unless_they_name_themselves() {
        let queries = parse_queries(
            "{\"text\":\"a\",\"label\":null}\n\n{\"qid\":\"q7\",\"text\":\"b\",\"label\":\"x.y\",\"kind\":\"ood\"}\n",
        )
        .unwrap();
        let named = |qid, text: &str, label: Option<&str>| Query {
            qid,
            text: text.to_owned(),
            label: label.map(str::to_owned),
        };
        let expected =
            [named(Qid::Line(0), "a", None), named(Qid::Own("q7".into()), "b", Some("x.y"))];
        assert_eq!(queries, expected);
    }

    #[test]
    fn a_broken_line_is_named() {
        let cases = [
            // (what it shows, line)
            ("no JSON", "{"),
            ("no text", r#"{"label":null}"#),
            ("no label", r#"{"text":"a"}"#),
            ("label of another type", r#"{"text":"a","label":7}"#),
        ];
        for (shows, line) in cases {
            let error = parse_queries(&format!("{{\"text\":\"a\",\"label\":null}}\n{line}"));
            assert_eq!(error.unwrap_err().line, 2, "{shows}");
        }
    }
}
