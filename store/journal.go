package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"strings"

	"vmqbot/ops"
)

// SaveOperation inserts or replaces an operation by its ID. A request to
// cancel it survives.
func (s *Store) SaveOperation(ctx context.Context, op ops.Operation) error {
	locks, err := json.Marshal(op.Locks)
	if err != nil {
		return fmt.Errorf("writing the locks of operation %s: %w", op.ID, err)
	}
	remarks, err := json.Marshal(op.Remarks)
	if err != nil {
		return fmt.Errorf("writing the remarks of operation %s: %w", op.ID, err)
	}
	return s.put(ctx, "save operation "+op.ID, `
		INSERT INTO operation (id, actor, line, locks, plan_hash, plan_text, state, reason, remarks, created, ended)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
		ON CONFLICT (id) DO UPDATE SET
			actor = excluded.actor, line = excluded.line, locks = excluded.locks,
			plan_hash = excluded.plan_hash, plan_text = excluded.plan_text, state = excluded.state,
			reason = excluded.reason, remarks = excluded.remarks, created = excluded.created, ended = excluded.ended`,
		clean(op.ID), clean(op.Actor), clean(op.Line), clean(string(locks)), op.PlanHash, clean(op.Plan),
		string(op.State), clean(op.Reason), clean(string(remarks)), nanos(op.Created), nanos(op.Ended))
}

// SaveStep inserts or replaces a step by its operation and number. It returns
// when the step is on the disk; its operation must have been saved before.
func (s *Store) SaveStep(ctx context.Context, r ops.StepRecord) error {
	return s.put(ctx, fmt.Sprintf("save step %d of operation %s", r.Seq, r.Op), `
		INSERT INTO step (op, seq, node, title, do_text, undo_text, state, digest, reason, started, ended)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
		ON CONFLICT (op, seq) DO UPDATE SET
			node = excluded.node, title = excluded.title, do_text = excluded.do_text,
			undo_text = excluded.undo_text, state = excluded.state, digest = excluded.digest,
			reason = excluded.reason, started = excluded.started, ended = excluded.ended`,
		clean(r.Op), r.Seq, clean(r.Node), clean(r.Title), clean(r.Do), clean(r.Undo), string(r.State),
		r.Digest, clean(r.Reason), nanos(r.Started), nanos(r.Ended))
}

// RequestCancel notes that actor wants a running operation to stop before its
// next step; the first who asks is remembered. The code is Invalid when there
// is no such operation or nothing is left to stop.
func (s *Store) RequestCancel(ctx context.Context, id, actor string) error {
	return s.change(ctx, "cancel operation "+id, func(tx *sql.Tx) error {
		op, err := operation(tx.QueryRowContext(ctx, selectOperation+` WHERE id = $1`, id), id)
		switch {
		case err != nil:
			return err
		case op.State == ops.Undoing:
			return ops.Errorf(ops.Invalid, "history", "Operation %s has failed and is being undone, so there is nothing left to cancel.", id)
		case !op.Ended.IsZero() || op.State != ops.Pending && op.State != ops.Running:
			return ops.Errorf(ops.Invalid, "history", "Operation %s has ended already (%s), so there is nothing left to cancel.", id, op.State)
		}
		_, err = tx.ExecContext(ctx, `UPDATE operation SET cancel_by = $1 WHERE id = $2 AND cancel_by = ''`, clean(actor), id)
		return err
	})
}

// CancelRequested says who asked an operation to stop; "" when nobody did.
// The code is Invalid when there is no such operation.
func (s *Store) CancelRequested(ctx context.Context, id string) (by string, err error) {
	err = s.read.QueryRowContext(ctx, `SELECT cancel_by FROM operation WHERE id = $1`, id).Scan(&by)
	if err == sql.ErrNoRows { //nolint:errorlint // Scan returns it bare
		return "", noOperation(id)
	}
	return by, s.explain("look for a cancellation of operation "+id, err)
}

// clean keeps text that every SQL database takes: PostgreSQL refuses NUL and
// bytes that are not UTF-8, and the output of tools may hold both.
func clean(s string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\x00", "\uFFFD")
}
