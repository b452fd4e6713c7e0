-- Instants are nanoseconds since 1970 UTC, 0 for "not yet". The same tables
-- serve PostgreSQL with BIGINT for INTEGER and without STRICT.

-- +goose Up
CREATE TABLE operation (
    id        TEXT    NOT NULL PRIMARY KEY,
    actor     TEXT    NOT NULL,
    line      TEXT    NOT NULL,
    locks     TEXT    NOT NULL, -- names as a JSON array
    plan_hash TEXT    NOT NULL,
    plan_text TEXT    NOT NULL,
    state     TEXT    NOT NULL,
    reason    TEXT    NOT NULL,
    created   INTEGER NOT NULL,
    ended     INTEGER NOT NULL,
    cancel_by TEXT    NOT NULL DEFAULT '' -- who asked it to stop
) STRICT;

CREATE INDEX operation_newest ON operation (created DESC, id DESC);

CREATE TABLE step (
    op        TEXT    NOT NULL REFERENCES operation (id),
    seq       INTEGER NOT NULL,
    node      TEXT    NOT NULL,
    title     TEXT    NOT NULL,
    do_text   TEXT    NOT NULL,
    undo_text TEXT    NOT NULL,
    state     TEXT    NOT NULL,
    digest    TEXT    NOT NULL,
    reason    TEXT    NOT NULL,
    started   INTEGER NOT NULL,
    ended     INTEGER NOT NULL,
    PRIMARY KEY (op, seq)
) STRICT;

-- The audit: each line carries the hash of the one before it.
CREATE TABLE event (
    seq       INTEGER NOT NULL PRIMARY KEY,
    op        TEXT    NOT NULL,
    at        INTEGER NOT NULL,
    actor     TEXT    NOT NULL,
    type      TEXT    NOT NULL,
    detail    TEXT    NOT NULL,
    prev_hash TEXT    NOT NULL UNIQUE,
    hash      TEXT    NOT NULL UNIQUE
) STRICT;

CREATE INDEX event_of_operation ON event (op, seq);

-- A lease that was given back stays as a row, so that its epoch never starts again.
CREATE TABLE lease (
    name    TEXT    NOT NULL PRIMARY KEY,
    holder  TEXT    NOT NULL,
    reason  TEXT    NOT NULL,
    since   INTEGER NOT NULL,
    expires INTEGER NOT NULL,
    epoch   INTEGER NOT NULL
) STRICT;

-- +goose Down
DROP TABLE lease;
DROP TABLE event;
DROP TABLE step;
DROP TABLE operation;
