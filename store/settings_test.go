package store

import (
	"context"
	"path/filepath"
	"testing"
	"time"
)

// TestEveryConnectionIsSafe asks the connections themselves: these settings
// belong to a connection and cannot be seen from another one.
func TestEveryConnectionIsSafe(t *testing.T) {
	s, err := Open(t.Context(), filepath.Join(t.TempDir(), "vmqbot.db"), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}()
	const full = 2
	for pragma, want := range map[string]int{"synchronous": full, "foreign_keys": 1, "busy_timeout": busyTimeout, "query_only": 0} {
		var got int
		if err := s.write.QueryRowContext(t.Context(), "PRAGMA "+pragma).Scan(&got); err != nil || got != want {
			t.Errorf("the writer's %s is %d, want %d, %v", pragma, got, want, err)
		}
	}
	if _, err := s.read.ExecContext(t.Context(), "DELETE FROM lease"); err == nil {
		t.Error("a reader may write")
	}
}

func TestOneProcessAtATimeOpensTheFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "vmqbot.db.lock")
	unlock, err := lockFile(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Millisecond)
	defer cancel()
	_, err = lockFile(ctx, path)
	if want := "Another process is opening the store and holds " + path + "; try again when it has ended."; err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
	unlock()
	again, err := lockFile(t.Context(), path)
	if err != nil {
		t.Fatalf("a lock that was given back is still held: %v", err)
	}
	again()
}
