package store

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"

	"github.com/pressly/goose/v3"

	"vmqbot/ops"
)

// One folder per dialect. What another word is needed for in PostgreSQL
// dialect_test.go says, and runs it there.
//
//go:embed migrations/sqlite/*.sql
var migrations embed.FS

// migrate brings the tables up to date. The caller holds the lock file.
func (s *Store) migrate(ctx context.Context) error {
	dir, err := fs.Sub(migrations, "migrations/sqlite")
	if err != nil {
		return fmt.Errorf("finding the migrations: %w", err)
	}
	p, err := goose.NewProvider(goose.DialectSQLite3, s.write, dir, goose.WithDisableGlobalRegistry(true))
	if err != nil {
		return fmt.Errorf("reading the migrations: %w", err)
	}
	if err := s.readable(ctx); err != nil {
		return err
	}
	have, want, err := p.GetVersions(ctx)
	if err != nil {
		return s.explain("read the version of the tables", err)
	}
	if have > want {
		return ops.Errorf(ops.Failed, "version",
			"The store %s was written by a newer vmqbot: its tables are version %d and this program knows %d; use the newer program.",
			s.path, have, want)
	}
	if have == want {
		return nil
	}
	_, err = p.Up(ctx)
	return s.explain("bring the tables up to date", err)
}

// readable looks at the table of versions before goose does, which takes a
// damaged one for a missing one. A new file has none yet, and that is fine.
func (s *Store) readable(ctx context.Context) error {
	var n int
	err := s.write.QueryRowContext(ctx, `SELECT count(*) FROM goose_db_version`).Scan(&n)
	if known := (*ops.Error)(nil); errors.As(s.explain("read the version of the tables", err), &known) {
		return known
	}
	return nil
}
