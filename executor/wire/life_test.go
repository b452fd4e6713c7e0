package wire_test

import (
	"context"
	"net"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"vmqbot/executor/wire"
	"vmqbot/executor/wire/sshdtest"
	"vmqbot/facts"
	"vmqbot/ops"
	"vmqbot/regions"
	"vmqbot/secret"
)

func TestHostsWithTheSameSettingsShareOneConnection(t *testing.T) {
	t.Parallel()
	s := sshdtest.Start(t, sshdtest.Config{})
	p := newPool(t, wire.Options{})
	first, second, other := s.Node(), s.Node(), s.Node()
	second.Name, second.Container = "cn-2", "vernemq-release-cn-2"
	other.SSH.User = "somebody"
	if p.Host(first) != p.Host(second) {
		t.Error("two nodes of one host have two connections")
	}
	if p.Host(first) == p.Host(other) {
		t.Error("two users share a connection")
	}
	if strings.Contains(s.Log(), "publickey") {
		t.Error("Host dialed")
	}
}

func TestManyCallersMakeOneDial(t *testing.T) {
	t.Parallel()
	s := sshdtest.Start(t, sshdtest.Config{})
	proxy := sshdtest.NewProxy(t, s.Addr())
	h := newPool(t, wire.Options{}).Host(proxy.Node(t, s))
	var all sync.WaitGroup
	for range 50 {
		all.Go(func() {
			if err := h.Connect(within(t, patience)); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if n := proxy.Dialed(); n != 1 {
		t.Errorf("%d dials for 50 callers, want 1", n)
	}
}

func TestPingTellsAFreshConnection(t *testing.T) {
	t.Parallel()
	h, _ := aHost(t)
	for _, want := range []bool{true, false, false} {
		begin := time.Now()
		rtt, fresh, err := h.Ping(within(t, patience))
		if took := time.Since(begin); err != nil || fresh != want || rtt <= 0 || rtt > took {
			t.Errorf("fresh %v, want %v; %s of %s, error %v", fresh, want, rtt, took, err)
		}
	}
}

func TestADroppedConnectionIsMadeAgain(t *testing.T) {
	t.Parallel()
	s := sshdtest.Start(t, sshdtest.Config{})
	proxy := sshdtest.NewProxy(t, s.Addr())
	h := newPool(t, wire.Options{}).Host(proxy.Node(t, s))
	for i := range 5 {
		run(t, h, "true")
		proxy.Cut() // and at once, whether it was noticed or not:
		if _, fresh, err := h.Ping(within(t, patience)); err != nil || !fresh {
			t.Errorf("round %d: fresh %v, error %v", i, fresh, err)
		}
	}
	if n := proxy.Dialed(); n != 6 {
		t.Errorf("%d dials, want 6", n)
	}
}

func TestKeepaliveNoticesAFrozenHost(t *testing.T) {
	t.Parallel()
	s := sshdtest.Start(t, sshdtest.Config{})
	proxy := sshdtest.NewProxy(t, s.Addr())
	p, beats := wire.Beaten(patient(wire.New(wire.Options{})))
	h := closing(t, p).Host(proxy.Node(t, s))
	_, over := started(within(t, patience), t, h, family, nil)
	proxy.Freeze()
	for range 4 { // one asks and three miss; after fewer it would not take the next
		beat(t, beats)
	}
	wantError(t, <-over, facts.Failed, ops.Unseen, "outcome unknown")
	proxy.Thaw()
	if _, fresh, err := h.Ping(within(t, patience)); err != nil || !fresh {
		t.Errorf("fresh %v, error %v", fresh, err)
	}
}

func TestKeepaliveKeepsAHealthyConnection(t *testing.T) {
	t.Parallel()
	s := sshdtest.Start(t, sshdtest.Config{})
	p, beats := wire.Beaten(patient(wire.New(wire.Options{})))
	h := closing(t, p).Host(s.Node())
	run(t, h, "true")
	for range 8 {
		beat(t, beats)
		eventually(t, "it is answered", func() bool { return h.Asked() == 0 })
	}
	if _, fresh, err := h.Ping(within(t, patience)); err != nil || fresh {
		t.Errorf("fresh %v, error %v", fresh, err)
	}
}

func TestAConnectionMayLastLongerThanItsHandshake(t *testing.T) {
	t.Parallel()
	s := sshdtest.Start(t, sshdtest.Config{})
	slower(t, 200*time.Millisecond, func(limit time.Duration) bool {
		h := newPool(t, wire.Options{HandshakeTimeout: limit}).Host(s.Node())
		if err := h.Connect(within(t, patience)); err != nil {
			return false
		}
		run(t, h, "sleep", strconv.FormatFloat(limit.Seconds()+0.1, 'f', 1, 64))
		if _, fresh, err := h.Ping(within(t, patience)); err != nil || fresh {
			t.Errorf("fresh %v, error %v", fresh, err)
		}
		return true
	})
}

func TestRecycleLetsTheOldConnectionFinish(t *testing.T) {
	t.Parallel()
	s := sshdtest.Start(t, sshdtest.Config{})
	proxy := sshdtest.NewProxy(t, s.Addr())
	h := newPool(t, wire.Options{}).Host(proxy.Node(t, s))
	st, err := h.Stream(within(t, patience), echo)
	if err != nil {
		t.Fatal(err)
	}
	pid, _ := st.Stdout.ReadString('\n')
	h.Recycle()
	if _, fresh, err := h.Ping(within(t, patience)); err != nil || !fresh {
		t.Errorf("fresh %v, error %v", fresh, err)
	}
	if _, err := st.Stdin.Write([]byte("four\n")); err != nil {
		t.Error(err)
	}
	if l, err := st.Stdout.ReadString('\n'); l != "4\n" {
		t.Errorf("the stream was cut: %q, %v", l, err)
	}
	_ = st.Close()
	allGone(t, []string{strings.TrimSpace(pid)})
	logged(t, s, "Connection closed by", 1)
}

func TestAMuteServerIsGivenUp(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0") // the kernel accepts, nobody speaks
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	s := sshdtest.Start(t, sshdtest.Config{})
	n := s.Node()
	n.SSH.Port = l.Addr().(*net.TCPAddr).Port
	h := newPool(t, wire.Options{HandshakeTimeout: 100 * time.Millisecond}).Host(n)
	wantError(t, h.Connect(within(t, patience)), facts.Unreachable, ops.Unseen, "did not speak ssh within 100ms")

	h = newPool(t, wire.Options{HandshakeTimeout: time.Hour}).Host(n)
	wantError(t, h.Connect(within(t, 100*time.Millisecond)), facts.TooLate, ops.Unseen, "no answer in time")
	ctx, cancel := context.WithCancel(within(t, patience))
	cancel()
	wantError(t, h.Connect(ctx), facts.Failed, ops.Refused, "cancelled before it began")
}

func TestUnreachableHostsSayWhatToType(t *testing.T) {
	t.Parallel()
	s := sshdtest.Start(t, sshdtest.Config{})
	p := newPool(t, wire.Options{})
	for _, c := range []struct {
		name   string
		change func(*regions.Node)
		blind  facts.Blind
		code   ops.Code
		says   []string
	}{
		{"nothing listens", func(n *regions.Node) { n.SSH.Port = 1 }, facts.Unreachable, ops.Unseen, []string{"connection refused", "ssh -p 1 "}},
		{"no such name", func(n *regions.Node) { n.Host = "cn-1.invalid" }, facts.Unreachable, ops.Unseen, []string{"cn-1.invalid does not resolve"}},
		{"behind a jump host", func(n *regions.Node) { n.SSH.Jump, n.SSH.Port = s.Addr(), 1 }, facts.Unreachable, ops.Unseen,
			[]string{s.Addr() + " could not reach it (Connection refused)", "-J "}},
		{"a jump host that is gone", func(n *regions.Node) { n.SSH.Jump = "127.0.0.1:1" }, facts.Unreachable, ops.Unseen, []string{"connecting to " + s.User + "@127.0.0.1:1"}},
		{"a jump host that is none", func(n *regions.Node) { n.SSH.Jump = "a b;c" }, facts.Failed, ops.Invalid, []string{`"a b;c" is not of the form`}},
		{"an empty hop", func(n *regions.Node) { n.SSH.Jump = "a,,b" }, facts.Failed, ops.Invalid, []string{"[user@]host[:port]"}},
		{"a port that is none", func(n *regions.Node) { n.SSH.Jump = "a:70000" }, facts.Failed, ops.Invalid, []string{"a:70000"}},
		{"no host", func(n *regions.Node) { n.Host = "" }, facts.Failed, ops.Invalid, []string{"gives no host"}},
		{"no user", func(n *regions.Node) { n.SSH.User = "" }, facts.Failed, ops.Invalid, []string{"gives no ssh user"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			n := s.Node()
			c.change(&n)
			_, err := p.Host(n).Run(within(t, patience), secret.Words("true"), wire.RunOptions{})
			wantError(t, err, c.blind, c.code, c.says...)
		})
	}
	// A jump host that cannot reach the target is no full one, to be tried again.
	logged(t, s, "port 1: failed", 1)
}

func TestResetsDuringTheHandshakeAreTriedAgain(t *testing.T) {
	t.Parallel()
	s := sshdtest.Start(t, sshdtest.Config{})
	proxy := sshdtest.NewProxy(t, s.Addr())
	h := closing(t, wire.New(wire.Options{})).Host(proxy.Node(t, s))
	proxy.ResetNext(3)
	if err := h.Connect(within(t, patience)); err != nil || proxy.Dialed() != 4 {
		t.Errorf("%d dials, error %v", proxy.Dialed(), err)
	}
	proxy.ResetNext(1000)
	proxy.Cut()
	_ = h.Connect(within(t, patience)) // perhaps not noticed yet
	eventually(t, "the cut is noticed", func() bool { return h.Connect(within(t, patience)) != nil })
	wantError(t, h.Connect(within(t, patience)), facts.Unreachable, ops.Unseen, "MaxStartups")
}

func TestAHundredHostsAtOneServerWithSmallMaxStartups(t *testing.T) {
	t.Parallel()
	s := sshdtest.Start(t, sshdtest.Config{Listen: "0.0.0.0", Lines: []string{"MaxStartups 10:30:100"}})
	p := newPool(t, wire.Options{})
	n := s.Node()
	n.SSH.KnownHosts = file(t, "* "+keyOf(s.KnownHosts, t))
	var all sync.WaitGroup
	for i := range 100 {
		all.Go(func() {
			n := n
			n.Host = "127.0.1." + itoa(i+1)
			n.SSH.Jump = s.Addr() // one relay: eight handshakes at once behind it
			run(t, p.Host(n), "true")
		})
	}
	all.Wait()
}

func TestEightHandshakesAtMostAtOneFirstHop(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0") // mute, so that every handshake lasts
	if err != nil {
		t.Fatal(err)
	}
	var accepted atomic.Int32
	var server sync.WaitGroup
	server.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			accepted.Add(1)
			defer func() { _ = c.Close() }()
		}
	})
	n := sshdtest.Start(t, sshdtest.Config{}).Node()
	n.SSH.Port = l.Addr().(*net.TCPAddr).Port
	p := newPool(t, wire.Options{HandshakeTimeout: time.Hour})
	ctx, cancel := context.WithCancel(within(t, patience))
	var all sync.WaitGroup
	for i := range 20 {
		n.SSH.User = "user" + itoa(i)
		h := p.Host(n)
		all.Go(func() { _ = h.Connect(ctx) })
	}
	eventually(t, "eight have begun", func() bool { return accepted.Load() >= 8 })
	wantError(t, p.Host(n).Connect(within(t, 200*time.Millisecond)), facts.TooLate, ops.Unseen)
	cancel()
	all.Wait()
	_ = l.Close()
	server.Wait()
	if got := accepted.Load(); got != 8 {
		t.Errorf("%d handshakes at once, want 8 of 20", got)
	}
}

