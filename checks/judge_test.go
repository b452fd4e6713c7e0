package checks_test

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"vmqbot/checks"
	"vmqbot/facts"
	"vmqbot/regions"
)

func (w *world) judgeAll() []checks.Observation {
	return checks.Judge(w.fleet, w.seen, w.fleet.Nodes())
}

func TestHealthyFleetIsAllOK(t *testing.T) {
	w := healthy()
	all := w.judgeAll()
	for _, o := range all {
		if o.Verdict != checks.OK {
			t.Errorf("%s at %s is %s: %s", o.Check, o.Where(), o.Verdict, o.Evidence)
		}
		wellSaid(t, w.fleet, o)
	}
	nodes, links := 0, 0
	for _, c := range checks.All() {
		switch {
		case c.Named, c.Past: // no part of one look
		case c.Link():
			links++
		default:
			nodes++
		}
	}
	if want := nodes*4 + links*12; len(all) != want {
		t.Errorf("%d observations, want %d: every node once and every ordered pair once", len(all), want)
	}
}

// The order of the answer is that of the nodes asked for; within a node a
// check comes after everything it needs.
func TestOrder(t *testing.T) {
	w := healthy()
	asked := []regions.Node{w.node(t, "eu-1"), w.node(t, "cn-1")}
	var nodes, done []string
	for _, o := range checks.Judge(w.fleet, w.seen, asked) {
		if !slices.Contains(nodes, o.Node) {
			nodes, done = append(nodes, o.Node), nil
		}
		c, _ := checks.Find(o.Check)
		for _, need := range c.Needs {
			if !slices.Contains(done, need) {
				t.Errorf("%s is judged before %s, which it needs", c.Name, need)
			}
		}
		done = append(done, o.Check)
	}
	if !slices.Equal(nodes, []string{"eu-1", "cn-1"}) {
		t.Errorf("nodes in the order %v", nodes)
	}
}

func TestOneCauseIsReportedOnce(t *testing.T) {
	for _, c := range []struct {
		name   string
		broken func(*world)
		want   string // every bad observation
	}{
		{"a host is dead", func(w *world) { w.unsee("cn-1") }, "host cn-1"},
		{"Docker is down", missDocker(facts.Down, ""), "docker cn-1"},
		{"the container ended", inState("exited", nil), "container cn-1"},
		{"the address is lost while the broker runs on", has("127.0.0.1 172.17.0.2"), "ip cn-1"},
		{"the port was never bound", f2, "port cn-1"},
		{"the router is down", missWeave(facts.Down, ""), "router cn-1"},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := healthy()
			c.broken(w)
			var found []string
			for _, o := range w.judgeAll() {
				wellSaid(t, w.fleet, o)
				if o.Verdict == checks.Bad {
					found = append(found, o.Check+" "+o.Where())
				}
			}
			if got := strings.Join(found, ", "); got != c.want {
				t.Errorf("bad: %s\nwant: %s", got, c.want)
			}
		})
	}
}

func TestChecksThatWereNotAskedForAreLeftOut(t *testing.T) {
	w := healthy()
	baseLook(w)
	cn := []regions.Node{w.node(t, "cn-1")}
	var judged []string
	for _, o := range checks.Judge(w.fleet, w.seen, cn) {
		if !slices.Contains(judged, o.Check) {
			judged = append(judged, o.Check)
		}
	}
	want := "host clash clock docker router veth alone container image mtu peer doors gate ip loop oom port channel"
	if got := strings.Join(judged, " "); got != want {
		t.Errorf("a base look judges\n%s\nwant\n%s", got, want)
	}
	for _, name := range []string{"broker", "cluster", "ghost", "switches", "mqtt", "disk", "dropped", "netsplit", "queue", "loss", "latency"} {
		for _, o := range checks.Judge(w.fleet, w.seen, cn, name) {
			if o.Verdict != checks.Unknown {
				t.Errorf("%s was named and nobody looked: got %s, %s", name, o.Verdict, o.Evidence)
			}
		}
	}
}

// A host that could not be reached has no broker's facts either; that must
// not look as if nobody had asked.
func TestAnUnseenNodeIsNotLeftOut(t *testing.T) {
	w := healthy()
	for _, n := range names {
		w.unsee(n)
	}
	got := checks.Judge(w.fleet, w.seen, []regions.Node{w.node(t, "cn-1")})
	for _, name := range []string{"broker", "switches", "mqtt", "disk", "webhook"} {
		if !slices.ContainsFunc(got, func(o checks.Observation) bool { return o.Check == name && o.Verdict == checks.Unknown }) {
			t.Errorf("%s of a node that cannot be seen must be Unknown, not left out", name)
		}
	}
}

