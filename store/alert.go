package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"

	"vmqbot/alerts"
)

// Book reads everything that the watch knew when it last kept a turn.
func (s *Store) Book(ctx context.Context) (alerts.Book, error) {
	b := alerts.Book{Alerts: map[alerts.Key]alerts.Alert{}, Sent: map[string]alerts.Sent{}, Tries: map[string][]alerts.Try{}}
	known, err := bodies[alerts.Alert](ctx, s, "alert")
	if err != nil {
		return b, err
	}
	for _, a := range known {
		b.Alerts[a.Key] = a
	}
	if b.Sent, err = bodies[alerts.Sent](ctx, s, "told"); err != nil {
		return b, err
	}
	if b.Tries, err = bodies[[]alerts.Try](ctx, s, "attempt"); err != nil {
		return b, err
	}
	var last int64
	err = s.read.QueryRowContext(ctx, `SELECT last FROM storm WHERE name = 'storm'`).Scan(&last)
	if err == nil {
		b.Stormy = instant(last)
	} else if !errors.Is(err, sql.ErrNoRows) {
		return b, s.explain("read when too much was bad at once", err)
	}
	return b, nil
}

// bodies reads one of the tables of name and body.
func bodies[T any](ctx context.Context, s *Store, table string) (map[string]T, error) {
	type named struct {
		name string
		body T
	}
	all, err := list(ctx, s, "read the table "+table, `SELECT name, body FROM `+table, nil, func(r row) (n named, err error) {
		var text string
		if err := r.Scan(&n.name, &text); err != nil {
			return n, err
		}
		if err := json.Unmarshal([]byte(text), &n.body); err != nil {
			return n, fmt.Errorf("the line %q of %s cannot be read: %w", n.name, table, err)
		}
		return n, nil
	})
	found := map[string]T{}
	for _, n := range all {
		found[n.name] = n.body
	}
	return found, err
}

// SaveTurn keeps what one turn changed and what must be said of it, all or
// nothing.
func (s *Store) SaveTurn(ctx context.Context, before, after alerts.Book, says []alerts.Say) error {
	return s.change(ctx, "keep what the watch saw", func(tx *sql.Tx) error {
		return errors.Join(
			differs(ctx, tx, "alert", named(before.Alerts), named(after.Alerts)),
			differs(ctx, tx, "told", before.Sent, after.Sent),
			differs(ctx, tx, "attempt", before.Tries, after.Tries),
			stormy(ctx, tx, before, after),
			enqueue(ctx, tx, says))
	})
}

func named(all map[alerts.Key]alerts.Alert) map[string]alerts.Alert {
	out := make(map[string]alerts.Alert, len(all))
	for k, a := range all {
		out[k.String()] = a
	}
	return out
}

// differs writes what is new or other, and removes what is no more.
func differs[T any](ctx context.Context, tx *sql.Tx, table string, before, after map[string]T) error {
	put, err := tx.PrepareContext(ctx, `INSERT INTO `+table+` (name, body) VALUES ($1, $2)
		ON CONFLICT (name) DO UPDATE SET body = excluded.body`) // in a storm there are thousands
	if err != nil {
		return err
	}
	defer put.Close() //nolint:errcheck // the transaction ends it
	for name, v := range after {
		if was, had := before[name]; had && reflect.DeepEqual(was, v) {
			continue
		}
		body, err := json.Marshal(v)
		if err != nil {
			return fmt.Errorf("writing %s of %s: %w", table, name, err)
		}
		if _, err := put.ExecContext(ctx, clean(name), clean(string(body))); err != nil {
			return err
		}
	}
	for name := range before {
		if _, is := after[name]; is {
			continue
		}
		if _, err := tx.ExecContext(ctx, `DELETE FROM `+table+` WHERE name = $1`, clean(name)); err != nil {
			return err
		}
	}
	return nil
}

func stormy(ctx context.Context, tx *sql.Tx, before, after alerts.Book) error {
	if before.Stormy.Equal(after.Stormy) {
		return nil
	}
	_, err := tx.ExecContext(ctx, `INSERT INTO storm (name, last) VALUES ('storm', $1)
		ON CONFLICT (name) DO UPDATE SET last = excluded.last`, nanos(after.Stormy))
	return err
}
