//! Each layer uses only the layers that it may use.

use std::{
    fs,
    path::{Path, PathBuf},
};

/// The layers in reading order: each may use those above it, or only those named.
const LAYERS: &[(&str, Option<&[&str]>)] = &[
    ("parallel", None),
    ("text", None),
    ("compliance", None),
    ("knowledge", None),
    ("matching", Some(&["parallel", "text", "knowledge"])),
    ("evaluation", None),
    // For the ids of entries and intents.
    ("journal", Some(&["knowledge"])),
    ("dialogue", None),
    ("handoff", None),
    ("authoring", Some(&["parallel", "text", "compliance", "knowledge", "matching", "evaluation"])),
    ("files", Some(&["knowledge", "matching"])),
    ("config", None),
    ("storage", None),
    ("assembly", None),
    ("service", None),
    ("transport", None),
    ("commands", None),
];

/// The pure layers, from the first to this one, know no clock, file, socket or environment.
const LAST_PURE: &str = "authoring";
/// The one of them that has threads, which are gone when its functions return.
const THREADS: (&str, &str) = ("parallel", "thread::");
const IMPURE: &[&str] = &[
    "std::fs",
    "std::net",
    "std::env",
    "thread::",
    "SystemTime",
    "Instant::now",
    "Timestamp::now",
    "Zoned::now",
    "tokio::",
    "getrandom::",
];

#[test]
fn layers_use_only_what_they_may() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    collect(&src, &mut files);
    files.sort();
    assert!(files.len() > LAYERS.len(), "the sources are found");
    let mut wrong = Vec::new();
    for file in files {
        let path = file.strip_prefix(&src).unwrap().to_str().unwrap().replace('\\', "/");
        check_file(&path, &fs::read_to_string(&file).unwrap(), &mut wrong);
    }
    assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n"));
}

#[test]
fn the_check_finds_what_it_is_for() {
    let cases = [
        // (what it shows, file, source, what is found)
        ("a layer above", "dialogue/step.rs", "use crate::matching::Outcome;", ""),
        ("itself", "text/a.rs", "use crate::text::normalize;", ""),
        ("a layer below", "text/a.rs", "\nuse crate::service::X;", "src/text/a.rs:2"),
        (
            "one above that is not named",
            "journal/a.rs",
            "crate::text::normalize(x)",
            "src/journal/a.rs:1",
        ),
        ("several at once", "service/a.rs", "use crate::{text, files};", "src/service/a.rs:1"),
        ("an unknown module", "service/a.rs", "use crate::utils::x;", "src/service/a.rs:1"),
        ("a comment", "text/a.rs", "/// Like [`x`](crate::service::x).", ""),
        ("a clock in a pure layer", "handoff/a.rs", "Instant::now()", "src/handoff/a.rs:1"),
        ("a thread in a pure layer", "matching/a.rs", "std::thread::spawn", "src/matching/a.rs:1"),
        ("a thread where threads are", "parallel/a.rs", "thread::scope(", ""),
        ("a clock where threads are", "parallel/a.rs", "Instant::now()", "src/parallel/a.rs:1"),
        ("a file in the shell", "files/a.rs", "std::fs::read(x)", ""),
        ("anything in main", "main.rs", "use kefu::commands::serve;", ""),
    ];
    for (shows, path, source, expected) in cases {
        let mut wrong = Vec::new();
        check_file(path, source, &mut wrong);
        let places: Vec<&str> = wrong.iter().map(|w| w.split(" — ").next().unwrap()).collect();
        assert_eq!(places.join(" "), expected, "{shows}");
    }
}

fn collect(dir: &Path, files: &mut Vec<PathBuf>) {
    for item in fs::read_dir(dir).unwrap() {
        let path = item.unwrap().path();
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
}

fn index_of(layer: &str) -> Option<usize> {
    LAYERS.iter().position(|(name, _)| *name == layer)
}

fn check_file(path: &str, source: &str, wrong: &mut Vec<String>) {
    let Some((layer, _)) = path.split_once('/') else { return }; // lib.rs and main.rs
    let Some(own) = index_of(layer) else {
        wrong.push(format!("src/{path}:1 — the table has no layer {layer}"));
        return;
    };
    for (line, number) in source.lines().zip(1..) {
        let code = line.split("//").next().unwrap();
        for used in code.split("crate::").skip(1) {
            let word: String =
                used.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect();
            let allowed = match (index_of(&word), LAYERS[own].1) {
                (Some(other), _) if other == own => true,
                (Some(other), None) => other < own,
                (Some(_), Some(named)) => named.contains(&word.as_str()),
                (None, _) => false,
            };
            if !allowed {
                wrong.push(format!("src/{path}:{number} — {layer} may not use crate::{word}"));
            }
        }
        if own <= index_of(LAST_PURE).unwrap() {
            let impure = IMPURE.iter().filter(|word| code.contains(**word));
            let impure = impure.filter(|word| (layer, **word) != THREADS);
            wrong.extend(
                impure.map(|word| format!("src/{path}:{number} — {layer} is pure: {word}")),
            );
        }
    }
}
