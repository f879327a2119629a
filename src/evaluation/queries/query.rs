//! The labelled queries of a file.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::{error::EvaluationError, jsonl, reading::LabelReading};
use crate::knowledge::{IntentAction, KnowledgeBase};

/// How many queries are taken at most. More would settle nothing: at 50,000 a share is known
/// to half a percent.
pub const QUERIES_MAX: usize = 50_000;

/// How many characters a query may have: as many as a customer may send, and some.
pub(crate) const TEXT_CHARS_MAX: usize = 3_000;
/// How many characters an id or the name of a query may have.
pub(crate) const ID_CHARS_MAX: usize = 200;
/// How many characters the name of a style may have.
const KIND_CHARS_MAX: usize = 40;
/// How many styles there may be: each is a line of a table.
const KINDS_MAX: usize = 50;
/// How many further ids may be right for one query.
const ALSO_MAX: usize = 50;

/// One query and what it should find.
#[derive(Clone, Debug, PartialEq)]
pub struct Query {
    /// Its name in the predictions.
    pub qid: Qid,
    /// Its line in the file, from 1.
    pub line: usize,
    /// What the customer says.
    pub text: String,
    /// The id of the entry, or intent, that it should find; `None`: it must not be answered.
    pub label: Option<String>,
    /// Further ids that a second opinion accepts.
    pub also: Vec<String>,
    /// Whether a second opinion says that the label, mostly that nothing answers, is wrong.
    pub is_disputed: bool,
    /// Its style, such as `traditional` or `typing slip`, for figures by style.
    pub kind: Option<String>,
}

/// The name of a query: its own, or its line number from 0.
#[derive(Clone, Debug, PartialEq)]
pub enum Qid {
    /// Line number from 0, for a query without a name.
    Line(usize),
    /// Its own `qid`, a text or a number.
    Own(Value),
}

impl Qid {
    /// The name as it stands in the predictions.
    pub fn to_json(&self) -> Value {
        match self {
            Self::Line(number) => Value::from(*number),
            Self::Own(own) => own.clone(),
        }
    }

    fn read(given: Option<&Value>, number: usize) -> Result<Self, String> {
        match given {
            None => Ok(Self::Line(number)),
            Some(Value::String(own)) if own.chars().nth(ID_CHARS_MAX).is_some() => {
                Err(format!("“qid” has more than {ID_CHARS_MAX} characters"))
            }
            Some(own @ (Value::String(_) | Value::Number(_))) => Ok(Self::Own(own.clone())),
            Some(Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_)) => {
                Err("“qid” is neither a text nor a number".to_owned())
            }
        }
    }
}

impl Query {
    /// Whether someone looked at it a second time and said something.
    pub fn has_second_opinion(&self) -> bool {
        self.is_disputed || !self.also.is_empty()
    }

    pub(crate) fn accepts(&self, id: &str, reading: LabelReading) -> bool {
        self.label.as_deref().is_some_and(|label| {
            let is_also = || self.also.iter().any(|also| also == id);
            label == id || (reading == LabelReading::SecondOpinions && is_also())
        })
    }
}

/// Reads one JSON object a line: `{"text", "label"}`, where `label` is an id or null.
///
/// `qid` may name the query, `kind` its style; `also` lists further ids that a second opinion
/// accepts, and `disputed: true` says that a second opinion does not hold with the label.
/// Other keys and empty lines are passed over.
///
/// # Examples
///
/// ```
/// use kefu::evaluation::{Qid, parse_queries};
///
/// let queries = parse_queries(r#"{"text": "提现多久到账", "label": "payment.withdraw.arrival"}"#)?;
/// assert_eq!(queries[0].qid, Qid::Line(0));
/// assert!(parse_queries(r#"{"text": 1, "label": null}"#).is_err());
/// # Ok::<(), kefu::evaluation::EvaluationError>(())
/// ```
pub fn parse_queries(jsonl: &str) -> Result<Vec<Query>, EvaluationError> {
    let mut queries = Vec::new();
    let mut lines_by_qid = BTreeMap::new();
    let mut kinds = BTreeSet::new();
    for (line, text) in jsonl::lines(jsonl) {
        let query = parse_query(line, text).and_then(|query| {
            if let Some(before) = lines_by_qid.insert(query.qid.to_json().to_string(), line) {
                return Err(format!("its qid is that of line {before}"));
            }
            if queries.len() == QUERIES_MAX {
                return Err(format!("there are more than {QUERIES_MAX} queries"));
            }
            kinds.extend(query.kind.clone());
            if kinds.len() > KINDS_MAX {
                return Err(format!("there are more than {KINDS_MAX} kinds"));
            }
            Ok(query)
        });
        queries.push(query.map_err(|what| EvaluationError::Query { line, what })?);
    }
    if queries.is_empty() { Err(EvaluationError::NoQueries) } else { Ok(queries) }
}

