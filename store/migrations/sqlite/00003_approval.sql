-- Consent that is waited for, and what was already begun.

-- +goose Up
CREATE TABLE approval (
    id          TEXT    NOT NULL PRIMARY KEY,
    op          TEXT    NOT NULL,
    actor       TEXT    NOT NULL,
    requester   TEXT    NOT NULL, -- JSON
    line        TEXT    NOT NULL,
    plan_hash   TEXT    NOT NULL,
    plan_text   TEXT    NOT NULL,
    needs       TEXT    NOT NULL, -- JSON
    votes       TEXT    NOT NULL, -- JSON
    state       TEXT    NOT NULL,
    by_whom     TEXT    NOT NULL,
    why         TEXT    NOT NULL,
    break_glass INTEGER NOT NULL, -- 1 for yes
    card        TEXT    NOT NULL,
    created     INTEGER NOT NULL,
    expires     INTEGER NOT NULL,
    ended       INTEGER NOT NULL,
    version     INTEGER NOT NULL
) STRICT;

CREATE INDEX approval_waiting ON approval (state, created);

CREATE TABLE begun (
    name  TEXT    NOT NULL PRIMARY KEY,
    until INTEGER NOT NULL
) STRICT;

CREATE INDEX begun_until ON begun (until);

-- +goose Down
DROP TABLE begun;
DROP TABLE approval;
