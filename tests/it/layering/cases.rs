//! Planted mistakes, each of which the checks must find, and what they must let pass.

use super::{Parts, check_arrows, check_lookups, check_table};

const PARTS: Parts =
    &[("service", &[("node", &["desk", "."]), ("desk", &["."]), (".", &[])]), ("storage", &[])];

type File = (&'static str, &'static str);

/// (what it shows, the files, where something is found)
type Case = (&'static str, &'static [File], &'static [&'static str]);

const FACE: File = ("text/mod.rs", "mod a;\nmod b;\npub use a::A;\npub use b::{B, b as make};");

const CIRCLES: &[Case] = &[
    (
        "two files, by name",
        &[
            ("text/mod.rs", "mod a;\nmod b;"),
            ("text/a.rs", "use super::b::B;\npub struct A;"),
            ("text/b.rs", "\nuse super::a::A;\npub struct B;"),
        ],
        &["text/a.rs:1", "text/b.rs:2"],
    ),
    (
        "through a face",
        &[
            FACE,
            ("text/a.rs", "use super::B;\npub struct A;"),
            ("text/b.rs", "use super::a::A;\npub struct B;"),
        ],
        &["text/a.rs:1", "text/a.rs:1", "text/b.rs:1"],
    ),
    (
        "through a face, under another name, nested, without `use`",
        &[
            FACE,
            ("text/a.rs", "pub struct A;\nfn f() { crate::text::make(); }"),
            (
                "text/b.rs",
                "use crate::{\n  text::{self, a::{A as Other}},\n};\npub struct B;\npub fn b() {}",
            ),
        ],
        &["text/a.rs:2", "text/a.rs:2", "text/b.rs:2"],
    ),
    (
        "in a function, and by a module that was imported",
        &[
            ("text/mod.rs", "mod a;\nmod b;"),
            ("text/a.rs", "use super::b;\npub fn f() -> b::B { b::B }"),
            ("text/b.rs", "pub struct B;\nfn g() {\n  use super::a::f;\n  f()\n}"),
        ],
        &["text/a.rs:2", "text/b.rs:3"],
    ),
    (
        "three files and two rooms",
        &[
            ("text/mod.rs", "mod a;\npub use a::A;"),
            ("text/a.rs", "pub struct A;\nfn f(x: crate::service::C) {}"),
            ("service/mod.rs", "mod b;\nmod c;\npub use c::C;"),
            ("service/b.rs", "use crate::text::A;\npub struct B;"),
            ("service/c.rs", "pub type C = super::b::B;"),
        ],
        // The layers forbid the first arrow too.
        &["text/a.rs:2", "service/b.rs:1", "text/a.rs:2", "service/c.rs:1"],
    ),
    (
        "what a macro makes",
        &[
            ("text/mod.rs", "mod a;\nmod b;"),
            (
                "text/a.rs",
                "macro_rules! id { ($n:ident) => { pub struct $n; }; }\nid! { A }\nuse super::b::B;",
            ),
            ("text/b.rs", "use super::a::A;\npub struct B;"),
        ],
        &["text/a.rs:3", "text/b.rs:1"],
    ),
    (
        "functions of a type in the file of another",
        &[
            ("text/mod.rs", "mod a;\nmod b;"),
            ("text/a.rs", "pub struct A;\nimpl A {\n  fn f(&self) { self.g() }\n}"),
            ("text/b.rs", "use super::a::A;\nimpl A {\n  pub(super) fn g(&self) {}\n}"),
        ],
        &["text/a.rs:3", "text/b.rs:1"],
    ),
    (
        "a file and a folder",
        &[
            ("text/mod.rs", "mod a;\nmod b;\nmod c;"),
            ("text/a.rs", "use super::c::C;\npub struct A;"),
            ("text/b.rs", "pub struct B;"),
            ("text/c/mod.rs", "mod d;\nmod e;\npub use d::C;"),
            ("text/c/d.rs", "pub struct C;"),
            ("text/c/e.rs", "use super::super::a::A;"),
        ],
        &["text/a.rs:1", "text/c/e.rs:1"],
    ),
    (
        "in tests only",
        &[
            ("text/mod.rs", "mod a;\n#[cfg(test)]\nmod b;\n#[cfg(test)]\npub(crate) mod tests;"),
            (
                "text/a.rs",
                "pub struct A;\n#[cfg(test)]\nuse super::b::{B, C};\n#[cfg(test)]\nmod tests {\n  use super::super::b::B;\n}",
            ),
            ("text/b.rs", "use super::a::A;\npub struct B;"),
            ("text/tests/mod.rs", "mod more;\nuse super::*;"),
            ("text/tests/more.rs", "use crate::text::a::A;"),
        ],
        &[],
    ),
    (
        "in a comment, a text, a lifetime or a character",
        &[
            ("text/mod.rs", "mod a;\nmod b;"),
            (
                "text/a.rs",
                "// super::b::B\n/* /* */ super::b::B */ pub struct A<'b>(&'b str);\n\
                 const C: (char, char, &str, &str) = ('\"', '\\'', \"super::b::B \\\"\", r#\"\" super::b::B\"#);",
            ),
            ("text/b.rs", "use super::a::A;\npub struct B;"),
        ],
        &[],
    ),
];