/// Takes labels that name an intent which answers with an entry for that entry, as customers
/// see no difference; gives the places of queries whose label names nothing in the knowledge
/// base.
pub fn resolve_labels(queries: &mut [Query], base: &KnowledgeBase) -> Vec<usize> {
    let mut known: BTreeMap<&str, &str> = BTreeMap::new();
    for intent in &base.intents {
        let meant = match &intent.action {
            IntentAction::Answer { entry } => entry.as_str(),
            IntentAction::Reply { .. } | IntentAction::Handoff { .. } => intent.id.as_str(),
        };
        known.insert(intent.id.as_str(), meant);
    }
    known.extend(base.entries.iter().map(|entry| (entry.id.as_str(), entry.id.as_str())));
    let mut unknown = Vec::new();
    for (query, place) in queries.iter_mut().zip(0..) {
        for id in query.label.iter_mut().chain(&mut query.also) {
            if let Some(meant) = known.get(id.as_str()) {
                *id = (*meant).to_owned();
            }
        }
        let is_unknown = |label: &String| !known.contains_key(label.as_str());
        if query.label.as_ref().is_some_and(is_unknown) {
            unknown.push(place);
        }
    }
    unknown
}

fn parse_query(line: usize, text: &str) -> Result<Query, String> {
    let object = jsonl::object(text)?;
    let Some(text) = jsonl::text(&object, "text", TEXT_CHARS_MAX)? else {
        return Err("“text” is missing".to_owned());
    };
    // Without a label nobody knows what the query should find; null says that it is nothing.
    if !object.contains_key("label") {
        return Err("“label” is missing: the id that is right, or null".to_owned());
    }
    let kind = jsonl::text(&object, "kind", KIND_CHARS_MAX)?;
    Ok(Query {
        qid: Qid::read(object.get("qid"), line - 1)?,
        line,
        text,
        label: jsonl::text(&object, "label", ID_CHARS_MAX)?,
        also: jsonl::texts(&object, "also", ID_CHARS_MAX, ALSO_MAX)?,
        is_disputed: jsonl::flag(&object, "disputed")?,
        kind: kind.filter(|kind| !kind.trim().is_empty()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_named_by_number_unless_they_name_themselves() {
        let queries = parse_queries(
            "\u{feff}{\"text\":\"a\",\"label\":null,\"disputed\":true}\r\n\n\
             {\"qid\":\"q7\",\"text\":\"b\",\"label\":\"x.y\",\"kind\":\"繁体\",\"also\":[\"z\"]}\n",
        )
        .unwrap();
        let first = Query {
            qid: Qid::Line(0),
            line: 1,
            text: "a".to_owned(),
            label: None,
            also: Vec::new(),
            is_disputed: true,
            kind: None,
        };
        let second = Query {
            qid: Qid::Own("q7".into()),
            line: 3,
            text: "b".to_owned(),
            label: Some("x.y".to_owned()),
            also: vec!["z".to_owned()],
            is_disputed: false,
            kind: Some("繁体".to_owned()),
        };
        assert_eq!(queries, [first, second]);
    }

    #[test]
    fn a_broken_line_is_named() {
        let long = format!("{{\"text\":\"{}\",\"label\":null}}", "长".repeat(TEXT_CHARS_MAX + 1));
        let cases = [
            // (what it shows, line, what is told)
            ("no JSON", "{", "it is no JSON: EOF while parsing an object at column 1"),
            ("no object", "[]", "it is no JSON object"),
            ("no text", r#"{"label":null}"#, "“text” is missing"),
            ("text of another type", r#"{"text":7,"label":null}"#, "“text” is no text"),
            ("too long", long.as_str(), "“text” has more than 3000 characters"),
            ("no label", r#"{"text":"a"}"#, "“label” is missing: the id that is right, or null"),
            ("label of another type", r#"{"text":"a","label":7}"#, "“label” is no text"),
            ("qid twice", r#"{"qid":0,"text":"a","label":"b"}"#, "its qid is that of line 1"),
            (
                "qid of another type",
                r#"{"qid":[],"text":"a","label":"b"}"#,
                "“qid” is neither a text nor a number",
            ),
            (
                "one id where a list belongs",
                r#"{"text":"a","label":"b","also":"c"}"#,
                "“also” is no list of texts",
            ),
            (
                "a list of something else",
                r#"{"text":"a","label":"b","also":[1]}"#,
                "“also” is no list of texts",
            ),
            (
                "disputed by a text",
                r#"{"text":"a","label":null,"disputed":"yes"}"#,
                "“disputed” is neither true nor false",
            ),
        ];
        for (shows, line, expected) in cases {
            let error = parse_queries(&format!("{{\"text\":\"a\",\"label\":null}}\n\n{line}"));
            let expected = EvaluationError::Query { line: 3, what: expected.to_owned() };
            assert_eq!(error, Err(expected), "{shows}");
        }
        assert_eq!(parse_queries(" \n"), Err(EvaluationError::NoQueries));
    }

    #[test]
    fn there_are_limits() {
        let numbered = |count: usize, kind: &dyn Fn(usize) -> String| {
            let line = |n| format!("{{\"text\":\"a\",\"label\":null,\"kind\":\"{}\"}}\n", kind(n));
            parse_queries(&(0..count).map(line).collect::<String>())
        };
        let told =
            |line: usize, what: &str| Err(EvaluationError::Query { line, what: what.to_owned() });
        let same = |_: usize| "x".to_owned();
        assert_eq!(numbered(QUERIES_MAX, &same).unwrap().len(), QUERIES_MAX);
        let more = numbered(QUERIES_MAX + 1, &same);
        assert_eq!(more, told(QUERIES_MAX + 1, "there are more than 50000 queries"));
        assert!(numbered(KINDS_MAX, &|n| n.to_string()).is_ok());
        let more = numbered(KINDS_MAX + 1, &|n| n.to_string());
        assert_eq!(more, told(KINDS_MAX + 1, "there are more than 50 kinds"));
    }
}
