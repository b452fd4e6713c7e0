package fabric_test

import (
	"context"
	"errors"
	"io"
	"net"
	"net/netip"
	"os"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"vmqbot/sim/fabric"
)

// world is two namespaces on one segment whose way can be cut.
type world struct {
	f    *fabric.Fabric
	a, b *fabric.Space
	seg  *fabric.Segment
	mu   sync.Mutex
	way  fabric.Way
}

func newWorld() *world {
	w := &world{f: fabric.New(), way: fabric.Way{Open: true}}
	w.seg = w.f.Segment("weave", func(_, _ *fabric.Space) fabric.Way {
		w.mu.Lock()
		defer w.mu.Unlock()
		return w.way
	})
	w.a, w.b = w.f.Space("a"), w.f.Space("b")
	w.a.Plug("ethwe", w.seg, netip.MustParsePrefix("10.0.0.1/24"))
	w.b.Plug("ethwe", w.seg, netip.MustParsePrefix("10.0.0.2/24"))
	return w
}

func (w *world) set(way fabric.Way) {
	w.mu.Lock()
	w.way = way
	w.mu.Unlock()
	w.f.Changed()
}

// connect makes a connection from a to b.
func (w *world) connect(t *testing.T) (near, far net.Conn) {
	t.Helper()
	l, err := w.b.Listen(t.Context(), "10.0.0.2:44053")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close() //nolint:errcheck // of no interest
	if near, err = w.a.DialContext(t.Context(), "tcp", "10.0.0.2:44053"); err != nil {
		t.Fatal(err)
	}
	if far, err = l.Accept(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = near.Close(); _ = far.Close() })
	return near, far
}

func TestConnection(t *testing.T) {
	w := newWorld()
	near, far := w.connect(t)
	big := strings.Repeat("x", 1<<20)
	go func() {
		_, _ = io.WriteString(near, big)
		_ = near.(interface{ CloseWrite() error }).CloseWrite()
	}()
	got, err := io.ReadAll(far)
	if err != nil || string(got) != big {
		t.Errorf("%d bytes, %v", len(got), err)
	}
	if _, err := io.WriteString(far, "answer"); err != nil {
		t.Error(err)
	}
	_ = far.Close()
	if got, err := io.ReadAll(near); err != nil || string(got) != "answer" {
		t.Errorf("%q, %v", got, err)
	}
	if near.LocalAddr().String() != far.RemoteAddr().String() || near.RemoteAddr().String() != "10.0.0.2:44053" {
		t.Errorf("%v and %v", near.LocalAddr(), far.RemoteAddr())
	}
}

func TestRefusals(t *testing.T) {
	w := newWorld()
	if _, err := w.a.DialContext(t.Context(), "tcp", "10.0.0.2:1"); !errors.Is(err, syscall.ECONNREFUSED) {
		t.Errorf("a closed port: %v", err)
	}
	if _, err := w.a.DialContext(t.Context(), "tcp", "192.0.2.1:1"); !errors.Is(err, syscall.ENETUNREACH) {
		t.Errorf("no route: %v", err)
	}
	if _, err := w.a.Listen(t.Context(), "10.0.0.9:1"); !errors.Is(err, syscall.EADDRNOTAVAIL) {
		t.Errorf("an address of others: %v", err)
	}
	l, err := w.a.Listen(t.Context(), "0.0.0.0:1883")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.a.Listen(t.Context(), "10.0.0.1:1883"); !errors.Is(err, syscall.EADDRINUSE) {
		t.Errorf("a port that is taken: %v", err)
	}
	_ = l.Close()
	if _, err := l.Accept(); !errors.Is(err, net.ErrClosed) {
		t.Errorf("a closed listener: %v", err)
	}
}

func TestCutWayLosesNothing(t *testing.T) {
	w := newWorld()
	near, far := w.connect(t)
	w.set(fabric.Way{})
	if _, err := io.WriteString(near, "late"); err != nil {
		t.Fatal(err)
	}
	if err := far.SetReadDeadline(time.Now().Add(10 * time.Millisecond)); err != nil {
		t.Fatal(err)
	}
	if _, err := far.Read(make([]byte, 4)); !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("through a cut: %v", err)
	}
	if err := far.SetReadDeadline(time.Time{}); err != nil {
		t.Fatal(err)
	}
	w.set(fabric.Way{Open: true})
	b := make([]byte, 4)
	if _, err := io.ReadFull(far, b); err != nil || string(b) != "late" {
		t.Errorf("%q, %v", b, err)
	}
}

func TestDialWaitsForTheWay(t *testing.T) {
	w := newWorld()
	l, err := w.b.Listen(t.Context(), "0.0.0.0:1")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close() //nolint:errcheck // of no interest
	w.set(fabric.Way{})
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer cancel()
	if _, err := w.a.DialContext(ctx, "tcp", "10.0.0.2:1"); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("through a cut: %v", err)
	}
	done := make(chan error, 1)
	go func() {
		c, err := w.a.DialContext(t.Context(), "tcp", "10.0.0.2:1")
		if err == nil {
			_ = c.Close()
		}
		done <- err
	}()
	w.set(fabric.Way{Open: true})
	if err := <-done; err != nil {
		t.Error(err)
	}
}

