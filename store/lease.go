package store

import (
	"context"
	"database/sql"
	"errors"

	"vmqbot/ops"
)

// Acquire takes a lease that is free or has expired, for l.TTL from now. While
// it runs, whoever asks gets an *ops.Held, also the same holder: one process
// may work for several people, and only one of them at a time on one region.
func (s *Store) Acquire(ctx context.Context, l ops.Lease) (ops.Lease, error) {
	if l.Name == "" || l.Holder == "" || l.TTL <= 0 {
		return ops.Lease{}, ops.Errorf(ops.Invalid, "", "A lease needs a name, a holder and a time to live, and this has %q, %q and %s.",
			l.Name, l.Holder, l.TTL)
	}
	l.Since = s.clock.Now()
	l.Expires = l.Since.Add(l.TTL)
	err := s.change(ctx, "lock "+l.Name, func(tx *sql.Tx) error {
		// One statement decides; the epoch grows with every new holder.
		err := tx.QueryRowContext(ctx, `
			INSERT INTO lease (name, holder, reason, since, expires, epoch) VALUES ($1, $2, $3, $4, $5, 1)
			ON CONFLICT (name) DO UPDATE SET
				holder = excluded.holder, reason = excluded.reason, since = excluded.since,
				expires = excluded.expires, epoch = lease.epoch + 1
			WHERE lease.expires <= excluded.since
			RETURNING epoch`,
			clean(l.Name), clean(l.Holder), clean(l.Reason), nanos(l.Since), nanos(l.Expires)).Scan(&l.Epoch)
		if !errors.Is(err, sql.ErrNoRows) {
			return err
		}
		other, err := leaseOf(tx.QueryRowContext(ctx, selectLease, l.Name))
		if err != nil {
			return err
		}
		return &ops.Held{Lease: other}
	})
	if err != nil {
		return ops.Lease{}, err
	}
	return l, nil
}

// Renew lets a lease run for another l.TTL from now. The code is Refused when
// it has expired or another holder has it: what it protected must stop.
func (s *Store) Renew(ctx context.Context, l ops.Lease) (ops.Lease, error) {
	now := s.clock.Now()
	l.Expires = now.Add(l.TTL)
	err := s.change(ctx, "renew the lock "+l.Name, func(tx *sql.Tx) error {
		done, err := tx.ExecContext(ctx, `
			UPDATE lease SET expires = $1 WHERE name = $2 AND holder = $3 AND epoch = $4 AND expires > $5`,
			nanos(l.Expires), l.Name, clean(l.Holder), l.Epoch, nanos(now))
		if err != nil {
			return err
		}
		if n, err := done.RowsAffected(); err != nil || n == 1 {
			return err
		}
		return lost(l, tx.QueryRowContext(ctx, selectLease, l.Name))
	})
	if err != nil {
		return ops.Lease{}, err
	}
	return l, nil
}

// Check tells whether a lease is still ours; the code is Refused when not.
func (s *Store) Check(ctx context.Context, l ops.Lease) error {
	row := s.read.QueryRowContext(ctx, selectLease+` AND holder = $2 AND epoch = $3 AND expires > $4`,
		l.Name, clean(l.Holder), l.Epoch, nanos(s.clock.Now()))
	_, err := leaseOf(row)
	if errors.Is(err, sql.ErrNoRows) {
		err = lost(l, s.read.QueryRowContext(ctx, selectLease, l.Name))
	}
	return s.explain("look at the lock "+l.Name, err)
}

// Release gives a lease back at once. Releasing one that is no longer ours
// does nothing.
func (s *Store) Release(ctx context.Context, l ops.Lease) error {
	return s.put(ctx, "release the lock "+l.Name, `
		UPDATE lease SET holder = '', reason = '', expires = 0 WHERE name = $1 AND holder = $2 AND epoch = $3`,
		l.Name, clean(l.Holder), l.Epoch)
}

const selectLease = `SELECT name, holder, reason, since, expires, epoch FROM lease WHERE name = $1`

func leaseOf(r row) (ops.Lease, error) {
	var l ops.Lease
	var since, expires int64
	err := r.Scan(&l.Name, &l.Holder, &l.Reason, &since, &expires, &l.Epoch)
	l.Since, l.Expires = instant(since), instant(expires)
	l.TTL = l.Expires.Sub(l.Since)
	return l, err
}

// lost says what became of a lease that is no longer ours.
func lost(l ops.Lease, found row) error {
	now, err := leaseOf(found)
	refuse := func(format string, args ...any) error { return ops.Errorf(ops.Refused, "history", format, args...) }
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return refuse("The lock %s was never taken in this store.", l.Name)
	case err != nil:
		return err
	case now.Epoch == l.Epoch && now.Holder == l.Holder:
		return refuse("The lock %s of %s expired at %s UTC.", l.Name, l.Holder, now.Expires.Format("15:04:05"))
	case now.Holder == "":
		return refuse("The lock %s is no longer held by %s: it was released.", l.Name, l.Holder)
	default:
		return refuse("The lock %s is no longer held by %s: %s took it (%s) at %s UTC.",
			l.Name, l.Holder, now.Holder, now.Reason, now.Since.Format("15:04:05"))
	}
}
