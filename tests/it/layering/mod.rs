//! Each layer uses only the layers that it may use, and no files use each other in a circle.
//!
//! A name that a `mod.rs` passes on counts as one of the file that defines it. Tests inside
//! `src/` are left out: they may use what they like.

mod arrows;
mod cases;
mod modules;
mod names;
mod source;

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use arrows::{Arrow, arrows, circles};
use modules::{Modules, is_face};
pub(crate) use names::{program_files, words_of};

/// The layers in reading order: each may use those above it, or only those named.
const LAYERS: &[(&str, Option<&[&str]>)] = &[
    ("parallel", None),
    ("text", None),
    ("compliance", None),
    ("knowledge", None),
    ("matching", Some(&["parallel", "text", "knowledge"])),
    ("evaluation", None),
    // For masked texts, and the ids of entries and intents.
    ("journal", Some(&["compliance", "knowledge"])),
    ("dialogue", None),
    ("handoff", None),
    (
        "authoring",
        Some(&[
            "parallel",
            "text",
            "compliance",
            "knowledge",
            "matching",
            "evaluation",
            "journal",
            "dialogue",
        ]),
    ),
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

/// Which part of a room may use which other part of it. A part is a folder, a file by its name,
/// or `.` for the files that stand in the room itself and have no line of their own.
const PARTS: Parts = &[
    (
        "authoring",
        &[
            (".", &["edit", "import", "measure", "regression", "sheet"]),
            ("check", &[]),
            ("diff", &["regression", "talk"]),
            ("foreign", &["sheet"]),
            ("import", &["edit", "sheet"]),
            ("measure", &[]),
            ("regression", &["talk"]),
            ("edit", &[]),
            ("sheet", &[]),
            ("talk", &[]),
        ],
    ),
    ("commands", &[("cli", &[".", "evaluate"]), (".", &[]), ("evaluate", &["."])]),
    ("compliance", &[("contact", &["masking"]), ("masking", &[]), ("rules", &["masking"])]),
    (
        "evaluation",
        &[
            (".", &["compare", "confidence", "queries", "report"]),
            ("compare", &["confidence", "queries", "report"]),
            ("report", &["confidence", "queries"]),
            ("queries", &[]),
            ("confidence", &[]),
        ],
    ),
    (
        "knowledge",
        &[
            (".", &["check", "format", "yaml", "model", "diagnostics"]),
            ("check", &["format", "yaml", "model", "diagnostics"]),
            ("format", &["yaml", "model", "diagnostics"]),
            ("yaml", &["diagnostics"]),
            ("model", &[]),
            ("diagnostics", &[]),
        ],
    ),
    (
        "matching",
        &[
            ("training", &["confidence", "guard", "rank", "index", "terms", "encoder", "."]),
            ("held_out", &["snapshot", "explanation", "confidence", "rank", "index", "."]),
            (
                "snapshot",
                &[
                    "explanation",
                    "matcher",
                    "models",
                    "confidence",
                    "suggest",
                    "index",
                    "terms",
                    ".",
                ],
            ),
            ("explanation", &["matcher", "confidence", "rank", "rules", "index", "terms", "."]),
            (
                "matcher",
                &[
                    "models",
                    "confidence",
                    "guard",
                    "rank",
                    "rules",
                    "index",
                    "spelling",
                    "terms",
                    ".",
                ],
            ),
            ("models", &["terms", "encoder"]),
            ("confidence", &["guard", "rank", "rules", "index", "terms", "."]),
            ("guard", &["rank", "index", "terms", "."]),
            ("rules", &["index", "terms", "."]),
            ("rank", &["index", "terms", "encoder", "."]),
            ("suggest", &["spelling", "terms", "."]),
            ("spelling", &["."]),
            ("index", &["terms", "encoder", "."]),
            ("terms", &["."]),
            ("encoder", &[]),
            (".", &[]),
        ],
    ),
    (
        "service",
        &[
            ("node", &["questions", "customers", "conversation", "desk", "knowledge", "."]),
            ("questions", &["desk", "knowledge", "."]),
            ("customers", &["knowledge", "."]),
            ("desk", &["conversation", "knowledge", "."]),
            ("conversation", &["knowledge", "."]),
            ("knowledge", &["."]),
            (".", &[]),
        ],
    ),
    (
        "storage",
        &[("face", &["sqlite", "memory", "."]), ("sqlite", &["."]), ("memory", &["."]), (".", &[])],
    ),
    ("text", &[(".", &["classifier", "normalize"]), ("classifier", &["."]), ("normalize", &[])]),
    (
        "transport",
        &[
            (".", &["api_error", "connections", "wire"]),
            ("connections", &["api_error"]),
            ("api_error", &["wire"]),
            ("wire", &[]),
        ],
    ),
];

#[test]
fn layers_use_only_what_they_may() {
    let files = sources();
    assert!(files.len() > LAYERS.len(), "the sources are found");
    let mut wrong = Vec::new();
    for (path, source) in &files {
        check_file(path, source, &mut wrong);
    }
    assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n"));
}

#[test]
fn files_and_folders_use_each_other_in_one_direction() {
    let files = sources();
    let mut wrong = check_arrows(&files, PARTS);
    check_table(&files, PARTS, &mut wrong);
    assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n"));
}

#[test]
fn ids_are_looked_up() {
    let mut wrong = Vec::new();
    for (path, source) in sources() {
        check_lookups(&path, &source, &mut wrong);
    }
    assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n"));
}

/// Reports a search through all entries or intents for the one of an id: a knowledge base finds
/// it at once, however large it is.
fn check_lookups(path: &str, source: &str, wrong: &mut Vec<String>) {
    const SEARCHES: [&str; 5] = ["find", "position", "any", "filter", "find_map"];
    let tokens = source::read(source).tokens;
    let texts: Vec<&str> = tokens.iter().map(|token| token.text.as_str()).collect();
    for (at, window) in texts.windows(8).enumerate() {
        let [list, ".", "iter", "(", ")", ".", search, "("] = window else { continue };
        if !["entries", "intents"].contains(list) || !SEARCHES.contains(search) {
            continue;
        }
        let inside = &texts[at + 7..at + 7 + source::group(&tokens[at + 7..])];
        let compares = inside.windows(2).any(|pair| pair == ["=", "="]);
        if compares && inside.windows(2).any(|pair| pair == [".", "id"]) {
            let line = tokens[at].line;
            wrong.push(format!("src/{path}:{line} — looks through all {list} for one id"));
        }
    }
}

/// Each file below `src/`, as its path there and its text.
fn sources() -> Vec<(String, String)> {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    collect(&src, &mut files);
    files.sort();
    let read = |file: PathBuf| {
        let path = file.strip_prefix(&src).unwrap().to_str().unwrap().replace('\\', "/");
        (path, fs::read_to_string(&file).unwrap())
    };
    files.into_iter().map(read).collect()
}

/// A room, its parts, and what each of these may use.
type Parts = &'static [(&'static str, &'static [(&'static str, &'static [&'static str])])];

