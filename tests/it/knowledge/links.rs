//! Links in a root: those within it are read, those out of it are refused.

use std::{fs, os::unix::fs::symlink, path::Path};

use jiff::civil::date;
use kefu::files::Root;
use kefu::knowledge::{Language, Loaded, load};

use crate::knowledge::broken_rows::{ENTRIES, GOOD, VARIABLES};

const SECRET: &str = "root:x:0:0:top secret";

/// A root of the good files in the folder `root`, and a folder `outside` beside it.
fn folders() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    for (path, text) in GOOD {
        let path = dir.path().join("root").join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    fs::create_dir_all(dir.path().join("outside/more")).unwrap();
    for name in ["secret.yaml", "passwd", "more/a.yaml"] {
        fs::write(dir.path().join("outside").join(name), SECRET).unwrap();
    }
    dir
}

fn loaded(root: &Path) -> Loaded {
    let files = Root::find(Some(root), Path::new("/")).unwrap().read().unwrap();
    load(&files, date(2026, 11, 22))
}

/// What is told, after a look that nothing from outside is in it.
fn told(loaded: &Loaded) -> String {
    let all: String = (loaded.diagnostics.iter())
        .flat_map(|found| {
            [Language::Chinese, Language::English].map(|lang| found.render(lang, false))
        })
        .collect();
    for secret in [SECRET, "top secret", "root:x", "passwd", "secret.yaml", "moved.yaml"] {
        assert!(!all.contains(secret), "{all}");
    }
    let lines = loaded.diagnostics.iter().map(|found| format!("{} {}", found.code, found.file));
    lines.collect::<Vec<_>>().join(" | ")
}

#[test]
fn links_out_of_the_root_are_refused_by_their_name() {
    let cases = [
        // (what it shows, link, its target from the folder of the link, what is told)
        ("a file", "knowledge/a.yaml", "../../outside/secret.yaml", "KB149 knowledge/a.yaml"),
        ("with another name", "knowledge/a.yaml", "../../outside/passwd", "KB149 knowledge/a.yaml"),
        ("words", "knowledge/b.txt", "../../outside/passwd", "KB149 knowledge/b.txt"),
        ("intents", "intents/a.yaml", "../../outside/secret.yaml", "KB149 intents/a.yaml"),
        ("a folder", "knowledge/more", "../../outside/more", "KB149 knowledge/more"),
        ("a folder above", "knowledge/more", "../..", "KB149 knowledge/more"),
        ("a file of the machine", "knowledge/a.yaml", "/etc/hostname", "KB149 knowledge/a.yaml"),
        (
            "a file that is not there",
            "knowledge/a.yaml",
            "/nowhere/a.yaml",
            "KB149 knowledge/a.yaml",
        ),
        (
            "a file that is not there, from the folder",
            "knowledge/a.yaml",
            "../../outside/none.yaml",
            "KB149 knowledge/a.yaml",
        ),
        (
            "a folder that is not there",
            "knowledge/a.yaml",
            "../../none/deep/a.yaml",
            "KB149 knowledge/a.yaml",
        ),
        (
            "a folder that is not there, and up again",
            "knowledge/a.yaml",
            "none/../../../outside/none.yaml",
            "KB149 knowledge/a.yaml",
        ),
        (
            "a file of the root that is not there",
            "knowledge/a.yaml",
            "../knowledge/none/b.yaml",
            "",
        ),
        ("a file that is not read", "knowledge/README.md", "../../outside/passwd", ""),
        ("a link that is hidden", "knowledge/.more", "../../outside/more", ""),
    ];
    for (shows, link, target, expected) in cases {
        let dir = folders();
        let root = dir.path().join("root");
        symlink(target, root.join(link)).unwrap();
        let loaded = loaded(&root);
        assert_eq!(told(&loaded), expected, "{shows}");
        assert_eq!(loaded.base.is_some(), expected.is_empty(), "{shows}");
    }
}

#[test]
fn a_file_or_folder_of_the_root_that_is_a_link_out_is_told_alone() {
    for (path, expected) in [
        (ENTRIES, "KB149 knowledge/payment.yaml"),
        (VARIABLES, "KB149 knowledge/variables.yaml"),
        ("knowledge", "KB149 knowledge"),
        ("intents", "KB149 intents"),
    ] {
        let dir = folders();
        let root = dir.path().join("root");
        let moved = dir.path().join("outside/moved.yaml");
        fs::rename(root.join(path), &moved).unwrap();
        symlink(&moved, root.join(path)).unwrap();
        let told = told(&loaded(&root));
        let errors: Vec<&str> = told.split(" | ").filter(|line| !is_note(line)).collect();
        assert_eq!(errors, [expected]);
    }
}

/// Whether a line tells of a default of the program.
fn is_note(line: &str) -> bool {
    ["KB104", "KB116", "KB117"].iter().any(|code| line.starts_with(code))
}

#[test]
fn a_link_in_a_circle_is_told_as_such() {
    let cases = [
        // (what it shows, targets of two links, what is told)
        ("out of the root", ["../../outside/secret.yaml", "a.yaml"], "指到了根目录外面"),
        ("in a circle", ["b.yaml", "a.yaml"], "读不出它指向哪里"),
    ];
    for (shows, targets, expected) in cases {
        let dir = folders();
        let root = dir.path().join("root");
        for (name, target) in ["a.yaml", "b.yaml"].iter().zip(targets) {
            symlink(target, root.join("knowledge").join(name)).unwrap();
        }
        let loaded = loaded(&root);
        assert_eq!(told(&loaded), "KB149 knowledge/a.yaml | KB149 knowledge/b.yaml", "{shows}");
        for found in &loaded.diagnostics {
            assert_eq!(found.message, format!("{} 是一个链接，{expected}", found.file), "{shows}");
        }
    }
}

#[test]
fn links_within_the_root_are_read() {
    let dir = folders();
    let root = dir.path().join("root");
    // As a mounted configuration is laid out.
    let data = root.join("knowledge/..2026_11_22");
    fs::create_dir(&data).unwrap();
    fs::rename(root.join(ENTRIES), data.join("payment.yaml")).unwrap();
    symlink("..2026_11_22", root.join("knowledge/..data")).unwrap();
    symlink("..data/payment.yaml", root.join(ENTRIES)).unwrap();
    let within = loaded(&root);
    assert_eq!(told(&within), "");
    assert_eq!(within.base.unwrap().entries.len(), 2);

    // The root itself may be a link.
    let link = dir.path().join("current");
    symlink(&root, &link).unwrap();
    assert_eq!(told(&loaded(&link)), "");
}
