package broker

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sync"
	"time"
)

// logbook writes console.log and error.log in the form of the version, and a
// third writer when the console is wanted on standard output.
type logbook struct {
	legacy bool
	disk   disk

	mu      sync.Mutex
	console io.WriteCloser
	errors  io.WriteCloser
	extra   io.Writer // standard output, or nil
}

func openLogbook(d disk, dir string, legacy bool, extra io.Writer) (*logbook, error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, err
	}
	open := func(name string) (io.WriteCloser, error) {
		return os.OpenFile(filepath.Join(dir, name), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
	}
	c, err := open("console.log")
	if err != nil {
		return nil, err
	}
	e, err := open("error.log")
	if err != nil {
		c.Close()
		return nil, err
	}
	return &logbook{legacy: legacy, disk: d, console: c, errors: e, extra: extra}, nil
}

func (l *logbook) info(where, format string, args ...any)  { l.write("info", where, format, args...) }
func (l *logbook) warn(where, format string, args ...any)  { l.write("warning", where, format, args...) }
func (l *logbook) error(where, format string, args ...any) { l.write("error", where, format, args...) }

func (l *logbook) write(level, where, format string, args ...any) {
	msg := fmt.Sprintf(format, args...)
	now := time.Now()
	line := fmt.Sprintf("%s [%s] <0.%d.0> %s: %s\n", now.Format("2006-01-02T15:04:05.000000-07:00"), level, pidOf(where), where, msg)
	if l.legacy {
		line = fmt.Sprintf("%s [%s] <0.%d.0>@%s %s\n", now.Format("2006-01-02 15:04:05.000"), level, pidOf(where), where, msg)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.disk.refuses() == nil {
		_, _ = io.WriteString(l.console, line)
		if level == "error" {
			_, _ = io.WriteString(l.errors, line)
		}
	}
	if l.extra != nil {
		_, _ = io.WriteString(l.extra, line)
	}
}

// pidOf gives every place in the code a process id of its own, always the same.
func pidOf(where string) int {
	n := 200
	for _, r := range where {
		n = (n*31 + int(r)) % 3800
	}
	return n + 200
}

func (l *logbook) close() error { return errors.Join(l.console.Close(), l.errors.Close()) }
