package look_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/tools/txtar"

	"vmqbot/executor/engine"
	"vmqbot/executor/engine/enginetest"
	"vmqbot/executor/look"
	"vmqbot/executor/wire"
	"vmqbot/facts"
	"vmqbot/regions"
)

var docker *enginetest.Docker

func TestMain(m *testing.M) { enginetest.Main(m, func(d *enginetest.Docker) { docker = d }) }

// router stands for weave's API: the report of a real router, on a port.
func router(t *testing.T) string {
	t.Helper()
	a, err := txtar.ParseFile("testdata/weave-report.txtar")
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(a.Files, func(f txtar.File) bool { return f.Name == "stdout" })
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/report" || r.Header.Get("Accept") != "application/json" {
			http.Error(w, "no", http.StatusBadRequest)
			return
		}
		_, _ = w.Write(a.Files[i].Data)
	}))
	t.Cleanup(s.Close)
	return strings.TrimPrefix(s.URL, "http://")
}

func node(name, address string) regions.Node {
	return regions.Node{Name: name, Region: name[:2], Host: name + ".example.net", Container: "vernemq-" + name, Address: netip.MustParsePrefix(address)}
}

var cn, sg = node("cn-1", "127.0.0.1/24"), node("sg-1", "127.0.0.2/24")

// looker looks at hosts by node name, with patience where o does not say less.
func looker(t *testing.T, hosts map[string]*enginetest.Host, o look.Options) *look.Looker {
	t.Helper()
	enginetest.Need(t)
	dial := func(n regions.Node) engine.Host {
		h := hosts[n.Name]
		h.Docker = docker
		return h
	}
	if o.Base == 0 {
		o.Base, o.Broker = patience, patience
	}
	engines := engine.NewPool(dial)
	l := look.New(dial, engines, regions.MQTT{Port: 1883, Topic: "vmqbot/probe", Timeout: time.Second}, o)
	t.Cleanup(engines.Close)
	t.Cleanup(l.Close)
	return l
}

func TestOneLookSeesEverything(t *testing.T) {
	h := &enginetest.Host{Weave: router(t)}
	l := looker(t, map[string]*enginetest.Host{"cn-1": h}, look.Options{})
	up(t, cn.Container, "LISTEN=127.0.0.1:44053 0.0.0.0:1883")
	for round := range 2 { // cold and warm
		begun := time.Now().Truncate(time.Second) // the clock is read in whole seconds
		f := l.Look(t.Context(), []regions.Node{cn}, facts.Need{})
		n := f.Nodes["cn-1"]
		host, ok := n.Host.Get()
		if !ok || host.Clock.Before(begun) || host.Clock.After(time.Now()) || len(host.StaleVeths) != 0 {
			t.Errorf("host: %+v %s", host, n.Host.Why())
		}
		if d, ok := n.Docker.Get(); !ok || d.Version == "" || len(d.Containers) != 1 {
			t.Errorf("docker: %+v %s", d, n.Docker.Why())
		}
		c, ok := n.Container.Get()
		if !ok || !c.Running || !strings.HasPrefix(c.Status, "Up ") {
			t.Errorf("container: %+v %s", c, n.Container.Why())
		}
		ns, ok := n.Netns.Get()
		exact, _ := ns.Listens(netip.MustParseAddrPort("127.0.0.1:44053"))
		_, any := ns.Listens(netip.MustParseAddrPort("10.0.0.1:1883"))
		if !ok || ns.PID != c.PID || !ns.Has(netip.MustParseAddr("127.0.0.1")) || !exact || !any {
			t.Errorf("netns: %+v %s", ns, n.Netns.Why())
		}
		if w, ok := n.Weave.Get(); !ok || w.NickName != "eu" || len(w.Peers) == 0 {
			t.Errorf("weave: %+v %s", w, n.Weave.Why())
		}
		if n.Broker.Blind() != facts.NotAsked || n.Log.Blind() != facts.NotAsked || n.Images.Blind() != facts.NotAsked || f.Crossings != nil || f.Pings != nil {
			t.Errorf("round %d read what nobody asked for: %+v", round, f)
		}
	}
}

func TestARestartedContainerIsReadAnew(t *testing.T) {
	l := looker(t, map[string]*enginetest.Host{"cn-1": {}}, look.Options{})
	docker.Container(t, cn.Container, "LISTEN=127.0.0.1:44053")
	before, ok := l.Look(t.Context(), []regions.Node{cn}, facts.Need{}).Nodes["cn-1"].Netns.Get()
	if !ok {
		t.Fatal("not seen")
	}
	if _, err := docker.Command(t.Context(), "restart", cn.Container); err != nil {
		t.Fatal(err)
	}
	seen := l.Look(t.Context(), []regions.Node{cn}, facts.Need{}).Nodes["cn-1"]
	after, ok := seen.Netns.Get()
	if c, _ := seen.Container.Get(); !ok || after.PID == before.PID || after.PID != c.PID {
		t.Errorf("process %d, then %d (the container's is %d): %s", before.PID, after.PID, c.PID, seen.Netns.Why())
	}
}

