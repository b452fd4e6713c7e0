-- The hash chain proves a change; these keep our own code from making one.

-- +goose Up
-- +goose StatementBegin
CREATE TRIGGER event_is_never_changed BEFORE UPDATE ON event
BEGIN
    SELECT RAISE(ABORT, 'the audit is never rewritten');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER event_is_never_deleted BEFORE DELETE ON event
BEGIN
    SELECT RAISE(ABORT, 'the audit is never rewritten');
END;
-- +goose StatementEnd

-- +goose Down
DROP TRIGGER event_is_never_deleted;
DROP TRIGGER event_is_never_changed;