const OTHERS: &[Case] = &[
    (
        "inside a room through its face",
        &[
            FACE,
            ("text/a.rs", "pub struct A;"),
            ("text/b.rs", "\nuse super::A;\npub struct B;\npub fn b() {}"),
        ],
        &["text/b.rs:2"],
    ),
    (
        "from a folder through the face of its room",
        &[
            ("text/mod.rs", "mod a;\nmod c;\npub use a::A;"),
            ("text/a.rs", "pub struct A;"),
            ("text/c/mod.rs", "mod d;"),
            ("text/c/d.rs", "use crate::text::A;"),
        ],
        &["text/c/d.rs:1"],
    ),
    (
        "a folder by its face, and a room by its own",
        &[
            ("text/mod.rs", "mod a;\nmod c;\npub use a::A;"),
            ("text/a.rs", "use super::c::C;\npub struct A(C);"),
            ("text/c/mod.rs", "mod d;\npub use d::C;"),
            ("text/c/d.rs", "pub struct C;"),
            ("service/mod.rs", "mod e;"),
            ("service/e.rs", "use crate::text::A;"),
        ],
        &[],
    ),
    (
        "a function with the name of its file",
        &[
            ("text/mod.rs", "mod a;\nmod b;\npub use a::a;"),
            ("text/a.rs", "pub fn a() {}\npub struct A;"),
            ("text/b.rs", "use super::a::{A, a};"),
            ("service/mod.rs", "mod c;"),
            ("service/c.rs", "use crate::text::a;"),
        ],
        &[],
    ),
    (
        "all names at once",
        &[
            FACE,
            ("text/a.rs", "use super::b::*;\npub struct A;"),
            ("text/b.rs", "pub struct B;\npub fn b() {}"),
        ],
        &["text/a.rs:1"],
    ),
    (
        "a name that nobody defines",
        &[("text/mod.rs", "mod a;"), ("text/a.rs", "\n\nuse super::b::B;")],
        &["text/a.rs:3"],
    ),
    (
        "a face that defines something",
        &[("text/mod.rs", "//! Text.\n\npub const A: u32 = 1;")],
        &["text/mod.rs:3"],
    ),
    (
        "a layer below, by `super`",
        &[
            ("text/mod.rs", "mod a;"),
            ("text/a.rs", "use super::super::service::B;"),
            ("service/mod.rs", "mod b;\npub use b::B;"),
            ("service/b.rs", "pub struct B;"),
        ],
        &["text/a.rs:1"],
    ),
    (
        "the node, from a part of it",
        &[
            ("service/mod.rs", "mod desk;\nmod node;\nmod other;"),
            (
                "service/node.rs",
                "use super::desk::Desk;\npub struct Node(Desk);\npub struct Limits;",
            ),
            ("service/desk/mod.rs", "mod task;\npub use task::Desk;"),
            ("service/desk/task.rs", "pub struct Desk;"),
            ("service/other.rs", "\nuse super::node::Limits;"),
        ],
        &["service/other.rs:2"],
    ),
    (
        "a folder without a line in the table",
        &[
            ("service/mod.rs", "mod desk;\nmod more;"),
            ("service/desk/mod.rs", "mod task;\npub use task::Desk;"),
            ("service/desk/task.rs", "pub struct Desk;"),
            ("service/more/mod.rs", "mod a;"),
            ("service/more/a.rs", "use crate::service::desk::Desk;"),
        ],
        &["service/more/a.rs:1"],
    ),
];

#[test]
fn each_planted_mistake_is_found() {
    for (shows, files, expected) in CIRCLES.iter().chain(OTHERS) {
        let mut files: Vec<(String, String)> =
            files.iter().map(|(path, source)| ((*path).to_owned(), (*source).to_owned())).collect();
        for room in ["text", "service"] {
            if !files.iter().any(|(path, _)| path.starts_with(room)) {
                files.push((format!("{room}/mod.rs"), String::new()));
            }
        }
        files.push(("lib.rs".to_owned(), "pub mod text;\npub mod service;".to_owned()));
        let found = check_arrows(&files, PARTS);
        let lines = found.iter().flat_map(|one| one.lines());
        let places = lines.map(|line| line.trim().split(" — ").next().unwrap());
        let places: Vec<&str> = places.map(|place| place.strip_prefix("src/").unwrap()).collect();
        assert_eq!(places, *expected, "{shows}: {found:#?}");
    }
}

#[test]
fn a_search_for_one_id_is_found() {
    let cases = [
        // (what it shows, source, where something is found)
        (
            "an entry",
            "fn f() {\n  base.entries.iter().find(|entry| entry.id == *id);\n}",
            "src/a.rs:2",
        ),
        (
            "over several lines",
            "fn f() {\n\n  base\n    .intents\n    .iter()\n    .position(|one| Some(&one.id) == id);\n}",
            "src/a.rs:4",
        ),
        (
            "something else",
            "fn f() { base.entries.iter().any(|entry| entry.is_served_on(day)); }",
            "",
        ),
        ("a look-up", "fn f() { base.entries.named(id); }", ""),
        (
            "in a test",
            "#[cfg(test)]\nmod tests { fn f() { base.entries.iter().find(|e| e.id == i); } }",
            "",
        ),
    ];
    for (shows, source, expected) in cases {
        let mut wrong = Vec::new();
        check_lookups("a.rs", source, &mut wrong);
        let places: Vec<&str> = wrong.iter().map(|w| w.split(" — ").next().unwrap()).collect();
        assert_eq!(places.join(" "), expected, "{shows}");
    }
}

#[test]
fn the_table_of_parts_is_whole() {
    let parts: Parts = &[("service", &[("desk", &[]), ("gone", &[])])];
    let paths = ["service/mod.rs", "service/desk.rs", "service/new/a.rs", "service/tests/b.rs"];
    let files: Vec<(String, String)> =
        paths.iter().map(|path| ((*path).to_owned(), String::new())).collect();
    let mut wrong = Vec::new();
    check_table(&files, parts, &mut wrong);
    let expected = [
        "src/service/new/mod.rs:1 — the table of parts has no line for it",
        "src/service/mod.rs:1 — the table of parts names gone",
    ];
    assert_eq!(wrong, expected);
}
