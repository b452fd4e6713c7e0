package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"vmqbot/ops"
)

const selectApproval = `
	SELECT id, op, actor, requester, line, plan_hash, plan_text, needs, votes, state, by_whom, why, break_glass,
	       card, created, expires, ended, version
	FROM approval`

// AddApproval keeps a new approval; its id must be new.
func (s *Store) AddApproval(ctx context.Context, a ops.Approval) error {
	requester, needs, votes, err := lists(a)
	if err != nil {
		return err
	}
	return s.put(ctx, "keep a request for approval", `
		INSERT INTO approval (id, op, actor, requester, line, plan_hash, plan_text, needs, votes, state, by_whom, why,
			break_glass, card, created, expires, ended, version)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)`,
		clean(a.ID), clean(a.Op), clean(a.Actor), requester, clean(a.Line), a.PlanHash, clean(a.Plan), needs, votes,
		string(a.State), clean(a.By), clean(a.Why), yes(a.BreakGlass), clean(a.Card),
		nanos(a.Created), nanos(a.Expires), nanos(a.Ended), a.Version)
}

// Approval returns one; the code is Invalid when there is none.
func (s *Store) Approval(ctx context.Context, id string) (ops.Approval, error) {
	a, err := approval(s.read.QueryRowContext(ctx, selectApproval+` WHERE id = $1`, clean(id)))
	if errors.Is(err, sql.ErrNoRows) {
		return a, ops.Errorf(ops.Invalid, "history", "There is no such request for approval in this store; nothing was done.")
	}
	return a, s.explain("read a request for approval", err)
}

// SwapApproval writes what a decision changes, if nobody wrote since the
// version before. What was asked is never written again.
func (s *Store) SwapApproval(ctx context.Context, a ops.Approval) (won bool, err error) {
	_, _, votes, err := lists(a)
	if err != nil {
		return false, err
	}
	err = s.change(ctx, "decide a request for approval", func(tx *sql.Tx) error {
		done, err := tx.ExecContext(ctx, `
			UPDATE approval SET votes = $1, state = $2, by_whom = $3, why = $4, break_glass = $5, card = $6, ended = $7, version = $8
			WHERE id = $9 AND version = $10`,
			votes, string(a.State), clean(a.By), clean(a.Why), yes(a.BreakGlass), clean(a.Card), nanos(a.Ended), a.Version,
			clean(a.ID), a.Version-1)
		if err != nil {
			return err
		}
		n, err := done.RowsAffected()
		won = n == 1
		return err
	})
	return won && err == nil, err
}

// WaitingApprovals returns those that are open, and those that were granted
// and whose operation has not ended, oldest first.
func (s *Store) WaitingApprovals(ctx context.Context) ([]ops.Approval, error) {
	return list(ctx, s, "read what waits for approval", selectApproval+` WHERE state IN ($1, $2) ORDER BY created, id`,
		[]any{string(ops.Open), string(ops.Granted)}, approval)
}

func lists(a ops.Approval) (requester, needs, votes string, err error) {
	var out [3]string
	for i, v := range []any{a.Requester, a.Needs, a.Votes} {
		b, err := json.Marshal(v)
		if err != nil {
			return "", "", "", fmt.Errorf("writing a request for approval: %w", err)
		}
		out[i] = clean(string(b))
	}
	return out[0], out[1], out[2], nil
}

func approval(r row) (ops.Approval, error) {
	var a ops.Approval
	var requester, needs, votes string
	var glass, created, expires, ended int64
	err := r.Scan(&a.ID, &a.Op, &a.Actor, &requester, &a.Line, &a.PlanHash, &a.Plan, &needs, &votes, &a.State, &a.By, &a.Why, &glass,
		&a.Card, &created, &expires, &ended, &a.Version)
	if err != nil {
		return a, err
	}
	a.BreakGlass, a.Created, a.Expires, a.Ended = glass == 1, instant(created), instant(expires), instant(ended)
	return a, errors.Join(json.Unmarshal([]byte(requester), &a.Requester), json.Unmarshal([]byte(needs), &a.Needs), json.Unmarshal([]byte(votes), &a.Votes))
}

func yes(b bool) int {
	if b {
		return 1
	}
	return 0
}

// Claim tells whether a key is named for the first time within keep. Keys
// whose time is over are forgotten on the way.
func (s *Store) Claim(ctx context.Context, key string, keep time.Duration) (first bool, err error) {
	now := s.clock.Now()
	err = s.change(ctx, "look whether this was begun already", func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, `DELETE FROM begun WHERE until <= $1`, nanos(now)); err != nil {
			return err
		}
		done, err := tx.ExecContext(ctx, `INSERT INTO begun (name, until) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING`,
			clean(key), nanos(now.Add(keep)))
		if err != nil {
			return err
		}
		n, err := done.RowsAffected()
		first = n == 1
		return err
	})
	return first && err == nil, err
}
