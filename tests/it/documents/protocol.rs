//! `src/transport/wire/`, `web/protocol.js` and the pages of the protocol say the same: names, fields,
//! error codes and close codes.

use std::{collections::BTreeMap, fmt::Write};

use kefu::knowledge::GuardKind;
use kefu::transport::wire::{AgentFrame, Close, CustomerFrame, ErrorCode, Retry};
use serde_json::{Value, json};

use crate::{
    documents::wire::{Declared, Field, declared, fields, frames, mistake, sample, words},
    harness::{assert_part, marks, page, table},
};

/// Everything that crosses a socket: who sends it, and its declaration.
const UNIONS: [(&str, &str); 6] = [
    ("A customer's client sends", "CustomerFrame"),
    ("The server sends to a customer", "FrameToCustomer"),
    ("Events in `event`, as a customer sees them", "CustomerView"),
    ("An agent's client sends", "AgentFrame"),
    ("The server sends to an agent", "FrameToAgent"),
    ("Events in `record`, as an agent sees them", "AgentView"),
];

/// Objects and words inside of those.
const PARTS: [&str; 15] = [
    "AgentRecord",
    "AgentStatusView",
    "CandidateNote",
    "Choice",
    "DroppedFactsView",
    "ErrorCode",
    "ViolationView",
    "FrameError",
    "GuardKind",
    "HandoffReason",
    "LeftMessage",
    "Occasion",
    "OwnConversation",
    "ReplyKind",
    "WaitingView",
];

/// Bodies over HTTP: the request line, which way, and the declaration.
const BODIES: [(&str, &str); 10] = [
    ("`POST /v1/customers`, request", "CreateCustomerRequest"),
    ("`POST /v1/customers`, answer", "CreateCustomerResponse"),
    ("`POST /v1/agents/login`, request", "LoginRequest"),
    ("`POST /v1/agents/login`, answer", "LoginResponse"),
    ("`POST /v1/ask`, request", "AskRequest"),
    ("`POST /v1/ask`, answer", "AskResponse"),
    ("`GET /v1/suggestions`, query", "SuggestionQuery"),
    ("`GET /v1/suggestions`, answer", "SuggestionResponse"),
    ("each of `suggestions`", "SuggestionView"),
    ("`GET /readyz`, answer", "Readiness"),
];

#[test]
fn the_web_pages_and_the_server_speak_the_same_protocol() {
    let lists = lists_of(&page("web/protocol.js"));
    let names = |union: &str| frames(union).iter().map(|(name, ..)| name.clone()).collect();
    let retried = ErrorCode::ALL.iter().filter(|code| code.retry() != Retry::Never);
    let pairs: [(&str, Vec<String>); 13] = [
        ("CUSTOMER_FRAMES", names("CustomerFrame")),
        ("CUSTOMER_EVENTS", names("FrameToCustomer")),
        ("CUSTOMER_VIEWS", names("CustomerView")),
        ("AGENT_FRAMES", names("AgentFrame")),
        ("AGENT_EVENTS", names("FrameToAgent")),
        ("AGENT_VIEWS", names("AgentView")),
        ("AGENT_STATUSES", words("AgentStatusView")),
        ("ERROR_CODES", words("ErrorCode")),
        ("OCCASIONS", words("Occasion")),
        ("REASONS", words("HandoffReason")),
        ("GUARD_KINDS", words("GuardKind")),
        ("REPLY_KINDS", words("ReplyKind")),
        ("PASSING", retried.map(|code| code.as_str().to_owned()).collect()),
    ];
    for (list, mut expected) in pairs {
        assert!(expected.len() > 1, "{list} has nothing to be compared with");
        let mut found = lists.get(list).unwrap_or_else(|| panic!("{list} is missing")).clone();
        expected.sort();
        found.sort();
        assert_eq!(found, expected, "{list}");
    }
}

#[test]
fn the_console_names_each_danger_as_the_guard_does() {
    let script = page("web/records.js");
    let (_, words) = script.split_once("const DANGER_WORDS = {").expect("the words are there");
    let (words, _) = words.split_once("};").expect("they end");
    let dangers = GuardKind::ALL.into_iter().filter(|kind| kind.is_danger());
    let expected: String =
        dangers.map(|kind| ["\n  ", kind.as_str(), ": \"", kind.title(), "\","].concat()).collect();
    assert_eq!(words.trim_end(), expected);
}

