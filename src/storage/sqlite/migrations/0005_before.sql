-- The id of a message as the client sent it may say something about the client. Kept is its
-- hash (`ClientIdHash` of the journal), which SQL cannot compute: the program copies the rows,
-- and 0005_after.sql goes on. A new table, since a row that is changed in its place leaves
-- bytes of the old one in the page, even with secure_delete; the pages of a table that is
-- dropped are overwritten.
CREATE TABLE event_hashed (
    conversation INTEGER NOT NULL REFERENCES conversation (key),
    seq          INTEGER NOT NULL CHECK (seq > 0),
    at           INTEGER NOT NULL,
    -- SHA-256 of the conversation's id, a colon, and the id as the client sent it; what came
    -- from the bot or the system has none.
    client_id    BLOB CHECK (length(client_id) = 32),
    -- JSON of the journal's `Event`.
    body         TEXT NOT NULL,
    UNIQUE (conversation, seq)
) STRICT;
