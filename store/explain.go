package store

import (
	"context"
	"errors"
	"fmt"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"vmqbot/ops"
)

// meanings are the troubles of a file that a person can mend, by SQLite's
// primary result code.
var meanings = map[int]string{
	sqlite3.SQLITE_BUSY:     "another process has held it for more than 5 s; try again, or look for a vmqbot that hangs.",
	sqlite3.SQLITE_LOCKED:   "another statement holds it; try again.",
	sqlite3.SQLITE_READONLY: "it may not be written to; give this user the right to write to the file and its folder.",
	sqlite3.SQLITE_PERM:     "it may not be opened; give this user the right to write to the file and its folder.",
	sqlite3.SQLITE_CANTOPEN: "it cannot be opened; look whether the file and its folder are still there.",
	sqlite3.SQLITE_FULL:     "the disk is full; make room and try again.",
	sqlite3.SQLITE_IOERR:    "the disk reports an error; look at the kernel's log.",
	sqlite3.SQLITE_CORRUPT:  "its content is damaged; move it away and put a backup in its place.",
	sqlite3.SQLITE_NOTADB:   "it is not an SQLite database; write the path of another file into store: of the fleet file.",
}

// explain turns what SQLite said into a sentence. Errors that are sentences
// already, and those of the caller's context, pass as they are.
func (s *Store) explain(doing string, err error) error {
	var known *ops.Error
	var held *ops.Held
	switch {
	case err == nil:
		return nil
	case errors.As(err, &known), errors.As(err, &held):
		return err
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return fmt.Errorf("the store was given no time to %s: %w", doing, err)
	}
	if e := (*sqlite.Error)(nil); errors.As(err, &e) {
		if meaning, ok := meanings[e.Code()&0xff]; ok {
			return &ops.Error{
				Code: ops.Failed, Cause: err,
				Msg: fmt.Sprintf("The store %s cannot %s: %s", s.path, doing, meaning),
			}
		}
	}
	return fmt.Errorf("the store %s cannot %s: %w", s.path, doing, err)
}
