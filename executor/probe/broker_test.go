package probe_test

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	mochi "github.com/mochi-mqtt/server/v2"
	"github.com/mochi-mqtt/server/v2/listeners"
	"github.com/mochi-mqtt/server/v2/packets"

	"vmqbot/executor/probe"
)

// cluster is brokers that pass messages on to each other, where pass says so.
type cluster struct {
	brokers map[string]*mochi.Server
	pass    func(from, to string) bool
	deny    string // topics with this word cannot be subscribed to
}

type hook struct {
	mochi.HookBase
	name string
	c    *cluster
}

func (h *hook) ID() string { return "cluster" }

func (h *hook) Provides(b byte) bool {
	return bytes.Contains([]byte{mochi.OnConnectAuthenticate, mochi.OnACLCheck, mochi.OnPublished}, []byte{b})
}

func (h *hook) OnConnectAuthenticate(*mochi.Client, packets.Packet) bool { return true }

func (h *hook) OnACLCheck(_ *mochi.Client, topic string, _ bool) bool {
	return h.c.deny == "" || !strings.Contains(topic, h.c.deny)
}

// OnPublished carries a client's message over; the brokers' own are inline.
func (h *hook) OnPublished(cl *mochi.Client, p packets.Packet) {
	if cl.Net.Inline {
		return
	}
	for name, b := range h.c.brokers {
		if name != h.name && h.c.pass(h.name, name) {
			_ = b.Publish(p.TopicName, p.Payload, false, 1)
		}
	}
}

func always(string, string) bool { return true }

// start gives a broker and a point for each name.
func start(t *testing.T, c *cluster, names ...string) []probe.Point {
	t.Helper()
	c.brokers = map[string]*mochi.Server{}
	var points []probe.Point
	for _, name := range names {
		s := mochi.New(&mochi.Options{InlineClient: true, Logger: slog.New(slog.DiscardHandler)})
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		if err := s.AddHook(&hook{name: name, c: c}, nil); err != nil {
			t.Fatal(err)
		}
		if err := s.AddListener(listeners.NewNet(name, l)); err != nil {
			t.Fatal(err)
		}
		c.brokers[name] = s
		points = append(points, point(name, l.Addr().String()))
	}
	for _, s := range c.brokers {
		if err := s.Serve(); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = s.Close() })
	}
	return points
}

func point(name, addr string) probe.Point {
	return probe.Point{Node: name, Dial: func(ctx context.Context) (net.Conn, error) {
		var d net.Dialer
		return d.DialContext(ctx, "tcp", addr)
	}}
}

// says is a broker that answers whatever comes with the same bytes.
func says(t *testing.T, answer ...byte) probe.Point {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var all sync.WaitGroup
	all.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			all.Go(func() {
				defer c.Close() //nolint:errcheck // a test's
				_ = c.SetDeadline(time.Now().Add(2 * patience))
				_, _ = c.Read(make([]byte, 1024))
				_, _ = c.Write(answer)
				_, _ = io.Copy(io.Discard, c)
			})
		}
	})
	t.Cleanup(func() { _ = l.Close(); all.Wait() })
	return point("cn-1", l.Addr().String())
}
