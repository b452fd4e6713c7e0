package main

import (
	"bytes"
	"context"
	"net"
	"os"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"vmqbot/regions"
)

// logEar is a log that a test waits for.
type logEar struct {
	mu   sync.Mutex
	said bytes.Buffer
	more chan struct{}
}

func (e *logEar) Write(b []byte) (int, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	select {
	case e.more <- struct{}{}:
	default:
	}
	return e.said.Write(b)
}

// until waits until it has heard a word so often.
func (e *logEar) until(t *testing.T, word string, times int) {
	t.Helper()
	late := time.After(time.Minute)
	for {
		e.mu.Lock()
		said := e.said.String()
		e.mu.Unlock()
		if strings.Count(said, word) >= times {
			return
		}
		select {
		case <-e.more:
		case <-late:
			t.Fatalf("waited a minute for %d times %q:\n%s", times, word, said)
		}
	}
}

// TestWatchReadsItsFileAgain at a hang-up; a wrong one is refused, and the old kept.
func TestWatchReadsItsFileAgain(t *testing.T) {
	w := newWorld(t)
	file := w.fleet()
	good, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	stderr, hangup, exit := &logEar{more: make(chan struct{}, 1)}, make(chan os.Signal, 1), make(chan int, 1)
	p := &process{
		args: []string{"watch", "--config", file, "--idle"}, stdin: strings.NewReader(""), stdout: &bytes.Buffer{}, stderr: stderr,
		getenv: func(k string) string { return w.env[k] }, hangup: hangup,
	}
	go func() { exit <- p.main(ctx) }()
	write := func(content string) {
		if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		hangup <- syscall.SIGHUP
	}
	stderr.until(t, "msg=watching", 1)
	write(strings.Replace(string(good), "cluster:", "clutter:", 1))
	stderr.until(t, "the fleet file was refused", 1)
	write(strings.Replace(string(good), "cluster: release", "cluster: another", 1))
	stderr.until(t, "is of another cluster", 1)
	stderr.until(t, "msg=watching", 1)
	write(string(good) + "\n")
	stderr.until(t, "msg=watching", 2)
	cancel()
	if code := <-exit; code != 0 || strings.Count(stderr.said.String(), "msg=watching") != 2 {
		t.Errorf("exit %d\n%s", code, stderr.said.String())
	}
}

// TestNeutralPlaces: half of them are enough, and none named is no answer.
func TestNeutralPlaces(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	closed, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	here, away := l.Addr().String(), closed.Addr().String()
	_ = closed.Close()
	t.Cleanup(func() { _ = l.Close() })
	if neutral(&regions.Fleet{}) != nil {
		t.Error("no place is named, and something would be asked")
	}
	for _, c := range []struct {
		places []string
		want   bool
	}{{[]string{here}, true}, {[]string{away}, false}, {[]string{here, away}, true}, {[]string{here, away, away}, false}, {[]string{here, here, away}, true}} {
		f := &regions.Fleet{}
		f.Checks.Neutral = c.places
		if got := neutral(f)(t.Context()); got != c.want {
			t.Errorf("%v: reached %t", c.places, got)
		}
	}
}

// TestJitter is at most a twentieth, on both sides.
func TestJitter(t *testing.T) {
	least, most := time.Hour, -time.Hour
	for range 2000 {
		d := jitter(time.Minute)
		least, most = min(least, d), max(most, d)
	}
	if least < -3*time.Second || most > 3*time.Second || least > -2*time.Second || most < 2*time.Second {
		t.Errorf("from %s to %s", least, most)
	}
}
