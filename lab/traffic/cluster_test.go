package traffic

import (
	"io"
	"log/slog"
	"net"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	mochi "github.com/mochi-mqtt/server/v2"
	"github.com/mochi-mqtt/server/v2/listeners"
	"github.com/mochi-mqtt/server/v2/packets"
)

// cluster is brokers that pass messages on to each other, times over.
type cluster struct {
	brokers map[string]*mochi.Server
	times   func(from, to string) int
	regions []Region

	denials atomic.Int64 // SUBSCRIBEs that are still to be refused
	mu      sync.Mutex
	doors   map[string]net.Listener
}

type hook struct {
	mochi.HookBase
	name string
	c    *cluster
}

func (h *hook) ID() string { return "cluster" }

func (h *hook) Provides(b byte) bool {
	return slices.Contains([]byte{mochi.OnConnectAuthenticate, mochi.OnACLCheck, mochi.OnPublished}, b)
}

func (h *hook) OnConnectAuthenticate(*mochi.Client, packets.Packet) bool { return true }

// OnACLCheck is asked about deliveries too; only a subscription has a wildcard.
func (h *hook) OnACLCheck(_ *mochi.Client, topic string, _ bool) bool {
	return !strings.Contains(topic, "+") || h.c.denials.Add(-1) < 0
}

// OnPublished carries a client's message over; the brokers' own are inline.
func (h *hook) OnPublished(cl *mochi.Client, p packets.Packet) {
	if cl.Net.Inline {
		return
	}
	for name, b := range h.c.brokers {
		for range h.c.times(h.name, name) {
			_ = b.Publish(p.TopicName, p.Payload, false, 1)
		}
	}
}

// once is what a healthy cluster does: a message arrives everywhere, once; the
// broker that took it in has delivered it already.
func once(from, to string) int {
	if from == to {
		return 0
	}
	return 1
}

// start gives a cluster of brokers on loopback addresses.
func start(t *testing.T, times func(from, to string) int, names ...string) *cluster {
	t.Helper()
	c := &cluster{brokers: map[string]*mochi.Server{}, times: times, doors: map[string]net.Listener{}}
	for _, name := range names {
		s := mochi.New(&mochi.Options{InlineClient: true, Logger: slog.New(slog.DiscardHandler)})
		if err := s.AddHook(&hook{name: name, c: c}, nil); err != nil {
			t.Fatal(err)
		}
		c.brokers[name] = s
		c.regions = append(c.regions, Region{name, c.open(t, name, "127.0.0.1:0")})
	}
	for _, s := range c.brokers {
		if err := s.Serve(); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = s.Close() })
	}
	return c
}

// open opens a broker's door, perhaps again, and returns its address.
func (c *cluster) open(t *testing.T, name, address string) string {
	t.Helper()
	l, err := net.Listen("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.doors[name] = l
	s := c.brokers[name]
	s.Listeners.Delete(name)
	if err := s.AddListener(listeners.NewNet(name, l)); err != nil {
		t.Fatal(err)
	}
	if s.Listeners.Len() > 0 && address != "127.0.0.1:0" {
		s.Listeners.Serve(name, s.EstablishConnection)
	}
	return l.Addr().String()
}

// shut closes a broker's door and cuts its clients off; it forgets nobody.
func (c *cluster) shut(name string) {
	c.mu.Lock()
	_ = c.doors[name].Close()
	c.mu.Unlock()
	for _, cl := range c.brokers[name].Clients.GetAll() {
		if !cl.Net.Inline {
			cl.Stop(io.EOF)
		}
	}
}

// sessions counts the sessions of subscribers that a broker holds.
func (c *cluster) sessions(name string) (n int) {
	for id := range c.brokers[name].Clients.GetAll() {
		if strings.Contains(id, "-at-") {
			n++
		}
	}
	return n
}

// options are quick ones for a test.
func (c *cluster) options() Options {
	return Options{Regions: c.regions, Every: 10 * time.Millisecond, Patience: 2 * time.Second, Warmup: 10 * time.Second,
		Settle: 10 * time.Second, Limit: time.Minute}
}

// begin starts traffic that a test ends.
func (c *cluster) begin(t *testing.T, o Options) *Run {
	t.Helper()
	r, err := Start(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// stop ends the traffic; no session may stay.
func stop(t *testing.T, r *Run) Report {
	t.Helper()
	report, err := r.Stop()
	if err != nil {
		t.Errorf("leaving: %v", err)
	}
	return report
}

// until polls for at most 20 s.
func until(t *testing.T, what string, ok func() bool) {
	t.Helper()
	deadline := time.Now().Add(20 * time.Second)
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for !ok() {
		if time.Now().After(deadline) {
			t.Fatalf("waited 20 s for %s", what)
		}
		<-tick.C
	}
}

// flowed waits until every pair has published that many messages.
func flowed(t *testing.T, r *Run, messages int) {
	t.Helper()
	for _, p := range r.pairs {
		until(t, p.from.Name+" to "+p.to.Name+" to publish", func() bool { return p.counts().Acknowledged >= messages })
	}
}
