-- What the watch knows, what it must still say, and what people told it.

-- +goose Up
CREATE TABLE alert (
    name TEXT NOT NULL PRIMARY KEY, -- check/region/node
    body TEXT NOT NULL              -- JSON
) STRICT;

CREATE TABLE told (
    name TEXT NOT NULL PRIMARY KEY, -- check/region
    body TEXT NOT NULL              -- JSON
) STRICT;

CREATE TABLE attempt (
    name TEXT NOT NULL PRIMARY KEY, -- the node
    body TEXT NOT NULL              -- JSON: its attempts of the last day
) STRICT;

CREATE TABLE storm (
    name TEXT    NOT NULL PRIMARY KEY,
    last INTEGER NOT NULL
) STRICT;

CREATE TABLE outbox (
    seq  INTEGER NOT NULL PRIMARY KEY,
    body TEXT    NOT NULL -- JSON
) STRICT;

-- Where a group's message stands, in the words of the door.
CREATE TABLE message (
    name    TEXT    NOT NULL,
    episode INTEGER NOT NULL,
    ref     TEXT    NOT NULL,
    PRIMARY KEY (name, episode)
) STRICT;

-- Never changed: what holds now follows from all of them and the clock.
CREATE TABLE wish (
    seq  INTEGER NOT NULL PRIMARY KEY,
    body TEXT    NOT NULL -- JSON
) STRICT;

-- +goose Down
DROP TABLE wish;
DROP TABLE message;
DROP TABLE outbox;
DROP TABLE storm;
DROP TABLE attempt;
DROP TABLE told;
DROP TABLE alert;
