-- Several doors hear what must be said, each at its own pace.

-- +goose Up
CREATE TABLE door (
    name TEXT    NOT NULL PRIMARY KEY, -- "speech", or a receiver of the fleet file
    last INTEGER NOT NULL              -- the last number that its outbox has given
) STRICT;

INSERT INTO door (name, last) SELECT 'speech', coalesce(max(seq), 0) FROM outbox;

CREATE TABLE unsaid (
    door TEXT    NOT NULL,
    seq  INTEGER NOT NULL,
    body TEXT    NOT NULL, -- JSON
    PRIMARY KEY (door, seq)
) STRICT;

INSERT INTO unsaid (door, seq, body) SELECT 'speech', seq, body FROM outbox;
DROP TABLE outbox;
ALTER TABLE unsaid RENAME TO outbox;

CREATE TABLE place (
    door    TEXT    NOT NULL,
    name    TEXT    NOT NULL,
    episode INTEGER NOT NULL,
    ref     TEXT    NOT NULL,
    PRIMARY KEY (door, name, episode)
) STRICT;

INSERT INTO place (door, name, episode, ref) SELECT 'speech', name, episode, ref FROM message;
DROP TABLE message;
ALTER TABLE place RENAME TO message;

-- +goose Down
CREATE TABLE unsaid (
    seq  INTEGER NOT NULL PRIMARY KEY,
    body TEXT    NOT NULL
) STRICT;
INSERT INTO unsaid (seq, body) SELECT seq, body FROM outbox WHERE door = 'speech';
DROP TABLE outbox;
ALTER TABLE unsaid RENAME TO outbox;
CREATE TABLE place (
    name    TEXT    NOT NULL,
    episode INTEGER NOT NULL,
    ref     TEXT    NOT NULL,
    PRIMARY KEY (name, episode)
) STRICT;
INSERT INTO place (name, episode, ref) SELECT name, episode, ref FROM message WHERE door = 'speech';
DROP TABLE message;
ALTER TABLE place RENAME TO message;
DROP TABLE door;
