package broker_test

import (
	"context"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"vmqbot/lab/broker"
	"vmqbot/lab/broker/clique"
	"vmqbot/lab/broker/conf"
)

// patience is the limit of what is sure to come, however busy this machine is.
const patience = time.Minute

// fast is VerneMQ with its delays cut to what a test can wait for, and with
// patience where a delay ends the waiting for an answer: a busy machine is no
// dead node. What a silent node looks like is up to the underlay.
var fast = broker.Timing{
	Boot: 5 * time.Millisecond, Listeners: 20 * time.Millisecond, AccessList: 0, Stop: 5 * time.Millisecond,
	NetTick: time.Hour, NotReady: 30 * time.Millisecond, Ready: 100 * time.Millisecond,
	Reconnect: 30 * time.Millisecond, Exchange: 60 * time.Millisecond, Gossip: 30 * time.Millisecond,
	Adopt: 300 * time.Millisecond, Unreachable: patience, RepairQueues: 10 * time.Millisecond, RPC: patience,
}

// world is some nodes on loopback addresses that are as long as the samples'
// own, 127.7.0.1 for 10.77.0.1, so that tables keep their widths.
type world struct {
	t     *testing.T
	net   *underlay
	base  string // "127.7.0."
	nodes map[int]*runner
}

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{t: t, net: newUnderlay(), nodes: map[int]*runner{}}
	for n := 1; n < 10; n++ { // other tests on this machine may have the first ones
		base := fmt.Sprintf("127.%d.0.", n)
		hold, err := net.Listen("tcp4", base+"200:4369")
		if err != nil {
			continue
		}
		t.Cleanup(func() { hold.Close() })
		w.base = base
		return w
	}
	t.Fatal("no free loopback network among 127.1.0.0 to 127.9.0.0")
	return nil
}

func (w *world) ip(i int) string   { return w.base + strconv.Itoa(i) }
func (w *world) name(i int) string { return "VerneMQ@" + w.ip(i) }

// runner is one node of a world and how to start it.
type runner struct {
	w       *world
	i       int
	dir     string
	version string
	timing  broker.Timing
	cookie  string
	mqtt    string   // the MQTT port's address; "" for none
	http    string   // the HTTP port's address
	conf    []string // lines beside the usual ones

	passwords string // of vmq_passwd

	node   *broker.Node
	cancel context.CancelFunc
	done   chan error
}

// plan describes a node that is not running yet.
func (w *world) plan(i int, lines ...string) *runner {
	r := &runner{w: w, i: i, dir: w.t.TempDir(), version: "2.1.2", timing: fast, cookie: "vmqlab",
		mqtt: w.ip(i), http: w.ip(i), conf: lines}
	w.nodes[i] = r
	return r
}

// start runs a new node until its listeners are open.
func (w *world) start(i int, lines ...string) *runner {
	w.t.Helper()
	r := w.plan(i, lines...)
	r.start()
	return r
}

func (r *runner) text() string {
	ip := r.w.ip(r.i)
	lines := []string{
		"nodename = VerneMQ@" + ip, "distributed_cookie = " + r.cookie, "allow_anonymous = on",
		"listener.vmq.clustering = " + ip + ":44053", "listener.http.default = " + r.http + ":8888",
	}
	if r.mqtt != "" {
		lines = append(lines, "listener.tcp.default = "+r.mqtt+":1883")
	}
	return strings.Join(append(lines, r.conf...), "\n") + "\n"
}

func (r *runner) start() {
	r.w.t.Helper()
	r.launch()
	until(r.w.t, "the command line of node "+strconv.Itoa(r.i), func() bool {
		return !strings.HasPrefix(r.admin("cluster", "show").Stdout, "Error: Usage")
	})
}

// launch begins a start and does not wait.
func (r *runner) launch() {
	r.w.t.Helper()
	etc := fstest.MapFS{"vernemq.conf": {Data: []byte(r.text())}}
	c, err := conf.Load(etc, "/etc/vernemq", strings.HasPrefix(r.version, "1."))
	if err != nil {
		r.w.t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(r.dir, "vmq.passwd"), []byte(r.passwords), 0o600); err != nil {
		r.w.t.Fatal(err)
	}
	r.node, err = broker.New(broker.Options{Version: r.version, Config: c, Etc: r.dir, Data: filepath.Join(r.dir, "data"),
		Logs: filepath.Join(r.dir, "log"), Network: face{r.w.net, r.w.ip(r.i)}, Timing: r.timing})
	if err != nil {
		r.w.t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	r.cancel, r.done = cancel, make(chan error, 1)
	node, done := r.node, r.done
	go func() { done <- node.Run(ctx) }()
	r.w.t.Cleanup(r.kill)
}

// stop is `vernemq stop`.
func (r *runner) stop() {
	r.node.Stop()
	r.wait()
}

// kill ends the node as a test's end does.
func (r *runner) kill() {
	r.cancel()
	r.wait()
}

func (r *runner) wait() {
	r.w.t.Helper()
	select {
	case err := <-r.done:
		r.done <- err
		if err != nil {
			r.w.t.Errorf("node %d ended with %v", r.i, err)
		}
	case <-time.After(patience):
		r.w.t.Fatalf("node %d does not end", r.i)
	}
}

func (r *runner) admin(argv ...string) clique.Output {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	return r.node.Admin(ctx, argv)
}

// do runs a command that has to print one text with exit status 0.
func (r *runner) do(want string, argv ...string) {
	r.w.t.Helper()
	if o := r.admin(argv...); o.Exit != 0 || strings.TrimSpace(o.Stdout) != want {
		r.w.t.Fatalf("vmq-admin %v on node %d: exit %d, %q, want %q", argv, r.i, o.Exit, o.Stdout, want)
	}
}

// slower does something with a time of its own, and with twice that until the
// machine is fast enough for it.
func slower(t *testing.T, d time.Duration, done func(time.Duration) bool) {
	t.Helper()
	for ; !done(d); d *= 2 {
		if d > patience {
			t.Fatalf("not seen with %s either", d)
		}
	}
}

func (r *runner) log(name string) string {
	b, err := os.ReadFile(filepath.Join(r.dir, "log", name))
	if err != nil {
		r.w.t.Fatal(err)
	}
	return string(b)
}

// until polls a condition with patience.
func until(t *testing.T, what string, ok func() bool) {
	t.Helper()
	tick := time.NewTicker(3 * time.Millisecond)
	defer tick.Stop()
	end := time.Now().Add(patience)
	for !ok() {
		if time.Now().After(end) {
			t.Fatalf("waited %s for %s", patience, what)
		}
		<-tick.C
	}
}
