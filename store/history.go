package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"vmqbot/ops"
)

const selectOperation = `SELECT id, actor, line, locks, plan_hash, plan_text, state, reason, remarks, created, ended FROM operation`

// Operation returns one operation; the code is Invalid when there is none.
func (s *Store) Operation(ctx context.Context, id string) (ops.Operation, error) {
	op, err := operation(s.read.QueryRowContext(ctx, selectOperation+` WHERE id = $1`, id), id)
	return op, s.explain("read operation "+id, err)
}

// Operations returns the newest operations first, at most limit of them.
func (s *Store) Operations(ctx context.Context, limit int) ([]ops.Operation, error) {
	return list(ctx, s, "read the history", selectOperation+` ORDER BY created DESC, id DESC LIMIT $1`, []any{max(limit, 0)},
		func(row row) (ops.Operation, error) { return operation(row, "") })
}

// Steps returns the steps of an operation in their order; none when nothing
// was done.
func (s *Store) Steps(ctx context.Context, op string) ([]ops.StepRecord, error) {
	return list(ctx, s, "read the steps of operation "+op,
		`SELECT op, seq, node, title, do_text, undo_text, state, digest, reason, started, ended
		 FROM step WHERE op = $1 ORDER BY seq`, []any{op}, step)
}

// row is one line of an answer: sql.Row and sql.Rows.
type row interface{ Scan(into ...any) error }

func operation(r row, id string) (ops.Operation, error) {
	var op ops.Operation
	var locks, remarks string
	var created, ended int64
	err := r.Scan(&op.ID, &op.Actor, &op.Line, &locks, &op.PlanHash, &op.Plan, &op.State, &op.Reason, &remarks, &created, &ended)
	if errors.Is(err, sql.ErrNoRows) {
		return op, noOperation(id)
	}
	if err != nil {
		return op, err
	}
	op.Created, op.Ended = instant(created), instant(ended)
	if err := json.Unmarshal([]byte(locks), &op.Locks); err != nil {
		return op, fmt.Errorf("the locks of operation %s are not a list: %w", op.ID, err)
	}
	if err := json.Unmarshal([]byte(remarks), &op.Remarks); err != nil {
		return op, fmt.Errorf("the remarks of operation %s are not a list: %w", op.ID, err)
	}
	return op, nil
}

func step(r row) (ops.StepRecord, error) {
	var s ops.StepRecord
	var started, ended int64
	err := r.Scan(&s.Op, &s.Seq, &s.Node, &s.Title, &s.Do, &s.Undo, &s.State, &s.Digest, &s.Reason, &started, &ended)
	s.Started, s.Ended = instant(started), instant(ended)
	return s, err
}

// list reads every line of an answer.
func list[T any](ctx context.Context, s *Store, doing, query string, args []any, read func(row) (T, error)) ([]T, error) {
	rows, err := s.read.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, s.explain(doing, err)
	}
	defer rows.Close() //nolint:errcheck // rows.Err below has the reason
	var all []T
	for rows.Next() {
		one, err := read(rows)
		if err != nil {
			return nil, s.explain(doing, err)
		}
		all = append(all, one)
	}
	return all, s.explain(doing, rows.Err())
}

func noOperation(id string) error {
	return ops.Errorf(ops.Invalid, "history", "There is no operation %q.", id)
}
