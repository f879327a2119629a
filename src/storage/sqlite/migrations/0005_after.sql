DROP TABLE event;
ALTER TABLE event_hashed RENAME TO event;
CREATE UNIQUE INDEX event_client_id ON event (conversation, client_id)
    WHERE client_id IS NOT NULL;
