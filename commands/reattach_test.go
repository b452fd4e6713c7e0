package commands

import (
	"strings"
	"testing"
	"time"

	"vmqbot/facts"
	"vmqbot/facts/factstest"
	"vmqbot/ops"
	"vmqbot/regions"
	"vmqbot/vernemq"
	"vmqbot/weave"
)

// titles is the plan as its steps' titles, one a line.
func titles(p ops.Plan) string {
	var lines []string
	for _, s := range p.Steps {
		lines = append(lines, s.Title)
	}
	return strings.Join(lines, "\n")
}

const provenWith = `Prove the node in every view
Prove the data channels and an MQTT message, both ways`

// What reattach does in each world, as the titles of its steps, or the
// sentence by which it refuses.
func TestReattachIn(t *testing.T) {
	for _, tt := range []struct {
		name, line string
		change     func(*facts.Fleet, *regions.Fleet)
		steps      string
		refuses    string
		code       ops.Code
	}{
		{name: "a healthy fleet", line: "reattach cn", change: func(*facts.Fleet, *regions.Fleet) {}},
		{
			name: "a container that was restarted", line: "reattach cn",
			change: func(w *facts.Fleet, f *regions.Fleet) { factstest.Restarted(w, f, "cn-1") },
			steps:  "Attach 10.0.0.1/24 to the container of cn-1\nWait until the broker of cn-1 answers\nBind 10.0.0.1:44053 in place\n" + provenWith,
		},
		{
			name: "an attach by hand without binding", line: "reattach cn",
			change: func(w *facts.Fleet, f *regions.Fleet) { factstest.Unbound(w, f, "cn-1") },
			steps:  "Wait until the broker of cn-1 answers\nBind 10.0.0.1:44053 in place\n" + provenWith,
		},
		{
			name: "an MQTT listener on the cluster port", line: "reattach cn",
			change: func(w *facts.Fleet, f *regions.Fleet) { factstest.Unbound(w, f, "cn-1"); trap(w) },
			steps: "Wait until the broker of cn-1 answers\nStop the MQTT listener that sits on the cluster port of cn-1\nDelete that listener\n" +
				"Bind 10.0.0.1:44053 in place\n" + provenWith,
		},
		{
			name: "consent to drop clients", line: "reattach cn --drop-clients",
			change: func(w *facts.Fleet, f *regions.Fleet) { factstest.Unbound(w, f, "cn-1") },
			steps: "Wait until the broker of cn-1 answers\nBind 10.0.0.1:44053 in place\nStop the listeners of cn-1\n" +
				"Start them again: they bind the cluster port\n" + provenWith,
		},
		{
			name: "a container with nothing but a shell in it", line: "reattach cn",
			change: func(w *facts.Fleet, f *regions.Fleet) { factstest.Restarted(w, f, "cn-1"); noBroker(w, time.Hour, "") },
			steps: "Attach 10.0.0.1/24 to the container of cn-1\nStart the broker of cn-1\nWait until the broker of cn-1 answers\n" +
				"Bind 10.0.0.1:44053 in place\n" + provenWith,
		},
		{
			name: "a broker that is only just starting", line: "reattach cn",
			change: func(w *facts.Fleet, f *regions.Fleet) {
				factstest.Restarted(w, f, "cn-1")
				noBroker(w, 5*time.Second, "")
			},
			steps: "Attach 10.0.0.1/24 to the container of cn-1\nWait until the broker of cn-1 answers\nBind 10.0.0.1:44053 in place\n" + provenWith,
		},
		{
			name: "a broker behind a gate", line: "reattach cn",
			change: func(w *facts.Fleet, f *regions.Fleet) { factstest.Restarted(w, f, "cn-1"); noBroker(w, time.Hour, "1") },
			steps:  "Attach 10.0.0.1/24 to the container of cn-1\nWait until the broker of cn-1 answers\nBind 10.0.0.1:44053 in place\n" + provenWith,
		},
		{
			name: "messages that do not cross although all looks well", line: "reattach cn",
			change: func(w *facts.Fleet, _ *regions.Fleet) { lose(w, "us-1", "cn-1") },
			steps:  provenWith,
		},
		{
			name: "a stopped container", line: "reattach cn", change: stopped,
			refuses: "The container of cn-1 does not run", code: ops.Failed,
		},
		{
			name: "a stopped container that may be started", line: "reattach cn --start", change: stopped,
			steps: "Start the container of cn-1\nAttach 10.0.0.1/24 to the container of cn-1\nWait until the broker of cn-1 answers\n" +
				"Bind 10.0.0.1:44053 in place\n" + provenWith,
		},
		{
			name: "a weave router that is down", line: "reattach cn",
			change: func(w *facts.Fleet, f *regions.Fleet) {
				factstest.Restarted(w, f, "cn-1")
				factstest.Edit(w, "cn-1", func(n *facts.Node) { n.Weave = facts.Missed[weave.Report](facts.Down, "nothing listens on 6784") })
			},
			refuses: "Weave does not run on the host of cn-1", code: ops.Failed,
		},
		{
			name: "a weave report that broke off", line: "reattach cn",
			change: func(w *facts.Fleet, _ *regions.Fleet) {
				factstest.Edit(w, "cn-1", func(n *facts.Node) { n.Weave = facts.Missed[weave.Report](facts.Unreadable, "cut in the middle") })
			},
			refuses: "Nothing was done, because what weave on the host of cn-1 does cannot be seen", code: ops.Unseen,
		},
		{
			name: "addresses that cannot be read", line: "reattach cn",
			change: func(w *facts.Fleet, _ *regions.Fleet) {
				factstest.Edit(w, "cn-1", func(n *facts.Node) { n.Netns = facts.Missed[facts.Netns](facts.Unreadable, "cut in the middle") })
			},
			refuses: "The addresses of cn-1 cannot be read", code: ops.Unseen,
		},
		{
			name: "a dead host as the target", line: "reattach cn",
			change:  func(w *facts.Fleet, _ *regions.Fleet) { factstest.Dead(w, "cn-1") },
			refuses: "Nothing was done", code: ops.Unseen,
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f := fleet(t)
			w := factstest.Healthy(f)
			tt.change(&w, f)
			c, r, err := Parse(strings.Fields(tt.line), f)
			if err != nil {
				t.Fatal(err)
			}
			p, err := c.Plan(r, ops.World{Fleet: f, Seen: w})
			switch {
			case tt.refuses == "" && err != nil:
				t.Fatal(err)
			case tt.refuses != "" && (err == nil || ops.CodeOf(err) != tt.code || !strings.Contains(err.Error(), tt.refuses)):
				t.Errorf("want %s %q, got %v", tt.code, tt.refuses, err)
			case tt.refuses == "" && titles(p) != tt.steps:
				t.Errorf("got\n%s\nwant\n%s", titles(p), tt.steps)
			}
		})
	}
}