func TestNothingStaysAfterManyConnections(t *testing.T) {
	s := sshdtest.Start(t, sshdtest.Config{})
	before := runtime.NumGoroutine()
	for range 20 {
		p := wire.New(wire.Options{})
		run(t, p.Host(s.Node()), "true")
		closeWithin(t, p, patience)
	}
	eventually(t, "all goroutines have ended", func() bool { return runtime.NumGoroutine() <= before })
}

// TestEachDialIsTold: one that works, and one that does not.
func TestEachDialIsTold(t *testing.T) {
	t.Parallel()
	s := sshdtest.Start(t, sshdtest.Config{})
	told := make(chan string, 10)
	p := newPool(t, wire.Options{Dialed: func(addr string, err error) { told <- addr + " " + strconv.FormatBool(err == nil) }})
	good := s.Node()
	run(t, p.Host(good), "true")
	if got := <-told; got != s.Addr()+" true" {
		t.Errorf("told %q", got)
	}
	stranger := sshdtest.Start(t, sshdtest.Config{})
	bad := stranger.Node()
	bad.SSH.KnownHosts = s.KnownHosts
	if err := p.Host(bad).Connect(within(t, patience)); err == nil {
		t.Fatal("an unknown host key was trusted")
	}
	if got := <-told; got != stranger.Addr()+" false" {
		t.Errorf("told %q", got)
	}
	run(t, p.Host(good), "true")
	select {
	case got := <-told:
		t.Errorf("a connection that is there was dialed: %q", got)
	default:
	}
}
