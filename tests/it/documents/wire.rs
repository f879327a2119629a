//! What crosses the wire, field by field, as `src/transport/wire/` declares it.
//!
//! The declarations are read as text, in the form that rustfmt gives them. Whatever is not understood
//! fails, so that no field is passed over.

use std::{collections::BTreeMap, fmt, sync::LazyLock};

use kefu::knowledge::GuardKind;
use serde_json::{Map, Value, json};

use crate::harness::page;

const SOURCES: [&str; 8] = [
    "src/transport/wire/customer.rs",
    "src/transport/wire/agent.rs",
    "src/transport/wire/error.rs",
    "src/transport/wire/facts.rs",
    "src/transport/api.rs",
    "src/transport/api_error.rs",
    "src/transport/suggestions.rs",
    "src/transport/metrics.rs",
];

/// What the wire has from the journal.
const JOURNAL: (&str, [&str; 5]) =
    ("src/journal/event.rs", ["ReplyKind", "Choice", "CandidateNote", "Occasion", "HandoffReason"]);

/// A field of an object.
#[derive(Clone, Debug)]
pub(crate) struct Field {
    pub(crate) name: String,
    pub(crate) kind: Kind,
    /// Whether it may be left out.
    pub(crate) is_optional: bool,
    /// From its doc comment.
    pub(crate) meaning: String,
}

/// What a field holds.
#[derive(Clone, Debug)]
pub(crate) enum Kind {
    Text,
    Number,
    Truth,
    /// A text or nothing, and so on.
    OrNull(Box<Kind>),
    List(Box<Kind>),
    /// Texts by names.
    Texts,
    /// An object, or a union of them, that has a declaration of its own.
    Named(String),
}

/// A declaration.
#[derive(Clone, Debug)]
pub(crate) enum Declared {
    /// One object.
    Object(Vec<Field>),
    /// One of several, told apart by `type`: name, meaning, fields.
    Union(Vec<(String, String, Vec<Field>)>),
    Words(Vec<String>),
}

/// Every declaration by its name.
static DECLARED: LazyLock<BTreeMap<String, Declared>> = LazyLock::new(read);

/// The declaration of this name.
pub(crate) fn declared(name: &str) -> &'static Declared {
    DECLARED.get(name).unwrap_or_else(|| panic!("{name} is not declared"))
}

/// The frames of a union.
pub(crate) fn frames(name: &str) -> &'static [(String, String, Vec<Field>)] {
    match declared(name) {
        Declared::Union(frames) => frames,
        other @ (Declared::Object(_) | Declared::Words(_)) => panic!("{name} is {other:?}"),
    }
}

/// The words of an enum.
pub(crate) fn words(name: &str) -> Vec<String> {
    match declared(name) {
        Declared::Words(words) => words.clone(),
        other @ (Declared::Object(_) | Declared::Union(_)) => panic!("{name} is {other:?}"),
    }
}

/// The fields of an object.
pub(crate) fn fields(name: &str) -> &'static [Field] {
    match declared(name) {
        Declared::Object(fields) => fields,
        other @ (Declared::Union(_) | Declared::Words(_)) => panic!("{name} is {other:?}"),
    }
}

impl fmt::Display for Kind {
    /// As TypeScript writes types.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text => f.write_str("string"),
            Self::Number => f.write_str("number"),
            Self::Truth => f.write_str("boolean"),
            Self::OrNull(kind) => write!(f, "{kind} | null"),
            Self::List(kind) => write!(f, "{kind}[]"),
            Self::Texts => f.write_str("Record<string, string>"),
            Self::Named(name) => f.write_str(name),
        }
    }
}

impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}: {}", self.name, if self.is_optional { "?" } else { "" }, self.kind)
    }
}

