-- Times are microseconds since 1970-01-01 UTC. Token hashes are SHA-256.

CREATE TABLE meta (
    key   TEXT PRIMARY KEY,
    value INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Written and emptied again to see whether the disk takes a write.
CREATE TABLE probe (
    filler BLOB NOT NULL
) STRICT;

CREATE TABLE conversation (
    -- Small and rising, so that what is busy now lies together in the file.
    key      INTEGER PRIMARY KEY,
    id       TEXT NOT NULL UNIQUE,
    -- The seq of the last event, 0 before the first; compared at each append.
    last_seq INTEGER NOT NULL DEFAULT 0,
    -- 1 while events may come by time alone: such conversations are folded at start.
    open     INTEGER NOT NULL DEFAULT 0 CHECK (open IN (0, 1))
) STRICT;

CREATE INDEX conversation_open ON conversation (key) WHERE open = 1;

CREATE TABLE event (
    conversation INTEGER NOT NULL REFERENCES conversation (key),
    seq          INTEGER NOT NULL CHECK (seq > 0),
    at           INTEGER NOT NULL,
    -- Of the client that sent it; what came from the bot or the system has none.
    client_id    TEXT,
    -- JSON of the journal's `Event`.
    body         TEXT NOT NULL,
    UNIQUE (conversation, seq)
) STRICT;

CREATE UNIQUE INDEX event_client_id ON event (conversation, client_id)
    WHERE client_id IS NOT NULL;

-- Personal data given to be called back; kept apart from the transcript.
CREATE TABLE contact (
    conversation INTEGER NOT NULL,
    seq          INTEGER NOT NULL,
    text         TEXT NOT NULL,
    consented_at INTEGER NOT NULL,
    PRIMARY KEY (conversation, seq),
    FOREIGN KEY (conversation, seq) REFERENCES event (conversation, seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE customer (
    token_hash   BLOB PRIMARY KEY CHECK (length(token_hash) = 32),
    conversation INTEGER NOT NULL UNIQUE REFERENCES conversation (key),
    origin       TEXT,
    created_at   INTEGER NOT NULL,
    expires_at   INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX customer_expires_at ON customer (expires_at);

CREATE TABLE agent (
    -- AUTOINCREMENT: transcripts name agents by id, so that no id is given twice.
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    name          TEXT NOT NULL UNIQUE,
    password_hash TEXT NOT NULL,
    disabled      INTEGER NOT NULL DEFAULT 0 CHECK (disabled IN (0, 1)),
    created_at    INTEGER NOT NULL
) STRICT;

CREATE TABLE agent_session (
    token_hash BLOB PRIMARY KEY CHECK (length(token_hash) = 32),
    agent      INTEGER NOT NULL REFERENCES agent (id),
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX agent_session_agent ON agent_session (agent);
CREATE INDEX agent_session_expires_at ON agent_session (expires_at);
