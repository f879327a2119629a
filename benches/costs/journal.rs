//! Data folders with customers and journals, as the first released program wrote them: every later
//! program must read them.

use std::{fs, path::Path};

use kefu::service::Clock;
use rusqlite::{Connection, params};
use sha2::{Digest, Sha256};

use crate::server::Server;

/// The schema of the first released program.
const SCHEMA: [&str; 3] = [
    include_str!("../../src/storage/sqlite/migrations/0001_first.sql"),
    include_str!("../../src/storage/sqlite/migrations/0002_facts.sql"),
    include_str!("../../src/storage/sqlite/migrations/0003_sign_in_place.sql"),
];

/// An answer of the usual size, as it was stored.
const ANSWER: &str = r#"{"type":"bot_said","kind":"answer","text":"到账时间：普通提现一般在下一个工作日 24:00 前到账。\n\n还没到时请这样查：\n1. 在“我的 → 账单”找到这笔提现，看状态和预计到账时间。\n2. **处理中：** 请耐心等待，不要重复提交；周末、节假日可能顺延，以提现页为准。","entry":"payment.withdraw.arrival","choices":[{"entry":"payment.withdraw.fail","label":"提现失败怎么办"},{"entry":"payment.withdraw.fee","label":"提现要手续费吗"}],"offer_human":true,"candidates":[{"entry":"payment.withdraw.arrival","question":"提现多久到账","confidence":0.953},{"entry":"payment.withdraw.fail","question":"提现失败怎么办","confidence":0.021}],"knowledge":"83ec8349823366af3ec7fb89e2c5463793b7fa8dbcdb99b59c049bc30f604988"}"#;

/// A data folder without a running server.
pub(crate) struct Folder {
    conn: Connection,
    customers: usize,
    clock: Clock,
}

impl Folder {
    /// Creates the database in an empty folder.
    pub(crate) fn create(data: &Path) -> Self {
        let conn = Connection::open(data.join("kefu.sqlite3")).expect("a new database");
        conn.execute_batch(&SCHEMA.concat()).expect("the schema is SQL");
        conn.pragma_update(None, "user_version", SCHEMA.len() as i64).expect("it is written");
        let clock = Clock::start();
        let born = clock.now().as_microsecond();
        conn.execute("INSERT INTO meta (key, value) VALUES ('generation', ?1)", [born])
            .expect("SQL");
        // Needed only until the bench ends.
        conn.pragma_update(None, "synchronous", false).expect("it is set");
        conn.execute_batch("BEGIN").expect("it begins");
        Self { conn, customers: 0, clock }
    }

    /// Adds a customer whose conversation has this many events, in episodes of a given length. All
    /// episodes but the last have ended, and the last event was just now. Returns the token.
    pub(crate) fn add_customer(&mut self, events: usize, episode: usize) -> String {
        self.customers += 1;
        let token = format!("{:064x}", self.customers);
        let now = self.clock.now().as_microsecond();
        let key = self.customers as i64;
        self.conn
            .prepare_cached(
                "INSERT INTO conversation (key, id, last_seq, open) VALUES (?1, ?2, ?3, ?4)",
            )
            .and_then(|mut row| {
                row.execute(params![key, format!("{key:032x}"), events as i64, events > 0])
            })
            .expect("a conversation");
        let hash: [u8; 32] = Sha256::digest(token.as_bytes()).into();
        self.conn
            .prepare_cached(
                "INSERT INTO customer (token_hash, conversation, created_at, expires_at)
                 VALUES (?1, ?2, ?3, ?4)",
            )
            .and_then(|mut row| row.execute(params![hash, key, now, now + 1_000_000 * 86_400]))
            .expect("a customer");
        let mut row = self
            .conn
            .prepare_cached(
                "INSERT INTO event (conversation, seq, at, client_id, body)
                 VALUES (?1, ?2, ?3, ?4, ?5)",
            )
            .expect("SQL");
        for index in 0..events {
            let (seq, of_episode) = (index + 1, index % episode);
            let number = index / episode + 1;
            let is_over = of_episode == episode - 1 && seq < events;
            let client_id = (!is_over && of_episode % 2 == 1).then(|| format!("m-{seq}"));
            let body = match &client_id {
                Some(id) => format!(
                    r#"{{"type":"customer_said","client_id":"{id}","text":"提现多久到账"}}"#
                ),
                None if of_episode == 0 => format!(
                    r#"{{"type":"episode_started","episode":{number},"epoch":{}}}"#,
                    2 * number - 1
                ),
                None if is_over => format!(
                    r#"{{"type":"ended","epoch":{},"cause":"customer","rate_until":null}}"#,
                    2 * number
                ),
                None => ANSWER.to_owned(),
            };
            let at = now - ((events - seq) * 1_000) as i64;
            row.execute(params![key, seq as i64, at, client_id, body]).expect("an event");
        }
        token
    }

    /// Closes the database, and lets the program migrate it.
    pub(crate) fn finish(self, program: &Path, data: &Path) {
        self.conn.execute_batch("COMMIT").expect("it ends");
        self.conn.close().expect("it closes");
        Server::start(program, data).stop();
        remember_episodes(data);
    }
}

/// A program that folds from the start of an episode stores that position as it writes. An older
/// journal is folded once from its first record; here the position is set as if the newer program
/// had written it.
fn remember_episodes(data: &Path) {
    let conn = Connection::open(data.join("kefu.sqlite3")).expect("the database");
    let remembers = conn
        .prepare("SELECT 1 FROM pragma_table_info('conversation') WHERE name = 'fold_from'")
        .and_then(|mut column| column.exists([]))
        .expect("SQL");
    if remembers {
        let all = "UPDATE conversation SET fold_from = coalesce((SELECT max(seq) FROM event
            WHERE conversation = key AND body LIKE '{\"type\":\"episode_started\"%'), 0)";
        conn.execute(all, []).expect("SQL");
    }
}

/// A new data folder.
pub(crate) fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    fs::create_dir_all(folder.path()).expect("it is there");
    folder
}
