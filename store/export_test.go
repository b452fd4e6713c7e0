package store

import (
	"database/sql"
	"io/fs"

	"vmqbot/ops"
)

// On is a store on another database than SQLite, whose tables are there.
func On(write, read *sql.DB, clock ops.Clock) *Store {
	return &Store{path: "elsewhere", clock: clock, write: write, read: read}
}

// Migrations are those of SQLite.
func Migrations() (fs.FS, error) { return fs.Sub(migrations, "migrations/sqlite") }