/// What is wrong with a value that goes over the wire as one of this name; nothing if it is right.
pub(crate) fn mistake(name: &str, value: &Value) -> Option<String> {
    let object = |fields: &[Field], kind: Option<&str>| {
        let Some(found) = value.as_object() else { return Some(format!("{value} for {name}")) };
        of_object(fields, kind, found).map(|mistake| format!("{name}: {mistake}"))
    };
    match declared(name) {
        Declared::Object(fields) => object(fields, None),
        Declared::Union(frames) => {
            let frame = frames.iter().find(|(frame, ..)| value["type"] == *frame);
            let Some((frame, _, fields)) = frame else {
                return Some(format!("{name} has no type {}", value["type"]));
            };
            object(fields, Some(frame)).map(|mistake| format!("{frame} of {mistake}"))
        }
        Declared::Words(words) => {
            let is_word =
                value.as_str().is_some_and(|word| words.iter().any(|known| known == word));
            (!is_word).then(|| format!("{value} is no {name}"))
        }
    }
}

fn of_object(fields: &[Field], kind: Option<&str>, found: &Map<String, Value>) -> Option<String> {
    let is_known = |key: &String| {
        fields.iter().any(|field| field.name == *key) || kind.is_some() && key == "type"
    };
    if let Some(unknown) = found.keys().find(|key| !is_known(key)) {
        return Some(format!("`{unknown}` is not declared"));
    }
    fields.iter().find_map(|field| match found.get(&field.name) {
        None => (!field.is_optional).then(|| format!("`{}` is missing", field.name)),
        Some(value) => {
            of_kind(&field.kind, value).map(|mistake| format!("`{}`: {mistake}", field.name))
        }
    })
}

fn of_kind(kind: &Kind, value: &Value) -> Option<String> {
    let is = |fits: bool| (!fits).then(|| format!("{value} is no {kind}"));
    match kind {
        Kind::Text => is(value.is_string()),
        Kind::Number => is(value.is_number()),
        Kind::Truth => is(value.is_boolean()),
        Kind::OrNull(_) if value.is_null() => None,
        Kind::OrNull(kind) => of_kind(kind, value),
        Kind::List(kind) => match value.as_array() {
            Some(items) => items.iter().find_map(|item| of_kind(kind, item)),
            None => is(false),
        },
        Kind::Texts => is(value.as_object().is_some_and(|map| map.values().all(Value::is_string))),
        Kind::Named(name) => mistake(name, value),
    }
}

/// A value of the kind, for tests.
pub(crate) fn sample(kind: &Kind) -> Value {
    match kind {
        Kind::Text => json!("a"),
        Kind::Number => json!(1),
        Kind::Truth => json!(true),
        Kind::OrNull(kind) => sample(kind),
        Kind::List(kind) => json!([sample(kind)]),
        Kind::Texts => json!({"a": "b"}),
        Kind::Named(name) => match declared(name) {
            Declared::Words(words) => json!(words[0]),
            other @ (Declared::Object(_) | Declared::Union(_)) => {
                panic!("a client sends no {other:?}")
            }
        },
    }
}

fn read() -> BTreeMap<String, Declared> {
    let mut declared: BTreeMap<String, Declared> =
        SOURCES.into_iter().flat_map(|path| of_source(&page(path), |_| true)).collect();
    let of_journal = of_source(&page(JOURNAL.0), |name| JOURNAL.1.contains(&name));
    declared.extend(of_journal);
    let codes = kefu::transport::wire::ErrorCode::ALL;
    let codes = codes.iter().map(|code| code.as_str().to_owned()).collect();
    declared.insert("ErrorCode".to_owned(), Declared::Words(codes));
    let kinds = GuardKind::ALL.iter().map(|kind| kind.as_str().to_owned()).collect();
    declared.insert("GuardKind".to_owned(), Declared::Words(kinds));
    let objects = declared.clone();
    for found in declared.values_mut() {
        let Declared::Union(frames) = found else { continue };
        for (.., fields) in frames {
            // A frame that is an object of its own has the object's fields.
            if let [Field { name, kind: Kind::Named(object), .. }] = fields.as_slice()
                && name == INNER
                && let Some(Declared::Object(inner)) = objects.get(object)
            {
                *fields = inner.clone();
            }
        }
    }
    declared
}

