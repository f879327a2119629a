//! The migration of client ids to their hashes, in column and body.

use rusqlite::Connection;

use crate::journal::{ClientId, ClientIdHash, ConversationId};

/// Copies all events into a new table, with each client id replaced by its hash. The pages of the
/// old table are overwritten, because the writer has `secure_delete` on.
pub(super) fn hash(conn: &Connection) -> rusqlite::Result<()> {
    conn.execute_batch(include_str!("migrations/0005_before.sql"))?;
    let mut select = conn.prepare(
        "SELECT id, conversation, seq, at, client_id, body
         FROM event JOIN conversation ON key = conversation ORDER BY event.rowid",
    )?;
    let mut insert = conn.prepare(
        "INSERT INTO event_hashed (conversation, seq, at, client_id, body)
         VALUES (?1, ?2, ?3, ?4, ?5)",
    )?;
    let mut rows = select.query([])?;
    while let Some(row) = rows.next()? {
        let conversation = ConversationId::new(row.get_ref(0)?.as_str()?);
        let key: (i64, i64, i64) = (row.get(1)?, row.get(2)?, row.get(3)?);
        let sent: Option<String> = row.get(4)?;
        let mut body: String = row.get(5)?;
        let hash = sent.and_then(|sent| ClientId::new(&sent)).map(|sent| {
            let hash = ClientIdHash::of(&conversation, &sent);
            // In compact JSON no text contains these quotes unescaped. A damaged body is changed,
            // too.
            let written = |id: &str| format!(r#""client_id":"{id}""#);
            body = body.replacen(&written(sent.as_str()), &written(&hash.to_string()), 1);
            hash
        });
        let hash = hash.as_ref().map(ClientIdHash::as_bytes);
        insert.execute((key.0, key.1, key.2, hash, body))?;
    }
    drop((rows, insert));
    drop(select);
    conn.execute_batch(include_str!("migrations/0005_after.sql"))
}