#[test]
fn the_web_pages_know_the_close_codes_of_our_own() {
    let script = page("web/protocol.js");
    let (_, close) = script.split_once("export const CLOSE = {").expect("the codes are there");
    let (close, _) = close.split_once('}').expect("they end");
    for code in Close::ALL.iter().map(|close| close.code()).filter(|code| *code >= 4000) {
        assert!(close.contains(&format!(": {code},")), "{code} in {close}");
    }
    let known: Vec<u16> = Close::ALL.iter().map(|close| close.code()).collect();
    for code in close.split([':', ',']).filter_map(|part| part.trim().parse::<u16>().ok()) {
        assert!(known.contains(&code), "{code}");
    }
}

/// Fields as a type of TypeScript.
fn object(kind: Option<&str>, fields: &[Field]) -> String {
    let kind = kind.map(|kind| format!("type: \"{kind}\""));
    let fields: Vec<String> = kind.into_iter().chain(fields.iter().map(Field::to_string)).collect();
    format!("{{{}}}", fields.join(", "))
}

fn typedef(name: &str) -> String {
    let (kind, bracket) = match declared(name) {
        Declared::Object(fields) => (object(None, fields), ""),
        Declared::Union(frames) => {
            let one = |(name, _, fields): &(String, String, Vec<Field>)| object(Some(name), fields);
            let frames: Vec<String> = frames.iter().map(one).collect();
            (format!("\n *   {}", frames.join(" |\n *   ")), "\n * ")
        }
        Declared::Words(words) => {
            let words: Vec<String> = words.iter().map(|word| format!("\"{word}\"")).collect();
            (words.join(" | "), "")
        }
    };
    format!("/**\n * @typedef {{{kind}{bracket}}} {name}\n */\n")
}

#[test]
fn the_script_declares_every_field_of_every_frame() {
    let names = UNIONS.map(|(_, name)| name).into_iter().chain(PARTS);
    let types: String = names.map(typedef).collect();
    assert_part("web/protocol.js", ("// generated: types", "// end: types"), &types);
}

fn rows(frame: &str, meaning: &str, fields: &[Field]) -> Vec<[String; 4]> {
    let escaped = |kind: &dyn ToString| kind.to_string().replace('|', "\\|");
    let mut rows = vec![[format!("**{frame}**"), String::new(), String::new(), meaning.to_owned()]];
    rows.extend(fields.iter().map(|field| {
        let optional = if field.is_optional { ", may be left out" } else { "" };
        // Links lead to declarations in Rust.
        let meaning = field.meaning.replace("[`PROTOCOL`](super::PROTOCOL)", "The version");
        let name = format!("`{}`{optional}", field.name);
        [String::new(), name, format!("`{}`", escaped(&field.kind)), meaning]
    }));
    rows
}

#[test]
fn the_page_of_the_fields_has_every_field() {
    let head = ["Frame or object", "Field", "Type", "Meaning"];
    let mut text = String::new();
    for (title, name) in UNIONS {
        let frames = frames(name).iter();
        let rows: Vec<_> =
            frames.flat_map(|(name, meaning, f)| rows(&format!("`{name}`"), meaning, f)).collect();
        write!(text, "## {title}\n\n{}\n", table(head, &rows)).expect("a text grows");
    }
    let (mut objects, mut lists) = (Vec::new(), Vec::new());
    for name in PARTS {
        match declared(name) {
            Declared::Object(fields) => objects.extend(rows(&format!("`{name}`"), "", fields)),
            Declared::Words(words) => {
                let words: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
                lists.push([format!("`{name}`"), words.join(", ")]);
            }
            Declared::Union(_) => panic!("{name} is a union"),
        }
    }
    write!(
        text,
        "## Objects\n\n{}\n## Words\n\n{}\n",
        table(head, &objects),
        table(["Type", "One of"], &lists)
    )
    .expect("a text grows");
    let bodies: Vec<_> =
        BODIES.iter().flat_map(|(what, name)| rows(what, "", fields(name))).collect();
    write!(text, "## Bodies over HTTP\n\n{}", table(head, &bodies)).expect("a text grows");
    let (begin, end) = marks("fields");
    assert_part("docs/protocol-fields.md", (&begin, &end), &text);
}

#[test]
fn the_page_of_the_protocol_has_every_code() {
    let errors: Vec<_> = ErrorCode::ALL
        .iter()
        .map(|code| {
            let statuses: Vec<String> = code.statuses().iter().map(u16::to_string).collect();
            let retry = if code.retry() == Retry::Never { "no" } else { "yes" };
            let meaning = code.meaning().trim().to_owned();
            [format!("`{}`", code.as_str()), statuses.join(", "), retry.to_owned(), meaning]
        })
        .collect();
    let (begin, end) = marks("errors");
    let errors = table(["Code", "HTTP", "The same again later", "Meaning"], &errors);
    assert_part("docs/protocol.md", (&begin, &end), &errors);

    let closes: Vec<_> = Close::ALL
        .iter()
        .map(|close| {
            [close.code().to_string(), close.meaning().trim().to_owned(), close.then().to_owned()]
        })
        .collect();
    let (begin, end) = marks("closes");
    let closes = table(["Code", "Meaning", "What a client does"], &closes);
    assert_part("docs/protocol.md", (&begin, &end), &closes);
}

