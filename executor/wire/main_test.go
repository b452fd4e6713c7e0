package wire_test

import (
	"context"
	"errors"
	"flag"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"vmqbot/executor/wire"
	"vmqbot/executor/wire/sshdtest"
	"vmqbot/facts"
	"vmqbot/ops"
	"vmqbot/secret"
)

// patience bounds every wait of these tests. It runs out when something hangs,
// and on no machine that is merely busy.
const patience = 2 * time.Minute

// TestMain lets more tests run at a time than there are processors: each has
// servers of its own, and most of it is waiting for them.
func TestMain(m *testing.M) {
	flag.Parse()
	if err := flag.Set("test.parallel", "8"); err != nil {
		panic(err)
	}
	os.Exit(m.Run())
}

func within(t testing.TB, d time.Duration) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), d)
	t.Cleanup(cancel)
	return ctx
}

func newPool(t testing.TB, o wire.Options) *wire.Pool {
	t.Helper()
	return closing(t, patient(wire.New(o)))
}

// patient makes a pool wait for what is sure to come, however busy this
// machine is.
func patient(p *wire.Pool) *wire.Pool { return wire.Patient(p, patience) }

// closing closes the pool after the test.
func closing(t testing.TB, p *wire.Pool) *wire.Pool {
	t.Cleanup(func() { closeWithin(t, p, patience) })
	return p
}

// closeWithin fails the test when a goroutine of the pool does not end.
func closeWithin(t testing.TB, p *wire.Pool, d time.Duration) {
	t.Helper()
	closed := make(chan error, 1)
	go func() { closed <- p.Close() }()
	select {
	case err := <-closed:
		if err != nil {
			t.Errorf("closing the pool: %v", err)
		}
	case <-time.After(d):
		t.Errorf("the pool did not close within %s: a goroutine hangs", d)
	}
}

// aHost is a real sshd and the Host for it.
func aHost(t testing.TB) (*wire.Host, *sshdtest.Server) {
	t.Helper()
	s := sshdtest.Start(t, sshdtest.Config{})
	return newPool(t, wire.Options{}).Host(s.Node()), s
}

func run(t testing.TB, h *wire.Host, words ...string) (string, int) {
	t.Helper()
	a, err := use(t, h).Run(within(t, patience), secret.Words(words...), wire.RunOptions{})
	if err != nil {
		t.Fatalf("running %q: %v", words, err)
	}
	return a.Stdout, a.Exit
}

// eventually polls until the world is as expected.
func eventually(t testing.TB, what string, is func() bool) {
	t.Helper()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for deadline := time.Now().Add(patience); !is(); <-tick.C {
		if time.Now().After(deadline) {
			t.Fatalf("waited %s in vain until %s", patience, what)
		}
	}
}

// logged waits until sshd's log, which comes a moment later, says something n
// times, and fails when it says it more often.
func logged(t testing.TB, s *sshdtest.Server, what string, n int) {
	t.Helper()
	eventually(t, "sshd logs "+what, func() bool { return strings.Count(s.Log(), what) >= n })
	if got := strings.Count(s.Log(), what); got != n {
		t.Errorf("sshd logged %q %d times, want %d", what, got, n)
	}
}

// beat is one beat of the keepalives.
func beat(t testing.TB, beats chan<- time.Time) {
	t.Helper()
	select {
	case beats <- time.Now():
	case <-time.After(patience):
		t.Fatal("no connection is kept alive")
	}
}

// slower does something with a time of its own, and with twice that until the
// machine is fast enough for it.
func slower(t testing.TB, d time.Duration, done func(time.Duration) bool) {
	t.Helper()
	for ; !done(d); d *= 2 {
		if d > patience {
			t.Fatalf("it did not happen in %s either", d)
		}
	}
}

// wantError checks the kind of an error and the words a person needs.
func wantError(t testing.TB, err error, blind facts.Blind, code ops.Code, words ...string) {
	t.Helper()
	var e *wire.Error
	if !errors.As(err, &e) {
		t.Fatalf("got %v (%T), want a *wire.Error that is %q", err, err, blind)
	}
	if e.Blind != blind || e.Code != code || ops.CodeOf(err) != code || wire.BlindOf(err) != blind {
		t.Errorf("got blind %q code %q, want %q %q: %v", e.Blind, e.Code, blind, code, err)
	}
	for _, w := range words {
		if !strings.Contains(err.Error(), w) {
			t.Errorf("the error does not say %q:\n%s", w, err)
		}
	}
}

// keyOf is the key in a known_hosts file of one line, without its host.
func keyOf(path string, t testing.TB) string {
	t.Helper()
	line, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	_, key, _ := strings.Cut(string(line), " ")
	return key
}

func itoa(i int) string { return strconv.Itoa(i) }

func atoi(t testing.TB, s string) int {
	t.Helper()
	n, err := strconv.Atoi(s)
	if err != nil {
		t.Fatal(err)
	}
	return n
}