fn check_arrows(files: &[(String, String)], parts: Parts) -> Vec<String> {
    let modules = Modules::new(files);
    let mut wrong = Vec::new();
    let arrows = arrows(&modules, &mut wrong);
    for arrow in &arrows {
        check_layers(arrow, &mut wrong);
        check_face(arrow, &mut wrong);
        check_parts(arrow, parts, &mut wrong);
    }
    for (_, module) in modules.iter().filter(|(_, module)| is_face(&module.file)) {
        wrong.extend(module.items.iter().map(|(name, line)| {
            format!("src/{}:{line} — a face defines nothing: {name}", module.file)
        }));
    }
    wrong.extend(circles(&arrows, |file| Some(file.to_owned())).iter().map(|circle| say(circle)));
    for folder in folders(files) {
        let circles = circles(&arrows, |file| part_of(&folder, file));
        let has_folder = |circle: &[Arrow]| {
            circle.iter().any(|arrow| part_of(&folder, &arrow.from) != Some(arrow.from.clone()))
        };
        wrong.extend(circles.iter().filter(|circle| has_folder(circle)).map(|circle| say(circle)));
    }
    wrong
}

/// Every folder inside a room has a line, and every line names something.
fn check_table(files: &[(String, String)], parts: Parts, wrong: &mut Vec<String>) {
    let lines = |room: &str| parts.iter().find(|(name, _)| *name == room).map(|(_, parts)| *parts);
    for folder in folders(files) {
        if let Some((room, part)) = folder.trim_end_matches('/').split_once('/')
            && !part.contains('/')
            && !part.starts_with("tests")
            && !lines(room).is_some_and(|parts| parts.iter().any(|(name, _)| *name == part))
        {
            wrong.push(format!("src/{folder}mod.rs:1 — the table of parts has no line for it"));
        }
    }
    for (room, parts) in parts {
        for (part, _) in parts.iter().filter(|(part, _)| *part != ".") {
            let is_it = |path: &str| {
                path.starts_with(&format!("{room}/{part}/")) || path == format!("{room}/{part}.rs")
            };
            if !files.iter().any(|(path, _)| is_it(path)) {
                wrong.push(format!("src/{room}/mod.rs:1 — the table of parts names {part}"));
            }
        }
    }
}

