//! docs/architecture.md names files, functions and tests that are there.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use crate::harness::{page, project_file};

const PAGE: &str = "docs/architecture.md";

/// What stands between backticks on a line.
fn quoted(line: &str) -> Vec<&str> {
    line.split('`').skip(1).step_by(2).collect()
}

/// The file or folder that is meant: from the top of the project, from `src/` or `web/`, or, of tests,
/// by the name alone.
fn place(name: &str) -> Option<PathBuf> {
    let from = |folder: &str| project_file(&format!("{folder}{name}"));
    let whole = ["", "src/", "web/"].into_iter().map(from).find(|path| path.exists());
    whole.or_else(|| file_in(&project_file("tests/it"), name))
}

/// The first file in a folder, at any depth, whose path ends so.
fn file_in(folder: &Path, name: &str) -> Option<PathBuf> {
    let mut paths: Vec<PathBuf> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths.into_iter().find_map(|path| {
        if path.is_dir() { file_in(&path, name) } else { path.ends_with(name).then_some(path) }
    })
}

/// The texts of all tests.
fn tests_in(folder: &Path) -> String {
    let paths = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let text = |path: PathBuf| {
        if path.is_dir() { tests_in(&path) } else { fs::read_to_string(path).unwrap_or_default() }
    };
    paths.map(text).collect()
}

fn is_path(word: &str) -> bool {
    let is_file = [".rs", ".js", ".md", ".toml"].iter().any(|end| word.ends_with(end));
    let has_folder = ["src/", "web/", "tests/", "docs/", "knowledge/", "intents/"];
    // A file such as `mod.rs` stands in many folders.
    word != "mod.rs"
        && !word.contains(['*', '<', '{', ' '])
        && (is_file || has_folder.iter().any(|start| word.starts_with(start)))
}

fn is_name(word: &str) -> bool {
    word.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
        && word.contains(|c: char| c.is_ascii_alphabetic())
}

fn has_word(text: &str, word: &str) -> bool {
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    let parts: Vec<&str> = text.split(word).collect();
    parts.windows(2).any(|pair| !pair[0].ends_with(is_part) && !pair[1].starts_with(is_part))
}

/// The lines between two headings.
fn section<'t>(text: &'t str, heading: &str) -> Vec<&'t str> {
    let (_, rest) =
        text.split_once(&format!("\n{heading}\n")).unwrap_or_else(|| panic!("{heading}"));
    rest.lines().take_while(|line| !line.starts_with("## ")).collect()
}

/// Names of a line that none of the files on it has. A name belongs to the files before it.
fn missing(line: &str) -> Vec<String> {
    let mut missing = Vec::new();
    let mut files: BTreeMap<&str, String> = BTreeMap::new();
    for word in quoted(line) {
        if is_path(word) {
            match place(word) {
                None => missing.push(word.to_owned()),
                Some(path) => {
                    files.insert(word, fs::read_to_string(path).unwrap_or_default());
                }
            }
        } else if is_name(word)
            && !files.is_empty()
            && !files.values().any(|text| has_word(text, word))
        {
            missing.push(word.to_owned());
        }
    }
    missing
}

#[test]
fn every_step_of_the_walks_names_a_file_and_what_is_in_it() {
    let text = page(PAGE);
    let mut steps = 0;
    for line in section(&text, "## Three walks through the code") {
        if !line.starts_with(|c: char| c.is_ascii_digit()) {
            continue;
        }
        steps += 1;
        assert!(quoted(line).into_iter().any(is_path), "no file: {line}");
        assert_eq!(missing(line), Vec::<String>::new(), "{line}");
    }
    assert!(steps > 25, "{steps} steps");
}

#[test]
fn every_task_has_a_place_that_is_there() {
    let text = page(PAGE);
    let rows =
        section(&text, "## Where would you …?").into_iter().filter(|line| line.starts_with("| "));
    let rows: Vec<&str> = rows.skip(1).collect();
    assert!(rows.len() > 12, "{} tasks", rows.len());
    for row in rows {
        let paths: Vec<&str> = quoted(row).into_iter().filter(|word| is_path(word)).collect();
        assert!(!paths.is_empty(), "no place: {row}");
        for path in paths {
            assert!(place(path).is_some(), "{path} in {row}");
        }
    }
}

/// The paths of a page that are not there, each with its line. A name without a folder is of a file
/// whose room the sentence names.
pub(super) fn wrong_paths(name: &str) -> Vec<String> {
    let mut wrong = Vec::new();
    for line in page(name).lines() {
        for word in quoted(line).into_iter().filter(|word| is_path(word)) {
            let is_there = place(word).is_some()
                || !word.contains('/') && file_in(&project_file("src"), word).is_some()
                || line.contains("knowledge") && place(&format!("knowledge/{word}")).is_some();
            if !is_there {
                wrong.push(format!("{word} in {line}"));
            }
        }
    }
    wrong
}

#[test]
fn every_path_of_the_page_is_there() {
    assert_eq!(wrong_paths(PAGE), Vec::<String>::new());
}

/// The table of failures names tests; each is in the file before it, or in that of the row above.
#[test]
fn every_failure_is_shown_by_a_test_that_is_there() {
    let text = page(PAGE);
    let all = tests_in(&project_file("tests/it"));
    let mut file = String::new();
    let mut tests = 0;
    for line in section(&text, "## What happens when something fails") {
        let Some(shown) = line.trim_end_matches(" |").rsplit(" | ").next() else { continue };
        for word in quoted(shown) {
            if is_path(word) {
                let path = place(word).unwrap_or_else(|| panic!("{word} in {line}"));
                file = fs::read_to_string(path).unwrap_or_default();
            } else if word.matches('_').count() > 2 {
                tests += 1;
                let is_there = has_word(&file, word) || has_word(&all, word);
                assert!(is_there, "{word} in {line}");
            }
        }
    }
    assert!(tests > 15, "{tests} tests");
}

#[test]
fn a_name_or_file_that_is_not_there_is_noticed() {
    let line = "1. `src/dialogue/turn.rs`, `turn`, `no_such_name`; `src/dialogue/no_such_file.rs`.";
    assert_eq!(missing(line), ["no_such_name", "src/dialogue/no_such_file.rs"]);
    assert_eq!(missing("1. `src/dialogue/turn.rs`, `turn`."), Vec::<String>::new());
}
