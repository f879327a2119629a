//! The keys of each kind of YAML file, compared with the pages for those who write the files.
//!
//! The schemas speak for the readers: both use the same lists of keys.

use std::collections::BTreeSet;

use kefu::knowledge::SchemaKind;
use regex::Regex;
use serde_json::Value;

use crate::harness::page;

const KEYS_PAGE: &str = "knowledge/README.md";
const POLICY_PAGE: &str = "docs/configuration.md";

/// Where the keys of a kind of file are told: a page, and the start of the heading.
fn place(kind: SchemaKind) -> (&'static str, &'static str) {
    match kind {
        SchemaKind::Entries => (KEYS_PAGE, "## 条目："),
        SchemaKind::Intents => (KEYS_PAGE, "## 意图："),
        SchemaKind::Guard => (KEYS_PAGE, "## 守门："),
        SchemaKind::Policy => (POLICY_PAGE, "## The dialogue: "),
        SchemaKind::Variables => (KEYS_PAGE, "## 其他文件"),
        SchemaKind::Compliance => (KEYS_PAGE, "## 不能说的话："),
        SchemaKind::Hours => (KEYS_PAGE, "## 人工服务时间："),
        SchemaKind::Synonyms => (KEYS_PAGE, "## 同义词："),
        SchemaKind::Industry => (KEYS_PAGE, "## 这一行业的词："),
        SchemaKind::Figures => (KEYS_PAGE, "## 法规里的数："),
        SchemaKind::Ids => (KEYS_PAGE, "## 自家的编号："),
        SchemaKind::Masking => (KEYS_PAGE, "## 脱敏："),
        SchemaKind::Facts => (KEYS_PAGE, "### 只给一部分客户的答案："),
        SchemaKind::Tests => (KEYS_PAGE, "## 测试："),
    }
}

/// The text from a heading up to the next one of any level.
fn section<'p>(page: &'p str, heading: &str) -> &'p str {
    let (_, rest) =
        page.split_once(&format!("\n{heading}")).unwrap_or_else(|| panic!("no {heading}"));
    rest.find("\n##").map_or(rest, |end| rest.split_at(end).0)
}

/// Every key that a schema knows, at any depth.
fn keys(schema: &Value, found: &mut BTreeSet<String>) {
    match schema {
        Value::Object(parts) => {
            if let Some(Value::Object(properties)) = parts.get("properties") {
                found.extend(properties.keys().cloned());
            }
            parts.values().for_each(|part| keys(part, found));
        }
        Value::Array(parts) => parts.iter().for_each(|part| keys(part, found)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// The YAML files that a section shows.
fn files(section: &str) -> Vec<&str> {
    let parts = section.split("\n```yaml\n").skip(1);
    parts.map(|part| part.split("\n```").next().unwrap()).collect()
}

/// The keys that a section shows: in its YAML, and in YAML within backquotes.
fn in_yaml(section: &str) -> BTreeSet<String> {
    let key = Regex::new(r"(?:^|[{,\s])([a-z_]+):(?:\s|$)").unwrap();
    let in_line = Regex::new("`([^`\n]+)`").unwrap();
    // What follows `#` is a remark.
    let lines = files(section).into_iter().flat_map(str::lines);
    let lines = lines.map(|line| line.split(" #").next().unwrap());
    let quoted = in_line.captures_iter(section).map(|part| part.extract::<1>().1[0]);
    let parts: Vec<&str> = lines.chain(quoted).collect();
    parts.iter().flat_map(|part| key.captures_iter(part)).map(|key| key[1].to_owned()).collect()
}

/// The keys that stand first in the rows of a section's tables of keys.
fn in_tables(section: &str) -> BTreeSet<String> {
    let tables = section.split("\n| Key |").skip(1);
    let rows = tables.flat_map(|table| table.lines().take_while(|line| line.contains('|')));
    let cells = rows.filter_map(|row| row.strip_prefix("| `")?.split_once('`'));
    cells.map(|(key, _)| key.to_owned()).collect()
}

#[test]
fn the_pages_show_every_key_that_the_readers_know() {
    let mut wrong = Vec::new();
    for kind in SchemaKind::ALL {
        let mut known = BTreeSet::new();
        keys(&kind.schema(), &mut known);
        // Every file has it, and the page says so once.
        assert!(known.remove("version"), "{kind:?}");
        let (path, heading) = place(kind);
        let text = page(path);
        let section = section(&text, heading);
        let tables = in_tables(section);
        let shown = &in_yaml(section) | &tables;
        let mut missing = &known - &shown;
        if kind == SchemaKind::Policy {
            // Its outer keys stand in the sentences before the tables.
            missing.retain(|key| !["policy", "timers", "texts"].contains(&key.as_str()));
        }
        let unknown: Vec<_> = tables.difference(&known).collect();
        if !missing.is_empty() || !unknown.is_empty() {
            wrong.push(format!("{path}, {heading} lacks {missing:?}; there is no {unknown:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_files_that_the_page_of_keys_shows_are_as_their_schemas_say() {
    let text = page(KEYS_PAGE);
    let mut wrong = Vec::new();
    let mut checked = 0;
    for kind in SchemaKind::ALL {
        let (path, heading) = place(kind);
        if path != KEYS_PAGE {
            continue;
        }
        let validator = jsonschema::validator_for(&kind.schema()).unwrap();
        for file in files(section(&text, heading)) {
            checked += 1;
            match serde_yaml::from_str::<Value>(file) {
                Err(error) => wrong.push(format!("{heading} {error}")),
                Ok(file) => wrong.extend(
                    validator
                        .iter_errors(&file)
                        .map(|error| format!("{heading} {error}, at {}", error.instance_path())),
                ),
            }
        }
    }
    assert!(checked >= 8, "{checked}");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