/// All folders below `src/`, each with its `/` at the end.
fn folders(files: &[(String, String)]) -> BTreeSet<String> {
    let ends = |path: &str| {
        path.match_indices('/')
            .filter_map(|(end, _)| Some(path.get(..=end)?.to_owned()))
            .collect::<Vec<_>>()
    };
    files.iter().flat_map(|(path, _)| ends(path)).collect()
}

/// The file or folder in `folder` that the file is, or is in.
fn part_of(folder: &str, file: &str) -> Option<String> {
    let inside = file.strip_prefix(folder)?;
    Some(format!("{folder}{}", inside.split('/').next()?))
}

fn say(circle: &[Arrow]) -> String {
    let steps = circle.iter().map(|arrow| {
        format!(
            "src/{}:{} — a circle: uses {} of src/{}",
            arrow.from, arrow.line, arrow.name, arrow.to
        )
    });
    steps.collect::<Vec<_>>().join("\n    ")
}

fn check_layers(arrow: &Arrow, wrong: &mut Vec<String>) {
    let layer = |file: &str| file.split_once('/').map(|(layer, _)| layer.to_owned());
    let (Some(from), Some(to)) = (layer(&arrow.from), layer(&arrow.to)) else { return };
    if !may_use(&from, &to) {
        wrong.push(format!(
            "src/{}:{} — {from} may not use src/{}",
            arrow.from, arrow.line, arrow.to
        ));
    }
}

/// Inside a room a file is imported by its own name, never through the room's face.
fn check_face(arrow: &Arrow, wrong: &mut Vec<String>) {
    for face in &arrow.faces {
        if arrow.from.starts_with(face.strip_suffix("mod.rs").unwrap()) {
            wrong.push(format!(
                "src/{}:{} — through its own face: {} is in src/{}",
                arrow.from, arrow.line, arrow.name, arrow.to
            ));
        }
    }
}

fn check_parts(arrow: &Arrow, parts: Parts, wrong: &mut Vec<String>) {
    let Some((room, parts)) =
        parts.iter().find(|(room, _)| arrow.from.starts_with(&format!("{room}/")))
    else {
        return;
    };
    let part = |file: &str| {
        let inside = file.strip_prefix(&format!("{room}/"))?;
        let first = inside.split('/').next().unwrap();
        let first = first.strip_suffix(".rs").unwrap_or(first);
        let own = parts.iter().find(|(part, _)| *part == first).map(|(part, _)| *part);
        if inside.contains('/') {
            Some(own.unwrap_or(first).to_owned())
        } else {
            Some(own.unwrap_or(".").to_owned())
        }
    };
    let (Some(from), Some(to)) = (part(&arrow.from), part(&arrow.to)) else { return };
    let allowed = parts.iter().find(|(part, _)| *part == from);
    if from != to && !allowed.is_some_and(|(_, allowed)| allowed.contains(&to.as_str())) {
        wrong.push(format!(
            "src/{}:{} — {room}: {from} may not use {to}: {} of src/{}",
            arrow.from, arrow.line, arrow.name, arrow.to
        ));
    }
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

fn may_use(layer: &str, other: &str) -> bool {
    match (index_of(layer), index_of(other)) {
        (Some(own), Some(other)) if own == other => true,
        (Some(own), Some(above)) => {
            LAYERS[own].1.map_or(above < own, |named| named.contains(&other))
        }
        _ => false,
    }
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
            let allowed = may_use(layer, &word);
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
