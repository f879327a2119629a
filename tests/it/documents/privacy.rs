//! docs/privacy.md names every column that is stored, every class of personal data, and files that
//! are there.

use kefu::{compliance::PersonalData, storage::Store};

use super::architecture::wrong_paths;
use crate::harness::page;

const PAGE: &str = "docs/privacy.md";

/// The first cells of the rows of all tables, with what stands between backticks in them.
fn first_cells(text: &str) -> Vec<(&str, Vec<&str>)> {
    let rows = text.lines().filter_map(|line| line.strip_prefix("| "));
    rows.map(|row| {
        let first = row.split(" | ").next().unwrap_or_default();
        (row, first.split('`').skip(1).step_by(2).collect())
    })
    .collect()
}

#[test]
fn every_path_is_there() {
    assert_eq!(wrong_paths(PAGE), Vec::<String>::new());
}

#[test]
fn every_column_of_the_database_is_told() {
    let data = tempfile::tempdir().unwrap();
    drop(Store::open(data.path(), jiff::Timestamp::UNIX_EPOCH).unwrap());
    let conn = rusqlite::Connection::open(data.path().join("kefu.sqlite3")).unwrap();
    let sql = "SELECT m.name || '.' || c.name FROM sqlite_schema m, pragma_table_info(m.name) c
        WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%'";
    let mut columns = conn.prepare(sql).unwrap();
    let mut stored: Vec<String> =
        columns.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
    let text = page(PAGE);
    let is_column = |word: &&str| {
        stored.iter().any(|column| word.split('.').next() == column.split('.').next())
            && word.contains('.')
    };
    let mut told: Vec<String> = first_cells(&text)
        .into_iter()
        .flat_map(|(_, words)| words)
        .filter(|word| !word.contains(['/', ' ']) && is_column(word))
        .map(str::to_owned)
        .collect();
    stored.sort();
    told.sort();
    told.dedup();
    assert!(stored.len() > 20, "{stored:?}");
    assert_eq!(told, stored);
}

#[test]
fn every_class_is_told_with_its_default() {
    let text = page(PAGE);
    let cells = first_cells(&text);
    for class in PersonalData::ALL {
        let name = class.as_str();
        let row = cells.iter().find(|(_, words)| words.contains(&name));
        let (row, _) = row.unwrap_or_else(|| panic!("{name} is not told"));
        let default = class.treatments()[0].as_str();
        assert!(row.contains(&format!("| `{default}`")), "{name} is `{default}`: {row}");
    }
}
