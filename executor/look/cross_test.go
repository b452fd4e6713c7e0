package look_test

import (
	"context"
	"log/slog"
	"net"
	"testing"
	"time"

	mochi "github.com/mochi-mqtt/server/v2"
	"github.com/mochi-mqtt/server/v2/hooks/auth"
	"github.com/mochi-mqtt/server/v2/listeners"

	"vmqbot/executor/engine"
	"vmqbot/executor/engine/enginetest"
	"vmqbot/executor/look"
	"vmqbot/facts"
	"vmqbot/regions"
)

// TestMessagesCrossInALook runs two containers in this machine's network,
// where one MQTT broker serves them both; a third node's host hangs.
func TestMessagesCrossInALook(t *testing.T) {
	enginetest.Need(t)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	broker := mochi.New(&mochi.Options{Logger: slog.New(slog.DiscardHandler)})
	if err := broker.AddHook(new(auth.AllowHook), nil); err != nil {
		t.Fatal(err)
	}
	if err := broker.AddListener(listeners.NewNet("t", l)); err != nil {
		t.Fatal(err)
	}
	if err := broker.Serve(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = broker.Close() })
	for _, n := range []regions.Node{cn, sg} {
		docker.HostContainer(t, n.Container)
	}
	us := node("us-1", "127.0.0.3/24")
	slower(t, time.Second, func(base time.Duration) bool {
		hosts := map[string]*enginetest.Host{"cn-1": {Docker: docker}, "sg-1": {Docker: docker}, "us-1": {Docker: docker, RTT: time.Hour}}
		dial := func(n regions.Node) engine.Host { return hosts[n.Name] }
		engines := engine.NewPool(dial)
		defer engines.Close()
		mqtt := regions.MQTT{Port: l.Addr().(*net.TCPAddr).Port, Topic: "vmqbot/probe", Timeout: patience}
		looker := look.New(dial, engines, mqtt, look.Options{Base: base})
		defer looker.Close()
		ctx, cancel := context.WithTimeout(t.Context(), base+patience)
		defer cancel()
		f := looker.Look(ctx, []regions.Node{cn, sg, us}, facts.Need{Crossings: true})
		if ctx.Err() != nil || len(f.Crossings) != 9 {
			t.Fatalf("%v for the node that hangs: %+v", f.Took, f.Crossings)
		}
		well := 0
		for _, c := range f.Crossings {
			if c.Delivered.OK() {
				well++
			}
			if dead := c.From == "us-1" || c.To == "us-1"; dead && (c.Delivered.OK() || c.Delivered.Blind() == facts.TooLate) {
				t.Errorf("%s to %s: %q %s", c.From, c.To, c.Delivered.Blind(), c.Delivered.Why())
			}
		}
		return well == 4
	})
}
