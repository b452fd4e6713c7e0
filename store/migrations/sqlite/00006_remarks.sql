-- What an operation cost, in sentences, as a JSON array.

-- +goose Up
ALTER TABLE operation ADD COLUMN remarks TEXT NOT NULL DEFAULT '[]';

-- +goose Down
ALTER TABLE operation DROP COLUMN remarks;
