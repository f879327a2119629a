//! All SQL that runs while the program serves, in one list.
//!
//! A [`Statement`] can be made only here, and a session runs nothing else, so the test of the plans
//! (`plans.rs`) misses none. SQL that runs once at the start is in `schema.rs` and in
//! `migrations/`.

/// A statement of this list.
#[derive(Clone, Copy, Debug)]
pub(super) struct Statement(&'static str);

impl Statement {
    pub(super) fn sql(self) -> &'static str {
        self.0
    }
}

macro_rules! statements {
    ($($name:ident = $sql:literal;)*) => {
        $(pub(super) const $name: Statement = Statement($sql);)*

        /// All statements with their names.
        #[cfg(test)]
        pub(super) const ALL: &[(&str, Statement)] = &[$((stringify!($name), $name)),*];
    };
}

statements! {
    BEGIN = "BEGIN IMMEDIATE";
    COMMIT = "COMMIT";
    ROLLBACK = "ROLLBACK";
    BEGIN_COMMAND = "SAVEPOINT command";
    KEEP_COMMAND = "RELEASE command";
    UNDO_COMMAND = "ROLLBACK TO command";

    FILL_PROBE = "INSERT INTO probe (filler) VALUES (zeroblob(?1))";
    EMPTY_PROBE = "DELETE FROM probe";

    ADD_CONVERSATION = "INSERT INTO conversation (id) VALUES (?1)";
    // Advances `last_seq` if it is still the expected one.
    ADVANCE_CONVERSATION =
        "UPDATE conversation SET last_seq = last_seq + ?1, open = ?2, fold_from = ?3
         WHERE id = ?4 AND last_seq = ?5 RETURNING key";
    LAST_SEQ = "SELECT last_seq FROM conversation WHERE id = ?1";
    OPEN_CONVERSATIONS_AFTER =
        "SELECT key, id, fold_from FROM conversation WHERE open = 1 AND key > ?1
         ORDER BY key LIMIT ?2";
    ALL_CONVERSATIONS = "SELECT id FROM conversation ORDER BY key DESC";

    ADD_EVENT =
        "INSERT INTO event (conversation, seq, at, client_id, body) VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT (conversation, client_id) WHERE client_id IS NOT NULL DO NOTHING";
    RECORDS_AFTER =
        "SELECT seq, at, body FROM event
         WHERE conversation = (SELECT key FROM conversation WHERE id = ?1) AND seq > ?2
         ORDER BY seq LIMIT ?3";
    RECORD_OF_CLIENT_ID =
        "SELECT seq, at, body FROM event
         WHERE conversation = (SELECT key FROM conversation WHERE id = ?1) AND client_id = ?2";
    RECORDS_TO_FOLD =
        "SELECT seq, at, body FROM event
         WHERE conversation = (SELECT key FROM conversation WHERE id = ?1)
            AND seq > max(?2, (SELECT fold_from - 1 FROM conversation WHERE id = ?1))
         ORDER BY seq LIMIT ?3";
    RECORDS_FROM_BY_KEY =
        "SELECT seq, at, body FROM event WHERE conversation = ?1 AND seq >= ?2
         ORDER BY seq LIMIT ?3";

    ADD_CONTACT =
        "INSERT INTO contact (conversation, seq, text, consented_at) VALUES (?1, ?2, ?3, ?4)";
    CONTACTS =
        "SELECT seq, text, consented_at FROM contact
         WHERE conversation = (SELECT key FROM conversation WHERE id = ?1) ORDER BY seq";

    ADD_CUSTOMER =
        "INSERT INTO customer (token_hash, conversation, origin, facts, created_at, expires_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
    CUSTOMER_BY_TOKEN =
        "SELECT id, facts FROM customer JOIN conversation ON key = conversation
         WHERE token_hash = ?1 AND expires_at > ?2";
    SET_FACTS = "UPDATE customer SET facts = ?2 WHERE token_hash = ?1";
    DELETE_EXPIRED_CUSTOMERS =
        "DELETE FROM customer WHERE token_hash IN
            (SELECT token_hash FROM customer WHERE expires_at <= ?1 LIMIT ?2)";
    DELETE_EXPIRED_AGENT_SESSIONS =
        "DELETE FROM agent_session WHERE token_hash IN
            (SELECT token_hash FROM agent_session WHERE expires_at <= ?1 LIMIT ?2)";

    ADD_AGENT =
        "INSERT INTO agent (name, password_hash, created_at) VALUES (?1, ?2, ?3)
         ON CONFLICT (name) DO NOTHING";
    ALL_AGENTS = "SELECT id, name, password_hash, disabled FROM agent ORDER BY id";
    COUNT_AGENTS = "SELECT count(*) FROM agent";
    AGENT_BY_NAME = "SELECT id, name, password_hash, disabled FROM agent WHERE name = ?1";
    SET_PASSWORD = "UPDATE agent SET password_hash = ?1 WHERE name = ?2 RETURNING id";
    SET_DISABLED = "UPDATE agent SET disabled = ?1 WHERE name = ?2 RETURNING id";

    ADD_AGENT_SESSION =
        "INSERT INTO agent_session (token_hash, agent, created_at, expires_at)
         SELECT ?1, id, ?2, ?3 FROM agent
         WHERE id = ?4 AND password_hash = ?5 AND disabled = 0";
    AGENT_BY_SESSION =
        "SELECT id, name, password_hash, disabled
         FROM agent_session JOIN agent ON id = agent
         WHERE token_hash = ?1 AND expires_at > ?2 AND disabled = 0";
    DELETE_AGENT_SESSION = "DELETE FROM agent_session WHERE token_hash = ?1";
    DELETE_AGENT_SESSIONS = "DELETE FROM agent_session WHERE agent = ?1";

    SIGN_IN_PLACES =
        "SELECT agent, name, place, day FROM sign_in_place JOIN agent ON id = agent
         WHERE day >= ?1 ORDER BY day";
    NOTE_SIGN_IN_PLACE =
        "INSERT INTO sign_in_place (agent, place, day) VALUES (?1, ?2, ?3)
         ON CONFLICT (agent, place) DO UPDATE SET day = max(day, excluded.day)";
    KEEP_NEWEST_PLACES =
        "DELETE FROM sign_in_place WHERE agent = ?1 AND place <> ?2 AND place NOT IN
            (SELECT place FROM sign_in_place WHERE agent = ?1 AND place <> ?2
             ORDER BY day DESC LIMIT ?3)";
    DELETE_SIGN_IN_PLACES = "DELETE FROM sign_in_place WHERE day < ?1";
}