/// The name of the one field of a frame that is an object of its own.
const INNER: &str = "…";

fn of_source(source: &str, is_wanted: impl Fn(&str) -> bool) -> Vec<(String, Declared)> {
    let lines: Vec<&str> = source.lines().collect();
    let mut declared = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        let line = line.strip_prefix("pub(crate) ").or(line.strip_prefix("pub ")).unwrap_or(line);
        let Some((kind, rest)) = line.split_once(' ') else { continue };
        let Some(name) = rest.strip_suffix(" {").filter(|name| is_word(name)) else { continue };
        let head: Vec<&str> = lines[..at].iter().rev().copied().map_while(attribute).collect();
        let is_wire =
            head.iter().any(|line| line.starts_with("#[derive") && line.contains("ialize"));
        if !is_wire || !["struct", "enum"].contains(&kind) || !is_wanted(name) {
            continue;
        }
        let body = lines[at + 1..].iter().take_while(|line| **line != "}");
        let body: Vec<&str> = body.map(|line| line.trim()).collect();
        let head = Head::of(name, &head);
        let found = if kind == "struct" { object(&body, head) } else { union(&body, head) };
        declared.push((name.to_owned(), found));
    }
    declared
}

fn is_word(text: &str) -> bool {
    text.chars().all(char::is_alphanumeric)
}

/// A line that belongs to the declaration after it.
fn attribute(line: &str) -> Option<&str> {
    (line.starts_with("#[") || line.starts_with("///")).then_some(line)
}

/// What the attributes of a declaration say.
#[derive(Clone, Copy)]
struct Head<'s> {
    name: &'s str,
    is_sent: bool,
    is_tagged: bool,
    is_snake: bool,
}

impl<'s> Head<'s> {
    fn of(name: &'s str, lines: &[&str]) -> Self {
        let has = |part: &str| lines.iter().any(|line| line.contains(part));
        Self {
            name,
            is_sent: has(" Serialize") || has("(Serialize"),
            is_tagged: has("tag = \"type\""),
            is_snake: has("rename_all = \"snake_case\""),
        }
    }

    fn wire_name(self, variant: &str, serde: &[&str]) -> String {
        let renamed = serde.iter().find_map(|line| line.strip_prefix("rename = \""));
        let renamed = renamed.and_then(|rest| rest.split('"').next());
        match renamed {
            Some(name) => name.to_owned(),
            None if self.is_snake => snake_case(variant),
            None => panic!("{variant} of {} has no name on the wire", self.name),
        }
    }
}

fn object(body: &[&str], head: Head<'_>) -> Declared {
    let mut lines = Lines { rest: body.to_vec() };
    let fields = lines.fields(head);
    assert!(lines.rest.is_empty(), "{}: {:?}", head.name, lines.rest);
    Declared::Object(fields)
}

fn union(body: &[&str], head: Head<'_>) -> Declared {
    let mut lines = Lines { rest: body.to_vec() };
    let (mut frames, mut words) = (Vec::new(), Vec::new());
    while let Some(variant) = lines.next(head.name) {
        let (name, rest) = match variant.line.find([' ', '(', ',']) {
            Some(at) => variant.line.split_at(at),
            None => panic!("{}: {}", head.name, variant.line),
        };
        let wire = head.wire_name(name, &variant.serde);
        match rest {
            "," => words.push(wire),
            " {}," => frames.push((wire, variant.meaning, Vec::new())),
            " {" => {
                let fields = lines.fields(head);
                assert_eq!(lines.rest.first(), Some(&"},"), "{}::{name}", head.name);
                lines.rest.remove(0);
                frames.push((wire, variant.meaning, fields));
            }
            inner => {
                let inner = inner.strip_prefix('(').and_then(|inner| inner.strip_suffix("),"));
                let inner = inner.unwrap_or_else(|| panic!("{}::{name}{rest}", head.name));
                let field = Field {
                    name: INNER.to_owned(),
                    kind: Kind::Named(inner.to_owned()),
                    is_optional: false,
                    meaning: String::new(),
                };
                frames.push((wire, variant.meaning, vec![field]));
            }
        }
    }
    assert!(words.is_empty() || frames.is_empty(), "{} is of two kinds", head.name);
    if words.is_empty() && head.is_tagged {
        Declared::Union(frames)
    } else {
        Declared::Words(words)
    }
}

