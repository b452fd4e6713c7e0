package store_test

import (
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"vmqbot/ops"
	"vmqbot/store"
)

func TestOpenSaysWhatIsWrong(t *testing.T) {
	dir := t.TempDir()
	text := filepath.Join(dir, "notes.txt")
	must(t, os.WriteFile(text, []byte(strings.Repeat("this is not a database\n", 100)), 0o600))
	for name, row := range map[string]struct {
		path string
		code ops.Code
		want string
	}{
		"no path":               {"", ops.Invalid, "The store has no path; write store: ~/.local/state/vmqbot/NAME.db into the fleet file."},
		"a home":                {"~/vmqbot.db", ops.Invalid, "The store ~/vmqbot.db starts with a ~ that nobody expanded; write the path from the root into store: of the fleet file."},
		"a folder":              {dir, ops.Invalid, "The store " + dir + " is a folder; write the path of a file into store: of the fleet file."},
		"a device":              {"/dev/null", ops.Invalid, "The store /dev/null is not a file; write the path of a file into store: of the fleet file."},
		"a folder that is none": {text + "/x.db", ops.Invalid, "The store " + text + "/x.db cannot be opened for writing (not a directory); write a path that you may write to into store: of the fleet file."},
		"not a database":        {text, ops.Failed, "The store " + text + " cannot read the version of the tables: it is not an SQLite database; write the path of another file into store: of the fleet file."},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := store.Open(t.Context(), row.path, newClock())
			says(t, err, row.code, row.want)
			if err != nil && strings.Contains(err.Error(), "\n") {
				t.Errorf("%v is not one sentence", err)
			}
		})
	}
	// The kernel's own folder takes no file, not even from root.
	_, err := store.Open(t.Context(), "/proc/vmqbot.db", newClock())
	says(t, err, ops.Invalid, "The store /proc/vmqbot.db cannot be opened for writing (")
	if got, err := os.ReadFile(text); err != nil || !strings.HasPrefix(string(got), "this is not a database\n") {
		t.Errorf("a file that is no store was changed: %v", err)
	}
}

func TestADamagedFileIsNamed(t *testing.T) {
	path := filepath.Join(t.TempDir(), "vmqbot.db")
	s, err := store.Open(t.Context(), path, newClock())
	must(t, err)
	must(t, s.SaveOperation(t.Context(), reattach("x")))
	must(t, s.Close())
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	must(t, err)
	info, err := f.Stat()
	must(t, err)
	const page = 4096
	if info.Size() < 8*page {
		t.Fatalf("the file has only %d bytes", info.Size())
	}
	_, err = f.WriteAt([]byte(strings.Repeat("damage!!", int(info.Size()-page)/8)), page)
	must(t, errors.Join(err, f.Close()))

	s, err = store.Open(t.Context(), path, newClock())
	if err == nil {
		_, err = s.Operation(t.Context(), "x")
		t.Cleanup(func() { _ = s.Close() })
	}
	says(t, err, ops.Failed, "its content is damaged; move it away and put a backup in its place.")
}

func TestANewerFileIsLeftAlone(t *testing.T) {
	path := filepath.Join(t.TempDir(), "vmqbot.db")
	s, err := store.Open(t.Context(), path, newClock())
	must(t, err)
	must(t, s.Close())
	tamper(t, path, `INSERT INTO goose_db_version (version_id, is_applied) VALUES (99, 1)`)
	_, err = store.Open(t.Context(), path, newClock())
	says(t, err, ops.Failed, "The store "+path+" was written by a newer vmqbot: its tables are version 99 and this program knows 6; use the newer program.")
}

func TestAnOlderFileIsBroughtUpToDate(t *testing.T) {
	path := filepath.Join(t.TempDir(), "vmqbot.db")
	s, err := store.Open(t.Context(), path, newClock())
	must(t, err)
	writeAudit(t, s, 3)
	must(t, s.Close())
	tamper(t, path, `DROP TRIGGER event_is_never_changed; DROP TRIGGER event_is_never_deleted;
		ALTER TABLE operation DROP COLUMN remarks; DROP TABLE approval; DROP TABLE begun;
		DROP TABLE wish; DROP TABLE message; DROP TABLE outbox; DROP TABLE storm; DROP TABLE attempt; DROP TABLE told; DROP TABLE alert; DROP TABLE door; DELETE FROM goose_db_version WHERE version_id > 1`)

	s = open(t, path, newClock())
	if n, err := s.VerifyChain(t.Context()); n != 3 || err != nil {
		t.Errorf("%d lines, %v", n, err)
	}
	db, err := sql.Open("sqlite", "file:"+path)
	must(t, err)
	if _, err := db.ExecContext(t.Context(), `DELETE FROM event`); err == nil {
		t.Error("the second migration was not applied")
	}
	must(t, db.Close())
}

func TestTheFileIsItsOwners(t *testing.T) {
	path := filepath.Join(t.TempDir(), "state", "vmq bot?#%41", "release.db")
	s := open(t, path, newClock())
	must(t, s.SaveOperation(t.Context(), reattach("x")))
	for name, want := range map[string]os.FileMode{"": 0o700, "release.db": 0o600, "release.db-wal": 0o600} {
		info, err := os.Stat(filepath.Join(filepath.Dir(path), name))
		if err != nil || info.Mode().Perm() != want {
			t.Errorf("%s: %v, %v", name, info, err)
		}
	}
}

func TestARelativePathIsTakenFromHere(t *testing.T) {
	t.Chdir(t.TempDir())
	open(t, "vmqbot.db", newClock())
	if _, err := os.Stat("vmqbot.db"); err != nil {
		t.Error(err)
	}
}

func TestTheSettingsOfTheFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "vmqbot.db")
	open(t, path, newClock())
	db, err := sql.Open("sqlite", "file:"+path)
	must(t, err)
	var mode string
	must(t, db.QueryRowContext(t.Context(), `PRAGMA journal_mode`).Scan(&mode))
	var loose int
	must(t, db.QueryRowContext(t.Context(),
		`SELECT count(*) FROM pragma_table_list WHERE name IN ('operation','step','event','lease') AND strict = 1`).Scan(&loose))
	if mode != "wal" || loose != 4 {
		t.Errorf("journal mode %s, %d of 4 tables are strict", mode, loose)
	}
	must(t, db.Close())
}

// TestWhatIsSavedIsThereAfterReopening reads with a second store what the
// first one wrote, while it is open and after it was closed.
func TestWhatIsSavedIsThereAfterReopening(t *testing.T) {
	path := filepath.Join(t.TempDir(), "vmqbot.db")
	first, err := store.Open(t.Context(), path, newClock())
	must(t, err)
	must(t, first.SaveOperation(t.Context(), reattach("x")))
	second := open(t, path, newClock())
	sameOperation(t, second, reattach("x"))
	must(t, first.Close())
	sameOperation(t, second, reattach("x"))
	if err := first.SaveOperation(t.Context(), reattach("y")); err == nil {
		t.Error("a closed store takes an operation")
	}
}