func TestOne(t *testing.T) {
	w := healthy()
	f2(w)
	w.unsee("eu-1")
	for _, c := range []struct {
		name, node, check string
		want              checks.Verdict
		evidence          string
	}{
		{"a node", "sg-1", "port", checks.OK, "listens as type vmq"},
		{"a bad node", "cn-1", "port", checks.Bad, "not bound"},
		{"the worst of its links", "us-1", "channel", checks.Unknown, "not checked"},
		{"a node that is not seen", "eu-1", "ip", checks.Unknown, "host is bad"},
		{"a check that does not exist", "cn-1", "ping", checks.Unknown, "no check is named ping"},
	} {
		t.Run(c.name, func(t *testing.T) {
			o := checks.One(w.fleet, w.seen, w.node(t, c.node), c.check)
			if o.Verdict != c.want || !strings.Contains(o.Evidence, c.evidence) || o.Node != c.node || o.Check != c.check {
				t.Errorf("got %+v", o)
			}
		})
	}
}

func TestWorst(t *testing.T) {
	of := func(vs ...checks.Verdict) (all []checks.Observation) {
		for _, v := range vs {
			all = append(all, checks.Observation{Verdict: v})
		}
		return all
	}
	for _, c := range []struct {
		name string
		all  []checks.Observation
		want checks.Verdict
	}{
		{"nothing", nil, checks.Unknown},
		{"all right", of(checks.OK, checks.OK), checks.OK},
		{"one not known", of(checks.OK, checks.Unknown, checks.OK), checks.Unknown},
		{"bad comes first", of(checks.OK, checks.Unknown, checks.Bad, checks.Unknown), checks.Bad},
	} {
		if got := checks.Worst(c.all).Verdict; got != c.want {
			t.Errorf("%s: got %s, want %s", c.name, got, c.want)
		}
	}
}

func TestOnlyNodeOfAFleetHasNoLinks(t *testing.T) {
	w := healthy()
	w.fleet.Regions = w.fleet.Regions[:1]
	cn := w.node(t, "cn-1")
	for _, name := range []string{"channel", "peer", "mqtt", "cluster"} {
		one := checks.One(w.fleet, w.seen, cn, name)
		between := checks.Between(w.fleet, w.seen, cn, nil, name)
		if one.Verdict != checks.OK || between.Verdict != checks.OK {
			t.Errorf("%s: One %s, Between %s; want ok: there is nothing to link", name, one.Verdict, between.Verdict)
		}
	}
}

func TestBetween(t *testing.T) {
	for _, c := range []struct {
		name   string
		broken func(*world)
		check  string
		among  []string
		want   checks.Verdict
	}{
		{"all is well", func(*world) {}, "channel", nil, checks.OK},
		{"a dead host counts when nobody says who counts", func(w *world) { w.unsee("eu-1") }, "channel", nil, checks.Unknown},
		{"a dead host that does not count", func(w *world) { w.unsee("eu-1") }, "channel", []string{"sg-1", "us-1"}, checks.OK},
		{"the way in counts as the way out does", crossedTo("sg-1", "cn-1", facts.TooLate, "none"), "mqtt", []string{"sg-1"}, checks.Bad},
		{"the way in from one that does not count", crossedTo("sg-1", "cn-1", facts.TooLate, "none"), "mqtt", []string{"us-1"}, checks.OK},
		{"how the others see it", func(w *world) { stopped(w, "sg-1", "VerneMQ@10.0.0.1") }, "cluster", []string{"sg-1"}, checks.Bad},
		{"two others are at odds", func(w *world) { stopped(w, "sg-1", "VerneMQ@10.0.0.4") }, "cluster", nil, checks.OK},
		{"a check of the node itself", f2, "port", []string{"sg-1"}, checks.Bad},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := healthy()
			c.broken(w)
			if o := checks.Between(w.fleet, w.seen, w.node(t, "cn-1"), c.among, c.check); o.Verdict != c.want {
				t.Errorf("got %s (%s: %s), want %s", o.Verdict, o.Where(), o.Evidence, c.want)
			}
		})
	}
}

// Whatever hosts are not seen: their nodes are Unknown but for the check
// host, links to them too (but for what a node's own view says), nobody is
// repaired, and what is seen is judged as before.
func TestUnseenIsNeverOKAndNeverBad(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := healthy()
		dark := map[string]bool{}
		for _, n := range names {
			if rapid.Bool().Draw(t, n+" unseen") {
				dark[n] = true
				b := rapid.SampledFrom([]facts.Blind{facts.Unreachable, facts.TooLate, facts.BadHostKey, facts.NotAsked, facts.Failed}).Draw(t, "why")
				w.blind(n, b, "why")
			}
		}
		for _, o := range w.judgeAll() {
			about := dark[o.Node] || dark[o.Peer] && o.Check != "cluster"
			switch {
			case o.Check == "host" && dark[o.Node] && o.Verdict == checks.OK:
				t.Fatalf("an unseen host is OK: %+v", o)
			case o.Check != "host" && about && o.Verdict != checks.Unknown:
				t.Fatalf("judged unseen: %+v", o)
			case !about && o.Verdict == checks.Bad:
				t.Fatalf("bad because another is unseen: %+v", o)
			case o.Repair != "":
				t.Fatalf("repairs because something is unseen: %+v", o)
			}
		}
	})
}
