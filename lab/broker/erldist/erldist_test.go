package erldist_test

import (
	"context"
	"encoding/json"
	"errors"
	"net"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"vmqbot/lab/broker/erldist"
)

// node is one end of the distribution in a test.
type node struct {
	epmd int
	mu   sync.Mutex
	seen []string
}

func (n *node) Handle(ctx context.Context, from erldist.Peer, op string, body json.RawMessage) (any, error) {
	switch op {
	case "echo":
		return body, nil
	case "fail":
		return nil, errors.New("not_reachable")
	case "hang":
		<-ctx.Done()
		return nil, ctx.Err()
	}
	n.note(op + string(body) + " of " + from.Node)
	return nil, nil
}

func (n *node) Up(p erldist.Peer)   { n.note("up " + p.Node) }
func (n *node) Gone(p erldist.Peer) { n.note("gone " + p.Node) }

func (n *node) note(s string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.seen = append(n.seen, s)
}

func (n *node) wait(t *testing.T, want string) {
	t.Helper()
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for end := time.Now().Add(5 * time.Second); ; <-tick.C {
		n.mu.Lock()
		got := strings.Join(n.seen, ", ")
		n.mu.Unlock()
		if got == want {
			return
		}
		if time.Now().After(end) {
			t.Fatalf("saw %q, want %q", got, want)
		}
	}
}

// serve starts VerneMQ@127.0.0.1 on free ports.
func serve(t *testing.T, tick time.Duration) (*node, func()) {
	t.Helper()
	listen := func() net.Listener {
		ln, err := net.Listen("tcp4", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		return ln
	}
	epmd, dist := listen(), listen()
	n := &node{epmd: epmd.Addr().(*net.TCPAddr).Port}
	ctx, cancel := context.WithCancel(context.Background())
	s := &erldist.Server{Self: erldist.Identity{Node: "VerneMQ@127.0.0.1", Cookie: "secret"}, NetTick: tick, Handler: n}
	var wg sync.WaitGroup
	wg.Go(func() { s.Serve(ctx, dist) })
	wg.Go(func() { erldist.ServeEpmd(epmd, "VerneMQ", dist.Addr().(*net.TCPAddr).Port) })
	stop := sync.OnceFunc(func() {
		cancel()
		epmd.Close()
		wg.Wait()
	})
	t.Cleanup(stop)
	return n, stop
}

func dial(t *testing.T, n *node, target, cookie string, tick time.Duration) (*erldist.Link, error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
	defer cancel()
	l, err := erldist.Dial(ctx, erldist.DialOptions{Dialer: &net.Dialer{}, EpmdPort: n.epmd, NetTick: tick,
		Self: erldist.Identity{Node: "other@127.0.0.2", Cookie: cookie}}, target)
	if err == nil {
		t.Cleanup(l.Close)
	}
	return l, err
}

func TestCallsAndCasts(t *testing.T) {
	n, stop := serve(t, time.Minute)
	l, err := dial(t, n, "VerneMQ@127.0.0.1", "secret", time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	var got string
	if err := l.Call(t.Context(), "echo", "hello", &got); err != nil || got != "hello" {
		t.Errorf("echo: %q %v", got, err)
	}
	var remote erldist.RemoteError
	if err := l.Call(t.Context(), "fail", nil, nil); !errors.As(err, &remote) || remote.Error() != "not_reachable" {
		t.Errorf("fail: %v", err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	if err := l.Call(ctx, "hang", nil, nil); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("hang: %v", err)
	}
	for _, v := range []int{1, 2, 3} {
		if err := l.Cast("news", v); err != nil {
			t.Fatal(err)
		}
	}
	n.wait(t, "up other@127.0.0.2, news1 of other@127.0.0.2, news2 of other@127.0.0.2, news3 of other@127.0.0.2")
	waiting := make(chan error, 1)
	go func() { waiting <- l.Call(t.Context(), "hang", nil, nil) }()
	stop()
	if err := <-waiting; err == nil {
		t.Error("the call outlived the node")
	}
	<-l.Done()
	if err := l.Call(t.Context(), "echo", 1, nil); !errors.Is(err, erldist.ErrDown) {
		t.Errorf("after the end: %v", err)
	}
}

// Wrong name, wrong cookie and nobody there look alike.
func TestRefusals(t *testing.T) {
	n, _ := serve(t, time.Minute)
	for _, c := range []struct{ target, cookie string }{
		{"VerneMQ@127.0.0.1", "wrong"}, {"Verne@127.0.0.1", "secret"}, {"VerneMQ@127.0.0.9", "secret"}, {"nonsense", "secret"}, {"a@b@c", "secret"},
	} {
		if _, err := dial(t, n, c.target, c.cookie, time.Minute); err == nil {
			t.Errorf("%s with cookie %s was let in", c.target, c.cookie)
		}
	}
	n.wait(t, "")
}

// A peer that keeps ticking stays up for longer than the tick time.
func TestTicksKeepALinkUp(t *testing.T) {
	const tick = 80 * time.Millisecond
	n, _ := serve(t, tick)
	l, err := dial(t, n, "VerneMQ@127.0.0.1", "secret", tick)
	if err != nil {
		t.Fatal(err)
	}
	idle := time.NewTimer(4 * tick)
	defer idle.Stop()
	select {
	case <-l.Done():
		t.Error("an idle link ended")
	case <-idle.C:
	}
	if l.Ended() || l.Call(t.Context(), "echo", 1, nil) != nil {
		t.Error("the link does not work any more")
	}
}

// A peer that is silent is down after the tick time.
func TestSilenceEndsALink(t *testing.T) {
	n, _ := serve(t, time.Hour) // it ticks once a quarter of an hour
	l, err := dial(t, n, "VerneMQ@127.0.0.1", "secret", 80*time.Millisecond)
	if err != nil {
		t.Fatal(err)
	}
	select {
	case <-l.Done():
	case <-time.After(5 * time.Second):
		t.Error("a silent peer is still up")
	}
}

func TestParseTerms(t *testing.T) {
	got, err := erldist.ParseTerms(`vmq. {10,0,0,2}. 44053. []. 'Verne MQ'. "s". [{a,-1}].`)
	want := []erldist.Term{erldist.AtomTerm("vmq"), erldist.Tuple{10, 0, 0, 2}, 44053, erldist.List(nil), erldist.AtomTerm("Verne MQ"), "s",
		erldist.List{erldist.Tuple{erldist.AtomTerm("a"), -1}}}
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("%#v %v", got, err)
	}
	for _, bad := range []string{"a", "vmq, {10,0,0,2}.", "{1,2.", "[1 2].", "Upper.", `"open.`, "1a.", ".", "{1,}."} {
		if got, err := erldist.ParseTerms(bad); err == nil {
			t.Errorf("%q is %#v", bad, got)
		}
	}
}

func TestAtom(t *testing.T) {
	for in, want := range map[string]string{"VerneMQ@10.0.0.1": "'VerneMQ@10.0.0.1'", "ok": "ok", "a_1@b": "a_1@b", "": "''", "it's": `'it\'s'`} {
		if got := erldist.Atom(in); got != want {
			t.Errorf("%q is %s, want %s", in, got, want)
		}
	}
}
