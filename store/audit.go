package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"io"

	"vmqbot/ops"
)

// Append adds one line to the audit. Seq, PrevHash and Hash are set here,
// under the writer's lock, so that processes cannot fork the chain; an At of
// zero becomes now.
func (s *Store) Append(ctx context.Context, e ops.AuditEvent) error {
	if e.At.IsZero() {
		e.At = s.clock.Now()
	}
	e.Op, e.Actor, e.Type, e.Detail = clean(e.Op), clean(e.Actor), clean(e.Type), clean(e.Detail)
	return s.change(ctx, "add to the audit", func(tx *sql.Tx) error {
		last, err := lastLine(tx.QueryRowContext(ctx, selectLast))
		if err != nil {
			return err
		}
		e.Seq, e.PrevHash = last.Seq+1, last.Hash
		e.Hash = hashOf(e)
		_, err = tx.ExecContext(ctx, `
			INSERT INTO event (seq, op, at, actor, type, detail, prev_hash, hash)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
			e.Seq, e.Op, nanos(e.At), e.Actor, e.Type, e.Detail, e.PrevHash, e.Hash)
		return err
	})
}

// VerifyChain walks the audit from its first line and returns how many lines
// are as they were written. The error names the first line that was changed,
// moved or removed. Lines that were cut off the end leave no trace in the
// file: keep what Head said elsewhere, and compare it.
func (s *Store) VerifyChain(ctx context.Context) (lines int64, err error) {
	const doing = "read the audit"
	rows, err := s.read.QueryContext(ctx, `SELECT seq, op, at, actor, type, detail, prev_hash, hash FROM event ORDER BY seq`)
	if err != nil {
		return 0, s.explain(doing, err)
	}
	defer rows.Close() //nolint:errcheck // rows.Err below has the reason
	var prev ops.AuditEvent
	for rows.Next() {
		var e ops.AuditEvent
		var at int64
		if err := rows.Scan(&e.Seq, &e.Op, &at, &e.Actor, &e.Type, &e.Detail, &e.PrevHash, &e.Hash); err != nil {
			return lines, s.explain(doing, err)
		}
		e.At = instant(at)
		if err := s.follows(prev, e); err != nil {
			return lines, err
		}
		prev = e
		lines++
	}
	return lines, s.explain(doing, rows.Err())
}

// Events returns the newest lines first, at most limit of them; op "" is all
// operations.
func (s *Store) Events(ctx context.Context, limit int, op string) ([]ops.AuditEvent, error) {
	return list(ctx, s, "read the audit", `
		SELECT seq, op, at, actor, type, detail, prev_hash, hash FROM event
		WHERE $1 = '' OR op = $1 ORDER BY seq DESC LIMIT $2`, []any{clean(op), max(limit, 0)},
		func(r row) (e ops.AuditEvent, err error) {
			var at int64
			err = r.Scan(&e.Seq, &e.Op, &at, &e.Actor, &e.Type, &e.Detail, &e.PrevHash, &e.Hash)
			e.At = instant(at)
			return e, err
		})
}

// Head returns the number and the hash of the last line of the audit, 0 and
// "" when it is empty. Whoever keeps them elsewhere can tell later whether
// lines were cut off the end.
func (s *Store) Head(ctx context.Context) (seq int64, hash string, err error) {
	last, err := lastLine(s.read.QueryRowContext(ctx, selectLast))
	return last.Seq, last.Hash, s.explain("read the end of the audit", err)
}

const selectLast = `SELECT seq, hash FROM event ORDER BY seq DESC LIMIT 1`

func lastLine(r row) (e ops.AuditEvent, err error) {
	if err = r.Scan(&e.Seq, &e.Hash); errors.Is(err, sql.ErrNoRows) {
		return ops.AuditEvent{}, nil
	}
	return e, err
}

// follows tells whether e is the untouched line after prev.
func (s *Store) follows(prev, e ops.AuditEvent) error {
	const mend = "compare the file with a backup"
	switch want := prev.Seq + 1; {
	case e.Seq != want:
		return ops.Errorf(ops.Failed, "", "The audit in %s has lost line %d: line %d comes after line %d; %s.", s.path, want, e.Seq, prev.Seq, mend)
	case e.PrevHash != prev.Hash:
		return ops.Errorf(ops.Failed, "", "Line %d of the audit in %s does not follow line %d: one of them was changed after it was written; %s.",
			e.Seq, s.path, prev.Seq, mend)
	case e.Hash != hashOf(e):
		return ops.Errorf(ops.Failed, "", "Line %d of the audit in %s was changed after it was written; %s.", e.Seq, s.path, mend)
	}
	return nil
}

// hashOf is the SHA-256, in hexadecimal, over the hash of the line before and
// every field, each with its length before it so that text cannot move from
// one field to the next unseen.
func hashOf(e ops.AuditEvent) string {
	h := sha256.New()
	for _, field := range []string{
		"vmqbot audit 1", e.PrevHash, fmt.Sprint(e.Seq), fmt.Sprint(nanos(e.At)), e.Op, e.Actor, e.Type, e.Detail,
	} {
		_, _ = io.WriteString(h, fmt.Sprintf("%d:%s", len(field), field)) // a hash never fails
	}
	return hex.EncodeToString(h.Sum(nil))
}
