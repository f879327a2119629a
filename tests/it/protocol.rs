//! `web/protocol.js` mirrors `transport/wire/`: the two name the same things.

use std::{collections::BTreeMap, fs};

const CUSTOMER: &str = include_str!("../../src/transport/wire/customer.rs");
const AGENT: &str = include_str!("../../src/transport/wire/agent.rs");
const ERROR: &str = include_str!("../../src/transport/wire/error.rs");
const EVENT: &str = include_str!("../../src/journal/event.rs");

#[test]
fn the_web_pages_and_the_server_speak_the_same_protocol() {
    let script = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/web/protocol.js"));
    let lists = lists_of(&script.unwrap());
    let pairs = [
        ("CUSTOMER_FRAMES", CUSTOMER, "CustomerFrame"),
        ("CUSTOMER_EVENTS", CUSTOMER, "CustomerEvent"),
        ("CUSTOMER_VIEWS", CUSTOMER, "CustomerView"),
        ("AGENT_FRAMES", AGENT, "AgentFrame"),
        ("AGENT_EVENTS", AGENT, "AgentEvent"),
        ("AGENT_VIEWS", AGENT, "AgentView"),
        ("ERROR_CODES", ERROR, "ErrorCode"),
        ("OCCASIONS", EVENT, "Occasion"),
        ("REASONS", EVENT, "HandoffReason"),
        ("REPLY_KINDS", EVENT, "ReplyKind"),
    ];
    for (list, source, name) in pairs {
        let mut expected = variants(source, name);
        assert!(expected.len() > 2, "{name} was not found");
        let mut found = lists.get(list).unwrap_or_else(|| panic!("{list} is missing")).clone();
        expected.sort();
        found.sort();
        assert_eq!(found, expected, "{list} and {name}");
    }
}

#[test]
fn the_web_pages_know_the_close_codes_of_our_own() {
    let script = include_str!("../../web/protocol.js");
    let (_, close) = script.split_once("export const CLOSE = {").expect("the codes are there");
    let (close, _) = close.split_once('}').expect("they end");
    let codes = |text: &str, before: &str| {
        let numbers = text.split(before).skip(1).map(|rest| {
            rest.trim_start().chars().take_while(char::is_ascii_digit).collect::<String>()
        });
        let mut own: Vec<String> = numbers.filter(|code| code.starts_with('4')).collect();
        own.sort();
        own
    };
    let expected = codes(include_str!("../../src/transport/socket.rs"), "=>");
    assert!(expected.len() > 3, "the codes of the server are found");
    assert_eq!(codes(close, ":"), expected);
}

/// The names of an enum's variants as they go over the wire.
fn variants(source: &str, name: &str) -> Vec<String> {
    let start = source.find(&format!("pub enum {name} {{")).expect("the enum is there");
    let lines = source.split_at(start).1.lines().skip(1);
    lines
        .take_while(|line| *line != "}")
        .filter_map(|line| line.strip_prefix("    "))
        .filter(|line| line.starts_with(|c: char| c.is_ascii_uppercase()))
        .map(|line| line.split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default())
        .map(snake_case)
        .collect()
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
