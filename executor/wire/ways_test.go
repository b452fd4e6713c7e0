package wire_test

import (
	"testing"
	"time"

	"vmqbot/executor/wire"
	"vmqbot/executor/wire/sshdtest"
	"vmqbot/secret"
)

// way is one of the two ways in which a command starts.
type way struct {
	open func(wire.Options) *wire.Pool
}

// bothWays runs a test with a new session for each command, and with a spare
// for each that goes through use, run or started.
func bothWays(t *testing.T, f func(*testing.T, way)) {
	t.Helper()
	t.Run("new session", func(t *testing.T) { f(t, way{spareless}) })
	t.Run("spare", func(t *testing.T) { f(t, way{hasty}) })
}

func spareless(o wire.Options) *wire.Pool { return patient(wire.Spareless(o)) }

func hasty(o wire.Options) *wire.Pool { return patient(wire.Hasty(o, time.Hour)) }

func (w way) pool(t testing.TB, o wire.Options) *wire.Pool {
	t.Helper()
	return closing(t, w.open(o))
}

func (w way) host(t testing.TB) (*wire.Host, *sshdtest.Server) {
	t.Helper()
	s := sshdtest.Start(t, sshdtest.Config{})
	return w.pool(t, wire.Options{}).Host(s.Node()), s
}

// use makes sure that a host whose pool hastes has a spare for the next command.
func use(t testing.TB, h *wire.Host) *wire.Host {
	t.Helper()
	if h.Hastes() && h.Spare() == nil {
		if err := warmed(t, h); err != nil {
			t.Fatal(err)
		}
		withSpare(t, h)
	}
	return h
}

// warmed runs a first command, after which a spare is laid.
func warmed(t testing.TB, h *wire.Host) error {
	t.Helper()
	_, err := h.Run(within(t, patience), secret.Words("sh", "-c", ":"), wire.RunOptions{})
	return err
}

func withSpare(t testing.TB, h *wire.Host) {
	t.Helper()
	eventually(t, "a spare is ready", func() bool { return h.Spare() != nil })
}