func trap(w *facts.Fleet) {
	factstest.Edit(w, "cn-1", func(n *facts.Node) {
		b, _ := n.Broker.Get()
		b.Listeners = facts.Saw([]vernemq.Listener{{Type: "mqtt", Status: "running", Address: "10.0.0.1", Port: regions.ClusterPort}})
		n.Broker = facts.Saw(b)
	})
}

// noBroker takes the broker's process away from a container that has been up
// for a while; gate is the label of a container whose PID 1 waits.
func noBroker(w *facts.Fleet, up time.Duration, gate string) {
	factstest.Edit(w, "cn-1", func(n *facts.Node) {
		b, _ := n.Broker.Get()
		b.Process = facts.Missed[facts.Process](facts.Down, "no VerneMQ process runs in it")
		n.Broker = facts.Saw(b)
		c, _ := n.Container.Get()
		c.StartedAt = factstest.Now.Add(-up)
		if gate != "" {
			c.Labels = map[string]string{"vmqbot.gate": gate}
		}
		n.Container = facts.Saw(c)
	})
}

func lose(w *facts.Fleet, from, to string) {
	for i, c := range w.Crossings {
		if c.From == from && c.To == to {
			w.Crossings[i].Delivered = facts.Missed[time.Duration](facts.TooLate, "nothing came")
		}
	}
}

