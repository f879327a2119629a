//! The plan of every statement: the cost of a message must not grow with the stored data.

use rusqlite::Connection;
use tempfile::TempDir;

use super::{
    schema,
    statements::{ALL, Statement},
};

/// Statements that must read a whole table or sort.
const ALLOWED: &[(&str, &str, &str)] = &[
    // (statement, step of its plan, why)
    ("ALL_CONVERSATIONS", "SCAN conversation", "all are asked for, by kefu train"),
    ("ALL_AGENTS", "SCAN agent", "all are asked for"),
    (
        "COUNT_AGENTS",
        "SCAN agent USING COVERING INDEX sqlite_autoindex_agent_1",
        "accounts are made by hand",
    ),
    ("SIGN_IN_PLACES", "SCAN sign_in_place", "32 for each account, read once at start"),
    ("SIGN_IN_PLACES", "USE TEMP B-TREE FOR ORDER BY", "the same"),
    ("KEEP_NEWEST_PLACES", "USE TEMP B-TREE FOR ORDER BY", "33 at most"),
    ("DELETE_SIGN_IN_PLACES", "SCAN sign_in_place", "32 for each account, once an hour"),
];

fn migrated() -> (TempDir, Connection) {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("kefu.sqlite3");
    let mut conn = Connection::open(path).unwrap();
    schema::migrate(&mut conn, jiff::Timestamp::UNIX_EPOCH).unwrap();
    (dir, conn)
}

/// The steps of the plan that read more rows than needed, or sort.
fn costly_steps(conn: &Connection, sql: &str) -> Vec<String> {
    let mut plan = conn.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).unwrap();
    for parameter in 1..=plan.parameter_count() {
        plan.raw_bind_parameter(parameter, 1).unwrap();
    }
    let mut rows = plan.raw_query();
    let mut costly = Vec::new();
    while let Some(row) = rows.next().unwrap() {
        let step: String = row.get(3).unwrap();
        let is_scan = step.starts_with("SCAN ") && step != "SCAN CONSTANT ROW";
        // Reads all events of a conversation where some are needed.
        let is_history = step.starts_with("SEARCH event") && step.ends_with("(conversation=?)");
        if is_scan || is_history || step.contains("TEMP B-TREE") || step.contains("AUTOMATIC") {
            costly.push(step);
        }
    }
    costly
}

#[test]
fn no_statement_scans_a_table_that_grows() {
    let (_dir, conn) = migrated();
    assert!(ALL.len() > 30, "the statements are found");
    let mut found = Vec::new();
    for (name, statement) in ALL {
        for step in costly_steps(&conn, Statement::sql(*statement)) {
            found.push((*name, step));
        }
    }
    let allowed: Vec<_> =
        ALLOWED.iter().map(|(name, step, _)| (*name, (*step).to_owned())).collect();
    assert_eq!(found, allowed, "left: as planned; right: as allowed");
}

#[test]
fn the_check_finds_what_it_is_for() {
    let (_dir, conn) = migrated();
    let cases = [
        // (what it shows, statement, the costly step)
        ("no index", "SELECT body FROM event WHERE at > ?1", "SCAN event"),
        ("an index of no use", "SELECT seq FROM event WHERE client_id = ?1", "SCAN event"),
        ("a count", "SELECT count(*) FROM event", "SCAN event"),
        (
            "a scan inside of an update",
            "UPDATE conversation SET open = 0 WHERE key IN (SELECT conversation FROM event)",
            "SCAN event",
        ),
        ("a join", "SELECT 1 FROM customer JOIN event USING (conversation)", "SCAN event"),
        ("a delete", "DELETE FROM agent_session WHERE created_at < ?1", "SCAN agent_session"),
        (
            "all of a conversation",
            "SELECT body FROM event WHERE conversation = ?1 AND at > ?2",
            "SEARCH event",
        ),
        (
            "sorting",
            "SELECT body FROM event WHERE conversation = ?1 AND seq > ?2 ORDER BY at",
            "USE TEMP B-TREE FOR ORDER BY",
        ),
        ("a search", "SELECT body FROM event WHERE conversation = ?1 AND seq > ?2", ""),
    ];
    for (shows, sql, expected) in cases {
        let steps = costly_steps(&conn, sql);
        if expected.is_empty() {
            assert_eq!(steps, Vec::<String>::new(), "{shows}");
        } else {
            assert!(steps.iter().any(|step| step.starts_with(expected)), "{shows}: {steps:?}");
        }
    }
}
