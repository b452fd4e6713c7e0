// Package store remembers: the journal of operations and their steps, the
// audit with its hash chain, consent that is waited for, the leases, alerts and
// what must still be said of them. It keeps them in one SQLite file that
// several processes may share; leases decide who may write about what.
package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"vmqbot/ops"
)

// openTimeout bounds Open for callers without a deadline of their own. It is
// longer than busyTimeout, so that a busy file is reported as busy.
const openTimeout = 15 * time.Second

// readers is how many questions are answered at once; writes go one by one.
const readers = 4

// Store is an open file. It implements every port of ops that remembers, and
// may be used by any number of goroutines.
type Store struct {
	path  string
	clock ops.Clock
	write *sql.DB // one connection: SQLite has one writer, and waiting in Go is fair
	read  *sql.DB
}

var (
	_ ops.Journal   = (*Store)(nil)
	_ ops.History   = (*Store)(nil)
	_ ops.Audit     = (*Store)(nil)
	_ ops.AuditLog  = (*Store)(nil)
	_ ops.Approvals = (*Store)(nil)
	_ ops.Keys      = (*Store)(nil)
	_ ops.Leases    = (*Store)(nil)
	_ ops.Wishes    = (*Store)(nil)
	_ ops.AlertBook = (*Store)(nil)
)

// Open opens the file at path, makes it and its folder when they are missing
// (for their owner only), and brings its tables up to date. A leading ~ is not
// expanded. The clock decides when leases expire; every process that shares
// the file must live on one machine, and so on one clock. The error is an
// *ops.Error for everything that a person can mend.
func Open(ctx context.Context, path string, clock ops.Clock) (*Store, error) {
	ctx, cancel := context.WithTimeout(ctx, openTimeout)
	defer cancel()
	if err := prepare(path); err != nil {
		return nil, err
	}
	s := &Store{path: path, clock: clock}
	unlock, err := lockFile(ctx, path+".lock")
	if err != nil {
		return nil, err
	}
	defer unlock()
	if err := s.connect(); err != nil {
		return nil, err
	}
	if err := s.migrate(ctx); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

// connect makes both pools; nothing is opened before the first statement.
func (s *Store) connect() (err error) {
	if s.write, err = sql.Open("sqlite", dsn(s.path, "_txlock=immediate")); err != nil {
		return fmt.Errorf("preparing %s for writing: %w", s.path, err)
	}
	s.write.SetMaxOpenConns(1)
	if s.read, err = sql.Open("sqlite", dsn(s.path, "_pragma=query_only(1)")); err != nil {
		return fmt.Errorf("preparing %s for reading: %w", s.path, err)
	}
	s.read.SetMaxOpenConns(readers)
	return nil
}

// Close ends all connections; the last process to close a file folds its
// write-ahead log into it.
func (s *Store) Close() error {
	if err := errors.Join(s.read.Close(), s.write.Close()); err != nil {
		return fmt.Errorf("closing %s: %w", s.path, err)
	}
	return nil
}

// put runs one statement, which is its own transaction: on the disk when put
// returns.
func (s *Store) put(ctx context.Context, doing, statement string, args ...any) error {
	_, err := s.write.ExecContext(ctx, statement, args...)
	return s.explain(doing, err)
}

// change runs f in one transaction that holds the writer's lock from its
// start, so that what f reads is still true when it writes.
func (s *Store) change(ctx context.Context, doing string, f func(*sql.Tx) error) error {
	tx, err := s.write.BeginTx(ctx, nil)
	if err != nil {
		return s.explain(doing, err)
	}
	if err := f(tx); err != nil {
		_ = tx.Rollback() // the transaction is gone either way; err says why
		return s.explain(doing, err)
	}
	return s.explain(doing, tx.Commit())
}

// nanos is an instant as the tables hold it.
func nanos(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixNano()
}

// instant is the reverse of nanos, in UTC.
func instant(n int64) time.Time {
	if n == 0 {
		return time.Time{}
	}
	return time.Unix(0, n).UTC()
}
