package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"

	"vmqbot/alerts"
)

// enqueue puts what must be said behind what waits already.
func enqueue(ctx context.Context, tx *sql.Tx, says []alerts.Say) error {
	if len(says) == 0 {
		return nil
	}
	var last int64
	if err := tx.QueryRowContext(ctx, `SELECT coalesce(max(seq), 0) FROM outbox`).Scan(&last); err != nil {
		return err
	}
	for i, say := range says {
		body, err := json.Marshal(say)
		if err != nil {
			return fmt.Errorf("writing what must be said: %w", err)
		}
		if _, err := tx.ExecContext(ctx, `INSERT INTO outbox (seq, body) VALUES ($1, $2)`, last+int64(i)+1, clean(string(body))); err != nil {
			return err
		}
	}
	return nil
}

// Unsaid is what must still be said, oldest first, each with the place where
// its group's message stands by now.
func (s *Store) Unsaid(ctx context.Context) ([]alerts.Say, error) {
	says, err := list(ctx, s, "read what must be said", `SELECT seq, body FROM outbox ORDER BY seq`, nil, func(r row) (say alerts.Say, err error) {
		var text string
		var seq int64
		if err := r.Scan(&seq, &text); err != nil {
			return say, err
		}
		if err := json.Unmarshal([]byte(text), &say); err != nil {
			return say, fmt.Errorf("line %d of the outbox cannot be read: %w", seq, err)
		}
		say.Seq = seq
		return say, nil
	})
	if err != nil || len(says) == 0 {
		return says, err
	}
	type place struct {
		group   string
		episode int
		ref     string
	}
	places, err := list(ctx, s, "read where messages stand", `SELECT name, episode, ref FROM message`, nil, func(r row) (p place, err error) {
		return p, r.Scan(&p.group, &p.episode, &p.ref)
	})
	for i := range says {
		for _, p := range places {
			if p.group == says[i].Group && p.episode == says[i].Episode {
				says[i].Ref = p.ref
			}
		}
	}
	return says, err
}

// Said takes one thing out of what must be said; for a post it keeps where the
// message stands, in the same step.
func (s *Store) Said(ctx context.Context, say alerts.Say, ref string) error {
	return s.change(ctx, "note what was said", func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, `DELETE FROM outbox WHERE seq = $1`, say.Seq); err != nil {
			return err
		}
		if say.Op != alerts.Post && (ref == "" || ref == say.Ref) {
			return nil
		}
		_, err := tx.ExecContext(ctx, `INSERT INTO message (name, episode, ref) VALUES ($1, $2, $3)
			ON CONFLICT (name, episode) DO UPDATE SET ref = excluded.ref`, clean(say.Group), say.Episode, clean(ref))
		return err
	})
}
