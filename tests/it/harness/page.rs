//! Pages of the project, and the parts of them that follow from the program.

use std::{env, fs, path::PathBuf};

/// A file of the project, by its path from the top.
pub(crate) fn project_file(path: &str) -> PathBuf {
    [env!("CARGO_MANIFEST_DIR"), path].iter().collect()
}

/// The text of a page.
pub(crate) fn page(path: &str) -> String {
    fs::read_to_string(project_file(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// Whether pages are to be written instead of compared, as expect-test has it.
#[expect(clippy::disallowed_methods, reason = "a switch of the tests, not of the program")]
pub(crate) fn is_update() -> bool {
    env::var_os("UPDATE_EXPECT").is_some()
}

/// Compares the part of a page between the lines `BEGIN` and `END` with what the program says. With
/// `UPDATE_EXPECT=1` the part is written instead.
pub(crate) fn assert_part(path: &str, (begin, end): (&str, &str), expected: &str) {
    let text = page(path);
    let cut = text.split_once(begin).and_then(|(before, rest)| {
        let (found, after) = rest.split_once(end)?;
        Some((before, found, after))
    });
    let (before, found, after) = cut.unwrap_or_else(|| panic!("{path} has no {begin} … {end}"));
    if found.trim() == expected.trim() {
        return;
    }
    if is_update() {
        let text = format!("{before}{begin}\n{}\n{end}{after}", expected.trim());
        fs::write(project_file(path), text).unwrap();
        return;
    }
    let differs = |(found, expected): &(&str, &str)| found != expected;
    let mut lines = found.trim().lines().zip(expected.trim().lines());
    let first = lines.find(differs);
    panic!("{path}, after {begin}: UPDATE_EXPECT=1 writes it; the first line apart: {first:#?}");
}

/// The marks around a part of a Markdown page.
pub(crate) fn marks(name: &str) -> (String, String) {
    (format!("<!-- generated: {name} -->"), format!("<!-- end: {name} -->"))
}

/// A table in Markdown.
pub(crate) fn table<const N: usize>(head: [&str; N], rows: &[[String; N]]) -> String {
    let line = |cells: &[String]| format!("| {} |\n", cells.join(" | "));
    let mut table = line(&head.map(str::to_owned));
    table.extend(["|", &"---|".repeat(N), "\n"]);
    table.extend(rows.iter().map(|row| line(row)));
    table
}