// TestWarmLooksTakeOneRoundTrip proves the price of a look on a slow way: two
// round trips never take less than twice one, and a busy machine may need a
// longer way to show that it was one.
func TestWarmLooksTakeOneRoundTrip(t *testing.T) {
	enginetest.Need(t)
	weave := router(t)
	docker.Container(t, cn.Container)
	docker.Container(t, sg.Container)
	slower(t, 250*time.Millisecond, func(rtt time.Duration) bool {
		hosts := map[string]*enginetest.Host{"cn-1": {RTT: rtt, Weave: weave}, "sg-1": {RTT: rtt, Weave: weave}}
		l := looker(t, hosts, look.Options{Base: 2 * patience})
		cold := l.Look(t.Context(), []regions.Node{cn, sg}, facts.Need{})
		dials := hosts["cn-1"].Dials.Load()
		warm := l.Look(t.Context(), []regions.Node{cn, sg}, facts.Need{})
		again := hosts["cn-1"].Dials.Load()
		t.Logf("cold %v, warm %v at %v a round trip, %d connections, then %d", cold.Took, warm.Took, rtt, dials, again)
		if n := hosts["cn-1"].Pipes.Load(); n != 1 {
			t.Errorf("%d readers", n)
		}
		if h, _ := warm.Nodes["sg-1"].Host.Get(); h.RTT < rtt || h.Fresh {
			t.Errorf("the round trip is %v: %+v", rtt, h)
		}
		if n := warm.Nodes["sg-1"]; !n.Netns.OK() || !n.Weave.OK() || !n.Docker.OK() || !n.Host.OK() {
			t.Errorf("%+v", n)
		}
		return again == dials && warm.Took < 2*rtt
	})
}

func TestWhatIsNotSeenHasAReason(t *testing.T) {
	refused := func(b facts.Blind) error {
		return &wire.Error{Blind: b, Tried: "connecting to ops@cn-1.example.net:22", Why: "nothing listens there (connection refused)"}
	}
	for _, c := range []struct {
		what      string
		host      *enginetest.Host
		container string // its state: running, dead, or "" for none
		want      [5]facts.Blind
		says      string // in the first reason
	}{
		{"all is well", &enginetest.Host{Weave: router(t)}, "running", [5]facts.Blind{}, ""},
		{"unreachable", &enginetest.Host{Refuse: refused(facts.Unreachable)}, "", all(facts.Unreachable), "connecting to ops@cn-1"},
		{"wrong host key", &enginetest.Host{Refuse: refused(facts.BadHostKey)}, "", all(facts.BadHostKey), "connection refused"},
		{"unknown host", &enginetest.Host{Refuse: refused(facts.NewHostKey)}, "", all(facts.NewHostKey), "connection refused"},
		{"login refused", &enginetest.Host{Refuse: refused(facts.LoginDenied)}, "", all(facts.LoginDenied), "connection refused"},
		{"no container", &enginetest.Host{Weave: router(t)}, "", [5]facts.Blind{2: facts.Absent, 3: facts.Absent}, "No such container"},
		{"a dead container", &enginetest.Host{Weave: router(t)}, "dead", [5]facts.Blind{3: facts.Down}, "is exited"},
		{"no weave", &enginetest.Host{}, "running", [5]facts.Blind{4: facts.Down}, "weave is not running"},
		{"Docker is down", &enginetest.Host{Weave: router(t), Socket: errors.New("refused"), Path: fakeDocker(t)}, "running",
			[5]facts.Blind{1: facts.Down, 2: facts.Down, 3: facts.Down}, "Docker is not running"},
	} {
		t.Run(c.what, func(t *testing.T) {
			l := looker(t, map[string]*enginetest.Host{"cn-1": c.host}, look.Options{})
			if c.container != "" {
				docker.Container(t, cn.Container)
			}
			if c.container == "dead" {
				if _, err := docker.Command(t.Context(), "kill", cn.Container); err != nil {
					t.Fatal(err)
				}
			}
			n := l.Look(t.Context(), []regions.Node{cn}, facts.Need{}).Nodes["cn-1"]
			got := [5]facts.Blind{n.Host.Blind(), n.Docker.Blind(), n.Container.Blind(), n.Netns.Blind(), n.Weave.Blind()}
			why := strings.Join([]string{n.Host.Why(), n.Docker.Why(), n.Container.Why(), n.Netns.Why(), n.Weave.Why()}, "\n")
			if got != c.want || !strings.Contains(why, c.says) {
				t.Errorf("%q\n%s", got, why)
			}
		})
	}
}

func all(b facts.Blind) [5]facts.Blind { return [5]facts.Blind{b, b, b, b, b} }

func TestAHostThatHangsCostsOnlyItsOwnTime(t *testing.T) {
	enginetest.Need(t)
	docker.Container(t, sg.Container)
	weave := router(t)
	slower(t, time.Second, func(base time.Duration) bool {
		hosts := map[string]*enginetest.Host{"cn-1": {RTT: time.Hour}, "sg-1": {Weave: weave}}
		l := looker(t, hosts, look.Options{Base: base, Broker: time.Hour})
		ctx, cancel := context.WithTimeout(t.Context(), base+patience)
		defer cancel()
		f := l.Look(ctx, []regions.Node{cn, sg}, facts.Need{})
		if ctx.Err() != nil {
			t.Errorf("it took %v, and not the %v of one host", f.Took, base)
		}
		if n := f.Nodes["cn-1"]; n.Host.Blind() != facts.TooLate || n.Docker.Blind() != facts.TooLate || n.Netns.Blind() != facts.TooLate || n.Weave.Blind() != facts.TooLate {
			t.Errorf("%+v", n)
		}
		n := f.Nodes["sg-1"]
		return n.Host.OK() && n.Netns.OK() && n.Weave.OK()
	})
}
