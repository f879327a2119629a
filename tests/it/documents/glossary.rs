//! The glossary names what exists, and the code uses its words.

use std::{collections::BTreeMap, fs, path::Path};

use crate::layering::{program_files, words_of};

/// Old words that still are names somewhere, with the number of such places. The list may only
/// shrink.
const OLD_WORDS_LEFT: &[(&str, usize)] = &[];

/// A row of one of the glossary's tables.
struct Row {
    term: String,
    /// Names, each with the file that declares it.
    declared: Vec<(String, String)>,
    is_reserved: bool,
    /// Names that must not be used.
    old: Vec<String>,
}

#[test]
fn each_term_is_where_the_glossary_says() {
    let rows = rows(&glossary());
    assert!(rows.len() > 70, "the rows are found");
    let mut wrong = Vec::new();
    for row in &rows {
        if row.declared.is_empty() != row.is_reserved {
            wrong.push(format!("{}: a term has a place, or is marked as reserved", row.term));
        }
        for (name, file) in &row.declared {
            let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("src").join(file);
            match fs::read_to_string(&path) {
                Ok(text) if is_declared(&text, name) => {}
                Ok(_) => wrong.push(format!("{}: src/{file} declares no {name}", row.term)),
                Err(_) => wrong.push(format!("{}: there is no src/{file}", row.term)),
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n"));
}

#[test]
fn old_words_are_no_names() {
    let rows = rows(&glossary());
    let old: Vec<&String> = rows.iter().flat_map(|row| &row.old).collect();
    assert!(old.len() > 15, "the old words are found");
    let mut found: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for (path, text) in program_files() {
        for (word, line) in words_of(&text) {
            if let Some(old) = old.iter().find(|old| has_word(&word, old)) {
                found.entry(old).or_default().push(format!("src/{path}:{line} {word}"));
            }
        }
    }
    let mut wrong = Vec::new();
    for (word, places) in &found {
        let left = OLD_WORDS_LEFT.iter().find(|(old, _)| old == word).map_or(0, |(_, left)| *left);
        if places.len() > left {
            wrong.push(format!("{word} is an old word: {}", places.join(", ")));
        }
    }
    for (word, left) in OLD_WORDS_LEFT {
        if found.get(word).map_or(0, Vec::len) < *left {
            wrong.push(format!("{word} is left in fewer places than {left}: shorten the list"));
        }
    }
    assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n"));
}

#[test]
fn the_checks_find_what_they_are_for() {
    let row = |line: &str| rows(line).pop().unwrap();
    let found = row("| a | 甲 | text | `A` in `x/y.rs`, `b` in `z.rs` | `old`, `Older` |");
    let place = |name: &str, file: &str| (name.to_owned(), file.to_owned());
    assert_eq!(found.declared, [place("A", "x/y.rs"), place("b", "z.rs")]);
    assert_eq!(found.old, ["old", "Older"]);
    assert!(!found.is_reserved && row("| b | 乙 | *reserved*: text | | |").is_reserved);
    let cases = [
        ("pub struct Place;", "Place", true),
        ("pub(crate) fn mask(text: &str)", "mask", true),
        ("    pub idf: f32,", "idf", true),
        ("struct Places;", "Place", false),
        ("// struct Place;", "Place", false),
        ("let place = Place::new();", "Place", false),
    ];
    for (text, name, expected) in cases {
        assert_eq!(is_declared(text, name), expected, "{text}");
    }
    let cases = [
        ("topic", "topic", true),
        ("topics", "topic", true),
        ("best_topic", "topic", true),
        ("TopicIndex", "topic", true),
        ("Fixed", "Fixed", true),
        ("fixed", "Fixed", false),
        ("prefixed", "Fixed", false),
        ("spreadsheet", "spread", false),
    ];
    for (name, old, expected) in cases {
        assert_eq!(has_word(name, old), expected, "{name}");
    }
}

fn glossary() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/glossary.md");
    fs::read_to_string(path).unwrap()
}

fn rows(text: &str) -> Vec<Row> {
    let is_row = |line: &&str| {
        line.starts_with('|') && !line.starts_with("| Term") && !line.starts_with("|--")
    };
    text.lines().filter(is_row).map(row).collect()
}

fn row(line: &str) -> Row {
    let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
    let [term, _, meaning, place, old] = cells[..] else { panic!("five columns: {line}") };
    let quoted = |cell: &str| -> Vec<String> {
        cell.split('`').skip(1).step_by(2).map(str::to_owned).collect()
    };
    let places = quoted(place);
    let (pairs, rest) = places.as_chunks::<2>();
    assert!(rest.is_empty(), "each name has a file: {line}");
    Row {
        term: term.to_owned(),
        declared: pairs.iter().cloned().map(|[name, file]| (name, file)).collect(),
        is_reserved: meaning.contains("*reserved*"),
        old: quoted(old),
    }
}

/// Whether a line declares a type, a function, a field or a module of that name.
fn is_declared(text: &str, name: &str) -> bool {
    text.lines().any(|line| {
        let line = line.trim_start();
        let line = line.strip_prefix("pub").map_or(line, |rest| {
            rest.strip_prefix('(')
                .and_then(|rest| rest.split_once(')'))
                .map_or(rest, |(_, rest)| rest)
        });
        let line = line.trim_start();
        let kinds = ["struct ", "enum ", "trait ", "type ", "fn ", "async fn ", "const ", "mod "];
        let rest = kinds.iter().find_map(|kind| line.strip_prefix(kind)).unwrap_or(line);
        let is_item = rest.len() < line.len();
        rest.strip_prefix(name).is_some_and(|after| {
            let next = after.chars().next().unwrap_or(' ');
            let is_end = !next.is_alphanumeric() && next != '_';
            is_end && (is_item || (next == ':' && !after.starts_with("::")))
        })
    })
}

/// Whether one of the parts of a name is the old word, or its plural.
fn has_word(name: &str, old: &str) -> bool {
    if old.starts_with(|c: char| c.is_ascii_uppercase()) {
        return name == old;
    }
    let mut parts = vec![String::new()];
    for c in name.chars() {
        if c == '_' || c.is_ascii_uppercase() {
            parts.push(String::new());
        }
        if c != '_' {
            parts.last_mut().unwrap().push(c.to_ascii_lowercase());
        }
    }
    parts.iter().any(|part| part == old || part.strip_suffix('s') == Some(old)) || name == old
}
