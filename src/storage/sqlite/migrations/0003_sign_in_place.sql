-- From where an agent has signed in, so that strangers cannot delay this agent there.
CREATE TABLE sign_in_place (
    agent INTEGER NOT NULL REFERENCES agent (id),
    -- SHA-256 of the agent and the address (of IPv6 its first 64 bits).
    place BLOB NOT NULL CHECK (length(place) = 32),
    -- Of the last sign-in, in days since 1970-01-01 UTC.
    day   INTEGER NOT NULL,
    PRIMARY KEY (agent, place)
) STRICT, WITHOUT ROWID;
