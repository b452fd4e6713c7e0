package store

import (
	"context"
	"database/sql"
	"errors"

	"vmqbot/ops"
)

// Holder tells who holds a lease now, and takes nothing.
func (s *Store) Holder(ctx context.Context, name string) (ops.Lease, bool, error) {
	l, err := leaseOf(s.read.QueryRowContext(ctx, selectLease+` AND expires > $2`, clean(name), nanos(s.clock.Now())))
	if errors.Is(err, sql.ErrNoRows) {
		return ops.Lease{}, false, nil
	}
	return l, err == nil, s.explain("look at the lock "+name, err)
}
