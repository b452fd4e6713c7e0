package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"slices"

	"vmqbot/alerts"
)

// Doors names all who hear what is said. A new one goes on counting where the
// furthest of the others is, so that no number is ever given twice.
func (s *Store) Doors(ctx context.Context, names ...string) error {
	known, err := list(ctx, s, "read who hears alerts", `SELECT name FROM door`, nil, func(r row) (name string, err error) {
		return name, r.Scan(&name)
	})
	if err != nil {
		return err
	}
	return s.change(ctx, "note who hears alerts", func(tx *sql.Tx) error {
		for _, name := range names {
			if slices.Contains(known, name) {
				continue
			}
			if _, err := tx.ExecContext(ctx, `INSERT INTO door (name, last) SELECT $1, coalesce(max(last), 0) FROM door`, clean(name)); err != nil {
				return err
			}
		}
		for _, name := range known {
			if slices.Contains(names, name) {
				continue
			}
			for _, gone := range []string{`DELETE FROM outbox WHERE door = $1`, `DELETE FROM message WHERE door = $1`, `DELETE FROM door WHERE name = $1`} {
				if _, err := tx.ExecContext(ctx, gone, name); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

// enqueue puts what must be said behind what waits already, for every door.
func enqueue(ctx context.Context, tx *sql.Tx, says []alerts.Say) error {
	for _, say := range says {
		body, err := json.Marshal(say)
		if err != nil {
			return fmt.Errorf("writing what must be said: %w", err)
		}
		if _, err := tx.ExecContext(ctx, `UPDATE door SET last = last + 1`); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `INSERT INTO outbox (door, seq, body) SELECT name, last, $1 FROM door`, clean(string(body))); err != nil {
			return err
		}
	}
	return nil
}

// Unsaid is what a door must still say, oldest first, each with the place where
// its group's message stands there by now.
func (s *Store) Unsaid(ctx context.Context, door string) ([]alerts.Say, error) {
	says, err := list(ctx, s, "read what must be said", `SELECT seq, body FROM outbox WHERE door = $1 ORDER BY seq`, []any{door}, func(r row) (say alerts.Say, err error) {
		var text string
		var seq int64
		if err := r.Scan(&seq, &text); err != nil {
			return say, err
		}
		if err := json.Unmarshal([]byte(text), &say); err != nil {
			return say, fmt.Errorf("line %d of the outbox of %s cannot be read: %w", seq, door, err)
		}
		say.Seq, say.Door = seq, door
		return say, nil
	})
	if err != nil || len(says) == 0 {
		return says, err
	}
	places := map[alerts.Said]string{}
	_, err = list(ctx, s, "read where messages stand", `SELECT name, episode, ref FROM message WHERE door = $1`, []any{door}, func(r row) (m alerts.Said, err error) {
		var ref string
		err = r.Scan(&m.Group, &m.Episode, &ref)
		places[m] = ref
		return m, err
	})
	for i := range says {
		says[i].Ref = places[says[i].Of()]
	}
	return says, err
}

// Said takes one thing out of what its door must say; for a post it keeps
// where the message stands, in the same step.
func (s *Store) Said(ctx context.Context, say alerts.Say, ref string) error {
	return s.change(ctx, "note what was said", func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, `DELETE FROM outbox WHERE door = $1 AND seq = $2`, say.Door, say.Seq); err != nil {
			return err
		}
		if say.Op != alerts.Post && (ref == "" || ref == say.Ref) {
			return nil
		}
		_, err := tx.ExecContext(ctx, `INSERT INTO message (door, name, episode, ref) VALUES ($1, $2, $3, $4)
			ON CONFLICT (door, name, episode) DO UPDATE SET ref = excluded.ref`, say.Door, clean(say.Group), say.Episode, clean(ref))
		return err
	})
}
