package wire_test

import (
	"strings"
	"sync"
	"testing"
	"time"

	"vmqbot/executor/wire"
	"vmqbot/executor/wire/sshdtest"
	"vmqbot/secret"
)

func TestASpareGivesItsPlaceAway(t *testing.T) {
	t.Parallel()
	for name, places := range map[string]int{"MaxSessions 10": 8, "MaxSessions 1": 1} {
		t.Run(name, func(t *testing.T) {
			s := sshdtest.Start(t, sshdtest.Config{Lines: []string{name}})
			h := closing(t, hasty(wire.Options{})).Host(s.Node())
			use(t, h)
			for range places {
				st, err := h.Stream(within(t, patience), echo)
				if err != nil {
					t.Fatal(err)
				}
				defer func() { _ = st.Close() }()
			}
			eventually(t, "the spare's shell has ended", func() bool { return len(spares(t, s)) == 0 })
		})
	}
}

func TestASpareEndsWithItsConnection(t *testing.T) {
	t.Parallel()
	for name, end := range map[string]func(*wire.Pool, *wire.Host){
		"Recycle": func(_ *wire.Pool, h *wire.Host) { h.Recycle() },
		"Close":   func(p *wire.Pool, _ *wire.Host) { closeWithin(t, p, patience) },
		"idle":    func(*wire.Pool, *wire.Host) {},
	} {
		t.Run(name, func(t *testing.T) {
			s := sshdtest.Start(t, sshdtest.Config{})
			p := closing(t, hasty(wire.Options{}))
			if name == "idle" {
				p = closing(t, patient(wire.Hasty(wire.Options{}, 50*time.Millisecond)))
			}
			h := p.Host(s.Node())
			if err := warmed(t, h); err != nil {
				t.Fatal(err)
			}
			logged(t, s, "Starting session: command", 2) // the second is the spare
			if name != "idle" {
				withSpare(t, h)
			}
			end(p, h)
			eventually(t, "the spare's shell has ended", func() bool { return len(spares(t, s)) == 0 })
			if name == "Recycle" {
				eventually(t, "the connection is closed", func() bool { return strings.Contains(s.Log(), "Connection closed by") })
				run(t, h, "true")
			}
		})
	}
}

func TestAHostThatRunsOnlyItsOwnCommandGetsNoSpare(t *testing.T) {
	t.Parallel()
	s := sshdtest.Start(t, sshdtest.Config{Lines: []string{"ForceCommand echo mine"}})
	h := closing(t, hasty(wire.Options{})).Host(s.Node())
	for range 2 {
		a, err := h.Run(within(t, patience), secret.Words("true"), wire.RunOptions{})
		if err != nil || a.Stdout != "mine\n" {
			t.Errorf("got %q, error %v", a.Stdout, err)
		}
		eventually(t, "this was noticed", h.Useless)
	}
	logged(t, s, "Starting session: forced-command", 3) // two commands and one try to lay a spare
}

func TestStartUpFilesMaySpeak(t *testing.T) {
	t.Parallel()
	bothWays(t, func(t *testing.T, w way) {
		s := sshdtest.Start(t, sshdtest.Config{Lines: []string{`ForceCommand echo hello; printf half; echo err >&2; exec sh -c "$SSH_ORIGINAL_COMMAND"`}})
		h := use(t, w.pool(t, wire.Options{}).Host(s.Node()))
		a, err := h.Run(within(t, patience), secret.Words("echo", "it"), wire.RunOptions{})
		if err != nil || a.Stdout != "hello\nhalfit\n" || a.Stderr != "err\n" {
			t.Errorf("stdout %q, stderr %q, error %v", a.Stdout, a.Stderr, err)
		}
	})
}

func TestManyCallersShareTheSpares(t *testing.T) {
	t.Parallel()
	h, _ := way{hasty}.host(t)
	var all sync.WaitGroup
	for i := range 12 {
		all.Go(func() {
			for n := range 10 {
				word := itoa(100*i + n)
				a, err := h.Run(within(t, patience), secret.Words("echo", word), wire.RunOptions{})
				if err != nil || a.Stdout != word+"\n" || a.Exit != 0 {
					t.Errorf("%s: got %q, exit %d, error %v", word, a.Stdout, a.Exit, err)
				}
			}
		})
	}
	all.Wait()
}