/// A declaration's lines, without indentation.
struct Lines<'s> {
    rest: Vec<&'s str>,
}

/// A line with its doc comment and the arguments of its `#[serde(…)]`.
struct Documented<'s> {
    line: &'s str,
    meaning: String,
    serde: Vec<&'s str>,
}

impl<'s> Lines<'s> {
    fn next(&mut self, of: &str) -> Option<Documented<'s>> {
        let mut next = Documented { line: "", meaning: String::new(), serde: Vec::new() };
        while !self.rest.is_empty() {
            let line = self.rest.remove(0);
            if let Some(words) = line.strip_prefix("///") {
                if !next.meaning.is_empty() {
                    next.meaning.push(' ');
                }
                next.meaning.push_str(words.trim());
            } else if let Some(serde) = line.strip_prefix("#[serde(") {
                let inside = serde.strip_suffix(")]").unwrap_or_else(|| panic!("{of}: {line}"));
                next.serde.extend(inside.split(", "));
            } else if !line.is_empty() {
                return Some(Documented { line, ..next });
            }
        }
        None
    }

    /// The fields up to the end of the braces.
    fn fields(&mut self, head: Head<'_>) -> Vec<Field> {
        let mut fields = Vec::new();
        while self.rest.first().is_some_and(|line| *line != "},") {
            let Some(found) = self.next(head.name) else { break };
            let line = found.line.strip_suffix(',').unwrap_or_else(|| panic!("{}", found.line));
            let line =
                line.strip_prefix("pub(crate) ").or(line.strip_prefix("pub ")).unwrap_or(line);
            let (name, kind) = line.split_once(": ").unwrap_or_else(|| panic!("{line}"));
            let is_left_out = |argument: &&str| match *argument {
                "default" => true,
                "rename = \"type\"" | "flatten" | "borrow" => false,
                other if other.starts_with("skip_serializing_if = ") => true,
                other => panic!("{}: #[serde({other})] is not known to this test", head.name),
            };
            let may_be_absent = found.serde.iter().any(is_left_out);
            let inner = kind.strip_prefix("Option<").and_then(|kind| kind.strip_suffix('>'));
            let kind = match inner {
                // What is left out when there is none is never null.
                Some(inner) if head.is_sent && may_be_absent => of_rust(inner),
                Some(inner) => Kind::OrNull(Box::new(of_rust(inner))),
                None => of_rust(kind),
            };
            fields.push(Field {
                name: name.to_owned(),
                kind,
                is_optional: may_be_absent || inner.is_some() && !head.is_sent,
                meaning: found.meaning,
            });
        }
        fields
    }
}

fn of_rust(kind: &str) -> Kind {
    if let Some(inner) = kind.strip_prefix("Vec<").and_then(|kind| kind.strip_suffix('>')) {
        return Kind::List(Box::new(of_rust(inner)));
    }
    match kind {
        "String" | "&'static str" | "Timestamp" | "Date" | "ConversationId" | "EntryId"
        | "IntentId" | "ClientIdHash" | "Cow<'a, str>" => Kind::Text,
        "u8" | "u16" | "u32" | "u64" | "usize" | "i64" | "f32" | "AgentId" => Kind::Number,
        "bool" => Kind::Truth,
        "GivenFacts" => Kind::Texts,
        "[usize; 2]" => Kind::List(Box::new(Kind::Number)),
        named => Kind::Named(named.to_owned()),
    }
}

fn snake_case(name: &str) -> String {
    let mut snake = String::new();
    for c in name.chars() {
        if c.is_ascii_uppercase() && !snake.is_empty() {
            snake.push('_');
        }
        snake.push(c.to_ascii_lowercase());
    }
    snake
}