/// What the reader of the declarations says of a frame is what the server does with it.
#[test]
fn the_server_takes_the_declared_fields_and_no_others() {
    let customer = |frame: Value| serde_json::from_value::<CustomerFrame>(frame).is_ok();
    let agent = |frame: Value| serde_json::from_value::<AgentFrame>(frame).is_ok();
    let takes: [(&str, &dyn Fn(Value) -> bool); 2] =
        [("CustomerFrame", &customer), ("AgentFrame", &agent)];
    for (union, takes) in takes {
        for (name, _, fields) in frames(union) {
            let mut whole = json!({"type": name});
            for field in fields {
                whole[&field.name] = sample(&field.kind);
            }
            assert!(takes(whole.clone()), "{whole}");
            for field in fields {
                let mut without = whole.clone();
                without.as_object_mut().unwrap().remove(&field.name);
                assert_eq!(takes(without), field.is_optional, "{name} without {}", field.name);
            }
            whole["another"] = json!(1);
            assert!(!takes(whole), "{name} with another field");
        }
    }
}

/// The frames that the page shows, each as JSON. What is cut stands as `…`.
fn shown_frames(text: &str) -> Vec<(String, Value)> {
    let lines = text.lines().filter(|line| line.starts_with(['→', '←']));
    lines
        .map(|line| {
            let whole = line.replace("[…,", "[").replace(",…]", "]").replace(",…}", "}");
            let (mark, frame) = whole.split_once(' ').unwrap();
            let frame =
                serde_json::from_str(frame).unwrap_or_else(|error| panic!("{line}: {error}"));
            (mark.to_owned(), frame)
        })
        .collect()
}

#[test]
fn the_frames_on_the_page_have_the_declared_fields() {
    let text = page("docs/protocol.md");
    let (customer, agent) = text.split_once("## Agent: ").unwrap();
    let mut shown = 0;
    for (part, sent, received) in
        [(customer, "CustomerFrame", "FrameToCustomer"), (agent, "AgentFrame", "FrameToAgent")]
    {
        for (mark, frame) in shown_frames(part) {
            let name = if mark == "→" { sent } else { received };
            assert_eq!(mistake(name, &frame), None, "{frame}");
            shown += 1;
        }
    }
    assert!(shown > 30, "{shown} frames");
}

#[test]
fn the_page_names_every_frame_and_field() {
    let text = page("docs/protocol.md");
    for (_, union) in UNIONS {
        for (name, _, fields) in frames(union) {
            assert!(text.contains(&format!("`{name}`")), "`{name}` of {union}");
            // What clients send is explained field by field.
            if union.ends_with("Frame") {
                for field in fields {
                    assert!(
                        text.contains(&format!("`{}`", field.name)),
                        "`{}` of {name}",
                        field.name
                    );
                }
            }
        }
    }
}

#[test]
fn a_frame_with_another_field_is_noticed() {
    let whole = json!({"type": "queue", "place": 1, "waiting": 2});
    assert_eq!(mistake("FrameToCustomer", &whole), None);
    let cases = [
        ("a further field", json!({"type": "queue", "place": 1, "waiting": 2, "x": 1}), "`x`"),
        ("a missing field", json!({"type": "queue", "place": 1}), "`waiting`"),
        ("another type", json!({"type": "queue", "place": "1", "waiting": 2}), "`place`"),
        ("an unknown frame", json!({"type": "fly"}), "fly"),
        (
            "a mistake inside",
            json!({"type": "event", "seq": 1, "prev": 0, "at": "a", "event": {"type": "queued", "x": 1}}),
            "queued of CustomerView: `x`",
        ),
    ];
    for (shows, frame, told) in cases {
        let mistake = mistake("FrameToCustomer", &frame).expect(shows);
        assert!(mistake.contains(told), "{shows}: {mistake}");
    }
}

/// The arrays of strings that the script exports.
fn lists_of(script: &str) -> BTreeMap<String, Vec<String>> {
    let mut lists = BTreeMap::new();
    for part in script.split("export const ").skip(1) {
        let Some((name, rest)) = part.split_once(" = ") else { continue };
        let Some((_, rest)) = rest.split_once('[') else { continue };
        let Some((inside, _)) = rest.split_once(']') else { continue };
        let strings = inside.split('"').skip(1).step_by(2).map(str::to_owned).collect();
        lists.insert(name.to_owned(), strings);
    }
    lists
}
