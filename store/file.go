package store

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"vmqbot/ops"
)

// busyTimeout is how long SQLite waits for another process, in milliseconds.
const busyTimeout = 5000

// dsn names the file and how to open it. Synchronous FULL makes a commit
// survive a power cut: the journal is written before the effect.
func dsn(path, more string) string {
	if !filepath.IsAbs(path) {
		path = "./" + path
	}
	u := url.URL{Scheme: "file", Opaque: (&url.URL{Path: path}).EscapedPath()}
	return u.String() + fmt.Sprintf("?_pragma=busy_timeout(%d)&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)"+
		"&_pragma=foreign_keys(1)&%s", busyTimeout, more)
}

// prepare makes an empty file that only its owner may read; SQLite gives its
// companions the same mode.
func prepare(path string) error {
	if path == "" {
		return ops.Errorf(ops.Invalid, "", "The store has no path; write store: ~/.local/state/vmqbot/NAME.db into the fleet file.")
	}
	if strings.HasPrefix(path, "~") { // a folder of that name is never what was meant
		return ops.Errorf(ops.Invalid, "", "The store %s starts with a ~ that nobody expanded; write the path from the root into store: of the fleet file.", path)
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return cannotOpen(path, err)
	}
	if info, err := os.Stat(path); err == nil && !info.Mode().IsRegular() {
		what := "not a file"
		if info.IsDir() {
			what = "a folder"
		}
		return ops.Errorf(ops.Invalid, "", "The store %s is %s; write the path of a file into store: of the fleet file.", path, what)
	}
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return cannotOpen(path, err)
	}
	return f.Close()
}

func cannotOpen(path string, err error) error {
	why := err
	if e := (*fs.PathError)(nil); errors.As(err, &e) {
		why = e.Err
	}
	return &ops.Error{
		Code: ops.Invalid, Cause: err,
		Msg: fmt.Sprintf("The store %s cannot be opened for writing (%v); write a path that you may write to into store: of the fleet file.",
			path, why),
	}
}

// lockFile lets one process at a time bring the tables up to date; goose knows
// no lock for SQLite. It locks a file beside the store and not the store:
// closing a second handle on that would drop SQLite's own locks. The kernel
// frees the lock when its process dies.
func lockFile(ctx context.Context, path string) (unlock func(), err error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, cannotOpen(path, err)
	}
	again := time.NewTicker(10 * time.Millisecond)
	defer again.Stop()
	for {
		err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
		if err == nil {
			return func() { _ = f.Close() }, nil
		}
		if !errors.Is(err, syscall.EWOULDBLOCK) && !errors.Is(err, syscall.EINTR) {
			return nil, errors.Join(cannotOpen(path, err), f.Close())
		}
		select {
		case <-again.C:
		case <-ctx.Done():
			_ = f.Close()
			return nil, ops.Errorf(ops.Failed, "", "Another process is opening the store and holds %s; try again when it has ended.", path)
		}
	}
}