func TestAddressThatGoesTakesItsConnectionsAlong(t *testing.T) {
	w := newWorld()
	near, far := w.connect(t)
	if !w.b.Unplug(netip.MustParsePrefix("10.0.0.2/24")) || w.b.Has(netip.MustParseAddr("10.0.0.2")) {
		t.Fatal("the address is still there")
	}
	if _, err := io.WriteString(near, "x"); err != nil {
		t.Fatal(err)
	}
	_ = far.SetReadDeadline(time.Now().Add(10 * time.Millisecond))
	if _, err := far.Read(make([]byte, 1)); !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("without its address: %v", err)
	}
	if e := w.a.Echo(netip.MustParseAddr("10.0.0.2")); e.There || e.Open || !e.Routed {
		t.Errorf("%+v", e)
	}
	w.b.Plug("ethwe", w.seg, netip.MustParsePrefix("10.0.0.2/24"))
	_ = far.SetReadDeadline(time.Time{})
	if _, err := far.Read(make([]byte, 1)); err != nil {
		t.Errorf("with its address back: %v", err)
	}
	w.set(fabric.Way{Open: true, Delay: time.Second})
	if e := w.a.Echo(netip.MustParseAddr("10.0.0.2")); !e.Open || e.RTT != 2*time.Second || e.Source.String() != "10.0.0.1" {
		t.Errorf("%+v", e)
	}
}

// TestTheLastWordsOfAMachine arrive also where it is far away.
func TestTheLastWordsOfAMachine(t *testing.T) {
	w := newWorld()
	near, far := w.connect(t)
	w.set(fabric.Way{Open: true, Delay: 20 * time.Millisecond})
	if _, err := io.WriteString(far, "x"); err != nil {
		t.Fatal(err)
	}
	w.b.Close()
	_ = near.SetReadDeadline(time.Now().Add(10 * time.Second))
	if got, err := io.ReadAll(near); err != nil || string(got) != "x" {
		t.Errorf("%q, %v", got, err)
	}
}

func TestPublish(t *testing.T) {
	w := newWorld()
	inner := w.f.Space("container")
	docker := w.f.Segment("docker0", nil)
	inner.Plug("eth0", docker, netip.MustParsePrefix("172.17.0.2/16"))
	l, err := inner.Listen(t.Context(), "0.0.0.0:1883")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close() //nolint:errcheck // of no interest
	if err := w.b.Publish(1883, inner, 1883); err != nil {
		t.Fatal(err)
	}
	if err := w.b.Publish(1883, w.a, 1); err == nil {
		t.Error("a port is published twice")
	}
	c, err := w.a.DialContext(t.Context(), "tcp", "10.0.0.2:1883")
	if err != nil {
		t.Fatal(err)
	}
	_ = c.Close()
	w.b.Unpublish(inner)
	if _, err := w.a.DialContext(t.Context(), "tcp", "10.0.0.2:1883"); !errors.Is(err, syscall.ECONNREFUSED) {
		t.Errorf("after it was taken back: %v", err)
	}
}

func TestSpaceThatEnds(t *testing.T) {
	w := newWorld()
	near, _ := w.connect(t)
	w.b.Close()
	if _, err := near.Read(make([]byte, 1)); !errors.Is(err, io.EOF) {
		t.Errorf("the other side is gone: %v", err)
	}
	if _, err := w.b.Listen(t.Context(), "0.0.0.0:1"); err == nil {
		t.Error("a namespace that has ended listens")
	}
}

func TestProcFiles(t *testing.T) {
	w := newWorld()
	w.connect(t)
	l, err := w.b.Listen(t.Context(), "10.0.0.2:44053")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close() //nolint:errcheck // of no interest
	table := w.b.TCP()
	for _, want := range []string{" 0200000A:AC15 00000000:0000 0A ", " 0200000A:AC15 0100000A:8000 01 "} {
		if !strings.Contains(table, want) {
			t.Errorf("%q is not in\n%s", want, table)
		}
	}
	for i, line := range strings.Split(strings.TrimSuffix(table, "\n"), "\n") {
		if len(line) != 149 {
			t.Errorf("line %d has %d characters", i, len(line))
		}
	}
	if fib := w.b.FibTrie(); !strings.Contains(fib, "|-- 10.0.0.2\n           /32 host LOCAL\n") || strings.Contains(fib, "|-- 10.0.0.1\n") {
		t.Error(fib)
	}
}

// A machine that went away in the middle of a cut says no word. When another
// one has its address, what is still sent is answered with a reset.
func TestAnAddressInOtherHandsResets(t *testing.T) {
	w := newWorld()
	near, _ := w.connect(t)
	w.set(fabric.Way{})
	w.b.Close()
	reading := make(chan error, 1)
	go func() {
		_, err := near.Read(make([]byte, 1))
		reading <- err
	}()
	if _, err := io.WriteString(near, "x"); err != nil {
		t.Fatalf("nobody has refused it yet: %v", err)
	}
	w.set(fabric.Way{Open: true})
	select {
	case err := <-reading:
		t.Fatalf("nobody has the address, and yet: %v", err)
	default:
	}
	w.f.Space("b again").Plug("ethwe", w.seg, netip.MustParsePrefix("10.0.0.2/24"))
	if err := <-reading; !errors.Is(err, syscall.ECONNRESET) {
		t.Errorf("reading: %v", err)
	}
	if _, err := io.WriteString(near, "y"); err == nil {
		t.Error("a connection that was reset takes more")
	}
	if strings.Contains(w.a.TCP(), ":AC15 01") {
		t.Errorf("it is still listed:\n%s", w.a.TCP())
	}
}
