//! The schemas and the loader agree on every good and every broken file.

use std::{fs, path::Path};

use expect_test::expect_file;
use jsonschema::Validator;
use kefu::files::{Root, schema_text};
use kefu::knowledge::{SchemaKind, SourceFile};
use serde_json::Value;

use crate::knowledge::broken_rows::{GOOD, rows};

/// Codes of mistakes that are visible in one file, by its keys and values. A schema must find
/// exactly these.
const SEEN: &[&str] = &[
    "KB009", "KB010", "KB011", "KB013", "KB014", "KB015", "KB016", "KB020", "KB023", "KB030",
    "KB051", "KB052", "KB055", "KB057", "KB058", "KB106", "KB108", "KB111", "KB123", "KB124",
    "KB128",
];

/// Rows on which loader and schema disagree: whether the schema refuses them, and why.
const APART: &[(&str, bool, &str)] = &[
    ("clarifying surer than answering", false, "two values are compared"),
    ("an entry that follows itself", false, "two values are compared"),
    ("a figure with a variable in its value", false, "what a text means to the engine"),
    ("the last day before the first", false, "two values are compared"),
    ("a review before the check", false, "two values are compared"),
    ("from after until", false, "two values are compared"),
    ("a date that is none", false, "a pattern does not know how long months are"),
    ("a variable with a space", false, "what a text means to the engine"),
    ("a figure in one brace", false, "what a text means to the engine"),
    (
        "a figure in one brace of a text that may state none",
        false,
        "what a text means to the engine",
    ),
    ("a variable in one full-width brace", false, "what a text means to the engine"),
    ("a variable in a question", false, "what a text means to the engine"),
    ("a synonym of one character", false, "one with punctuation; only what is left is counted"),
    ("a word without synonyms", true, "a list of one item"),
    ("synonyms one way and both ways", true, "two kinds of keys in one group"),
    ("a contained word of one character", false, "one with punctuation; only what is left counts"),
    ("one code for two rules", false, "two values are compared"),
    ("a word of one character", false, "one with punctuation; only what is left is counted"),
    ("one id for two categories", false, "two values are compared"),
    ("one id for two kinds of questions", false, "two values are compared"),
    ("a kind over none", false, "two values are compared"),
    ("a kind over itself", false, "two values are compared"),
    ("two kinds over each other", false, "two values are compared"),
    ("a rival of one character", false, "one with punctuation; only what is left is counted"),
    ("one id for two kinds of numbers", false, "two values are compared"),
    ("the most before the least", false, "two values are compared"),
    ("a prefix as long as the number", false, "two values are compared"),
    ("floors in a further file", false, "one schema serves tests.yaml and the files beside it"),
    ("too deep", true, "a list stands where text is wanted, too"),
    ("a full-width colon in braces", true, "a key is missing, too"),
];

fn validator(kind: SchemaKind) -> Validator {
    jsonschema::validator_for(&kind.schema()).unwrap()
}

/// The document as an editor's YAML parser reads it; `None` if it cannot be parsed.
fn document(yaml: &[u8]) -> Option<Value> {
    serde_yaml::from_str(str::from_utf8(yaml).ok()?).ok()
}

/// `UPDATE_EXPECT=1` rewrites the files.
#[test]
fn the_shipped_schemas_are_those_of_the_loader() {
    for kind in SchemaKind::ALL {
        let path = format!("../../../knowledge/schemas/{}.json", kind.name());
        expect_file![path].assert_eq(&schema_text(kind));
    }
}

#[test]
fn good_files_are_good_to_the_schemas_too() {
    let shipped = Root::embedded().read().unwrap();
    let good = GOOD.iter().map(|(path, text)| SourceFile {
        path: (*path).to_owned(),
        bytes: text.as_bytes().to_vec(),
    });
    let mut judged = 0;
    for file in shipped.into_iter().chain(good) {
        let Some(kind) = SchemaKind::of(&file.path) else { continue };
        let document = document(&file.bytes).unwrap();
        let wrong: Vec<String> = validator(kind)
            .iter_errors(&document)
            .map(|error| format!("{}: {error}", error.instance_path()))
            .collect();
        assert!(wrong.is_empty(), "{}: {}", file.path, wrong.join("\n"));
        judged += 1;
    }
    assert!(judged >= 15, "{judged}");
}

#[test]
fn a_schema_refuses_what_it_can_see_and_nothing_else() {
    let mut wrong = Vec::new();
    let mut refused = 0;
    for (row, bytes) in rows() {
        let (shows, path, _, _, told) = row;
        let (Some(kind), Some(document)) = (SchemaKind::of(path), document(&bytes)) else {
            continue;
        };
        let is_seen = told.split(" | ").any(|line| SEEN.iter().any(|code| line.starts_with(code)));
        let apart = APART.iter().find(|(apart, ..)| apart == shows);
        let expected = apart.map_or(is_seen, |(_, refused, _)| *refused);
        let is_refused = !validator(kind).is_valid(&document);
        refused += usize::from(is_refused);
        if is_refused != expected {
            wrong.push(format!("{shows}: told {told}, refused: {is_refused}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(refused >= 25, "{refused}");
}

#[test]
fn every_shipped_file_names_its_schema() {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    for file in Root::embedded().read().unwrap() {
        let Some(kind) = SchemaKind::of(&file.path) else { continue };
        let text = str::from_utf8(&file.bytes).unwrap();
        let named = text
            .lines()
            .next()
            .and_then(|line| line.strip_prefix("# yaml-language-server: $schema="));
        let named = named.unwrap_or_else(|| panic!("{} names no schema", file.path));
        let path = here.join(&file.path).parent().unwrap().join(named);
        let expected = here.join(format!("knowledge/schemas/{}.json", kind.name()));
        assert_eq!(fs::canonicalize(path).unwrap(), expected, "{}", file.path);
    }
}