func stopped(w *facts.Fleet, _ *regions.Fleet) {
	factstest.Edit(w, "cn-1", func(n *facts.Node) {
		c, _ := n.Container.Get()
		c.Running, c.State, c.Status, c.PID = false, "exited", "Exited (0) 3 minutes ago", 0
		n.Container = facts.Saw(c)
		why := "the container does not run"
		n.Netns = facts.Missed[facts.Netns](facts.Down, why)
		n.Broker = facts.Missed[facts.Broker](facts.Down, why)
	})
}

func TestReattachProvesOnlyWithWhomItSees(t *testing.T) {
	f := fleet(t)
	w := broken(f)
	factstest.Dead(&w, "eu-1")
	c, r, err := Parse([]string{"reattach", "cn"}, f)
	if err != nil {
		t.Fatal(err)
	}
	p, err := c.Plan(r, ops.World{Fleet: f, Seen: w})
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(p.String(), "nothing can be proven towards eu-1: dial tcp") {
		t.Error(p)
	}
	for _, s := range p.Steps {
		if s.Among != nil && strings.Join(s.Among, " ") != "sg-1 us-1" {
			t.Errorf("%s is proven with %v", s.Title, s.Among)
		}
	}
}

// TestReattachReadsNoMoreThanItNeeds: where the address is lost nobody waits for brokers
// or messages; where it is there the brokers are asked, and messages are sent only when
// nothing else is wrong. The plan for a lost address is the same either way.
func TestReattachReadsNoMoreThanItNeeds(t *testing.T) {
	f := fleet(t)
	c, r, err := Parse([]string{"reattach", "cn"}, f)
	if err != nil {
		t.Fatal(err)
	}
	if first := c.Look(r).Facts; first != (facts.Need{}) {
		t.Errorf("the first look asks for %+v", first)
	}
	if need := c.Deeper(r, ops.World{Fleet: f, Seen: broken(f)}); need != (facts.Need{}) {
		t.Errorf("a node without its address is kept waiting for %+v", need)
	}
	asked := c.Deeper(r, ops.World{Fleet: f, Seen: factstest.Healthy(f)})
	if asked.Broker == 0 || asked.Crossings {
		t.Errorf("a node that has its address: %+v", asked)
	}
	if need := c.Deeper(r, ops.World{Fleet: f, Seen: factstest.Healthy(f), Asked: asked}); !need.Crossings {
		t.Error("a node that looks well is not proven by messages")
	}
	deaf := factstest.Healthy(f)
	factstest.Edit(&deaf, "cn-1", func(n *facts.Node) {
		ns, _ := n.Netns.Get()
		ns.Sockets = nil
		n.Netns = facts.Saw(ns)
	})
	if need := asked.And(c.Deeper(r, ops.World{Fleet: f, Seen: deaf, Asked: asked})); need != asked {
		t.Errorf("a node whose port is not bound is kept waiting for %+v", need)
	}
	seen := broken(f)
	want, err := c.Plan(r, ops.World{Fleet: f, Seen: seen})
	if err != nil {
		t.Fatal(err)
	}
	for name := range seen.Nodes { // as a look without brokers leaves it
		factstest.Edit(&seen, name, func(n *facts.Node) {
			b, _ := n.Broker.Get()
			n.Broker = facts.Saw(facts.Broker{Process: b.Process})
		})
	}
	if got, err := c.Plan(r, ops.World{Fleet: f, Seen: seen}); err != nil || got.Hash() != want.Hash() {
		t.Errorf("%v\n%s\nwant\n%s", err, got, want)
	}
}

func TestNoSecretStandsInAPlan(t *testing.T) {
	f := fleet(t)
	c, r, err := Parse([]string{"reattach", "all", "--start"}, f)
	if err != nil {
		t.Fatal(err)
	}
	p, err := c.Plan(r, ops.World{Fleet: f, Seen: broken(f)})
	if err != nil {
		t.Fatal(err)
	}
	if cookie := f.Nodes()[0].Cookie.Reveal(); cookie == "" || strings.Contains(p.String(), cookie) {
		t.Errorf("the cookie %q stands in\n%s", cookie, p)
	}
}
