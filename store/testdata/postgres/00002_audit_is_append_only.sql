-- The same in PostgreSQL's words: RAISE inside a trigger is SQLite's own.

-- +goose Up
-- +goose StatementBegin
CREATE FUNCTION event_is_never_rewritten() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the audit is never rewritten';
END
$$;
-- +goose StatementEnd
CREATE TRIGGER event_is_never_changed BEFORE UPDATE OR DELETE ON event
    FOR EACH ROW EXECUTE FUNCTION event_is_never_rewritten();

-- +goose Down
DROP TRIGGER event_is_never_changed ON event;
DROP FUNCTION event_is_never_rewritten;
