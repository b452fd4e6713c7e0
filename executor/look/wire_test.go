package look

import (
	"net/netip"
	"os"
	"strings"
	"testing"

	"vmqbot/executor/engine"
	"vmqbot/executor/wire"
	"vmqbot/executor/wire/sshdtest"
	"vmqbot/facts"
)

func TestReaderThroughARealSSHD(t *testing.T) {
	s := sshdtest.Start(t, sshdtest.Config{})
	proxy := sshdtest.NewProxy(t, s.Addr())
	pool := wire.New(wire.Options{})
	t.Cleanup(func() { _ = pool.Close() })
	r := newReader(engine.OnWire(pool.Host(proxy.Node(t, s))))
	t.Cleanup(r.close)
	for round := range 4 {
		if round == 2 {
			proxy.Cut() // the next look finds the reader dead
		}
		got, err := r.read(t.Context(), os.Getpid())
		if n, ok := got.netns("cn", os.Getpid()).Get(); err != nil || !ok || !n.Has(netip.MustParseAddr("127.0.0.1")) {
			t.Errorf("round %d: %+v %v", round, n, err)
		}
	}
}

func TestAHostThatRunsNothing(t *testing.T) {
	s := sshdtest.Start(t, sshdtest.Config{Lines: []string{"ForceCommand echo 'this account is disabled' >&2; exit 1"}})
	pool := wire.New(wire.Options{})
	t.Cleanup(func() { _ = pool.Close() })
	_, err := newReader(engine.OnWire(pool.Host(s.Node()))).read(t.Context(), 0)
	if blind(err) != facts.Unreadable || !strings.Contains(err.Error(), "this account is disabled") {
		t.Errorf("%s: %v", blind(err), err)
	}
}
