//! One name for one thing: no two files of the program declare a type of the same name.
//!
//! A reader who meets `Place` must not have to ask which of six it is. Types of tests and
//! associated types of traits do not count.

use std::collections::{BTreeMap, BTreeSet};

use super::{modules::Modules, source, sources};

/// Names that stand for several types yet, with the number of files that declare each. The list
/// may only shrink: rename all but one, then take the line out.
const SHARED: &[(&str, usize)] = &[];

#[test]
fn a_type_name_stands_for_one_thing() {
    let found = shared_names(&program_files());
    let mut wrong = Vec::new();
    for (name, places) in &found {
        let allowed = SHARED.iter().find(|(shared, _)| shared == name).map_or(1, |(_, most)| *most);
        if places.len() > allowed {
            let places = places.iter().map(String::as_str).collect::<Vec<_>>().join(", ");
            wrong.push(format!("{name} stands for several types, rename all but one: {places}"));
        }
    }
    for (name, most) in SHARED {
        let count = found.get(*name).map_or(1, BTreeSet::len);
        if count < *most {
            wrong.push(format!("{name} is declared {count} times, not {most}: shorten the list"));
        }
    }
    assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n"));
}

#[test]
fn the_check_finds_types_of_one_name() {
    let cases = [
        // (what it shows, the second file, whether it is found)
        ("a struct", "pub(crate) struct Place;", true),
        ("an enum", "enum Place { A }", true),
        ("a trait", "pub trait Place {}", true),
        ("an alias", "type Place = usize;", true),
        ("one inside of a function", "fn f() { struct Place; }", true),
        ("another name", "struct Places;", false),
        ("one of tests", "#[cfg(test)]\nmod tests { struct Place; }", false),
        ("an associated type", "impl A for B { type Place = u8; }", false),
        ("a use of it", "fn f(place: Place) {}", false),
        ("a comment", "// struct Place;", false),
        ("a variant", "enum Kind { Place }", false),
    ];
    for (shows, second, expected) in cases {
        let files = [("text/a.rs", "pub struct Place;"), ("text/b.rs", second)];
        let files = files.map(|(path, text)| (path.to_owned(), text.to_owned()));
        assert_eq!(shared_names(&files).contains_key("Place"), expected, "{shows}");
    }
}

/// Each file of the program below `src/`, as its path there and its text, without those of tests.
pub(crate) fn program_files() -> Vec<(String, String)> {
    let mut files = sources();
    let program: BTreeSet<String> =
        Modules::new(&files).iter().map(|(_, module)| module.file.clone()).collect();
    files.retain(|(path, _)| program.contains(path));
    assert!(files.len() > 300, "the sources are found");
    files
}

/// The words of a file's code, apart from its tests, each with its line.
pub(crate) fn words_of(text: &str) -> Vec<(String, usize)> {
    let words = source::read(text).tokens.into_iter().filter(source::Token::is_word);
    words.map(|word| (word.text, word.line)).collect()
}

/// The names that more than one file declares a type by, with `file:line` of each.
fn shared_names(files: &[(String, String)]) -> BTreeMap<String, BTreeSet<String>> {
    let mut places: BTreeMap<String, BTreeMap<&str, usize>> = BTreeMap::new();
    for (path, text) in files {
        for (name, line) in declared(text) {
            places.entry(name).or_default().entry(path).or_insert(line);
        }
    }
    let shared = places.into_iter().filter(|(_, places)| places.len() > 1);
    let place = |(path, line): (&str, usize)| format!("src/{path}:{line}");
    shared.map(|(name, places)| (name, places.into_iter().map(place).collect())).collect()
}

/// The types that a file declares, each with its line.
fn declared(text: &str) -> Vec<(String, usize)> {
    let mut depth = 0_usize;
    let mut found = Vec::new();
    let tokens = source::read(text).tokens;
    for (at, token) in tokens.iter().enumerate() {
        let is_declared = match token.text.as_str() {
            "{" => {
                depth += 1;
                false
            }
            "}" => {
                depth = depth.saturating_sub(1);
                false
            }
            "struct" | "enum" | "trait" | "union" => true,
            // Deeper ones belong to traits.
            "type" => depth == 0,
            _ => false,
        };
        let name = tokens.get(at + 1).filter(|name| is_declared && name.is_word());
        let is_type = |name: &str| name.starts_with(|c: char| c.is_ascii_uppercase());
        found.extend(
            name.filter(|name| is_type(&name.text)).map(|name| (name.text.clone(), name.line)),
        );
    }
    found
}
