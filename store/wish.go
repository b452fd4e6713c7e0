package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"

	"vmqbot/alerts"
)

// AddWish keeps what a person told the watch, behind everything before.
func (s *Store) AddWish(ctx context.Context, w alerts.Wish) error {
	body, err := json.Marshal(w)
	if err != nil {
		return fmt.Errorf("writing a wish: %w", err)
	}
	return s.change(ctx, "keep what the watch was told", func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `INSERT INTO wish (seq, body) SELECT coalesce(max(seq), 0) + 1, $1 FROM wish`, clean(string(body)))
		return err
	})
}

// Wishes are all of them, in the order in which they were said.
func (s *Store) Wishes(ctx context.Context) ([]alerts.Wish, error) {
	return list(ctx, s, "read what the watch was told", `SELECT seq, body FROM wish ORDER BY seq`, nil, func(r row) (w alerts.Wish, err error) {
		var text string
		var seq int64
		if err := r.Scan(&seq, &text); err != nil {
			return w, err
		}
		if err := json.Unmarshal([]byte(text), &w); err != nil {
			return w, fmt.Errorf("line %d of what the watch was told cannot be read: %w", seq, err)
		}
		return w, nil
	})
}
