package checks_test

import (
	"encoding/json"
	"slices"
	"testing"

	"vmqbot/checks"
	"vmqbot/facts"
)

func TestNeed(t *testing.T) {
	for _, c := range []struct {
		name  string
		names []string
		want  facts.Need
	}{
		{"an address needs the base look only", []string{"ip", "container", "host"}, facts.Need{}},
		{"a port is proven better with the broker's list", []string{"port"}, facts.Need{Broker: facts.AskPing | facts.AskListeners}},
		{"but not what hangs on it", []string{"channel"}, facts.Need{}},
		{"a view needs the broker", []string{"cluster"}, facts.Need{Broker: facts.AskPing | facts.AskView}},
		{"a ping alone", []string{"broker"}, facts.Need{Broker: facts.AskPing}},
		{"switches", []string{"switches"}, facts.Need{Broker: facts.AskPing | facts.AskSwitches}},
		{"messages", []string{"mqtt"}, facts.Need{Crossings: true}},
		{"all that is named", []string{"ip", "mqtt", "cluster"}, facts.Need{Broker: facts.AskPing | facts.AskView, Crossings: true}},
		{"everything", nil, facts.Need{Broker: facts.AskAll, Crossings: true, Vitals: true, Pings: true}},
		{"nothing that exists", []string{"ping"}, facts.Need{}},
	} {
		if got := checks.Need(c.names...); got != c.want {
			t.Errorf("%s: got %+v, want %+v", c.name, got, c.want)
		}
	}
}

func TestEveryCheckIsComplete(t *testing.T) {
	var order []string
	for _, c := range checks.All() {
		if c.Name == "" || c.Summary == "" || c.Severity == 0 || c.Judge == nil {
			t.Errorf("%q is not complete: %+v", c.Name, c)
		}
		if c.Summary[len(c.Summary)-1] != '?' {
			t.Errorf("%s: the summary must be the question: %q", c.Name, c.Summary)
		}
		for _, need := range c.Needs {
			if !slices.Contains(order, need) {
				t.Errorf("%s comes before %s, which it needs: the graph is broken", c.Name, need)
			}
		}
		if found, ok := checks.Find(c.Name); !ok || found != c {
			t.Errorf("%s cannot be found by its name", c.Name)
		}
		order = append(order, c.Name)
	}
	for _, name := range []string{"host", "docker", "container", "ip", "port", "channel", "router", "peer", "broker",
		"cluster", "ghost", "clash", "switches", "veth", "mqtt", "image", "clock",
		"disk", "loop", "oom", "dropped", "netsplit", "webhook", "loss", "latency", "mtu", "conf", "queue", "cert"} {
		if !slices.Contains(order, name) {
			t.Errorf("there is no check %s", name)
		}
	}
	if _, ok := checks.Find("IP"); ok {
		t.Error("names are not case-folded")
	}
}

func TestCallersCannotChangeTheOrder(t *testing.T) {
	first := checks.All()
	first[0] = nil
	if checks.All()[0] == nil {
		t.Error("All gives away its own list")
	}
}

// Judge of a Check is the bare question; it says who was judged all the same.
func TestABareJudgeSignsWhatItSays(t *testing.T) {
	w := healthy()
	f2(w)
	for _, c := range checks.All() {
		for _, o := range c.Judge(checks.Subject{Fleet: w.fleet, Node: w.node(t, "cn-1"), Seen: w.seen}) {
			wellSaid(t, w.fleet, o)
			if o.Check != c.Name || o.Node != "cn-1" || c.Link() == (o.Peer == "") || (c.Link() || c.Others) != checks.Linked(c.Name) {
				t.Errorf("%s: %+v", c.Name, o)
			}
		}
	}
}

func TestObservationAsJSON(t *testing.T) {
	w := healthy()
	w.addresses("cn-1", "127.0.0.1")
	b, err := json.Marshal(checks.One(w.fleet, w.seen, w.node(t, "cn-1"), "ip"))
	want := `{"check":"ip","region":"cn","node":"cn-1","verdict":"bad","evidence":"want 10.0.0.1/24, have 127.0.0.1",` +
		`"effect":"messages neither enter nor leave cn; unless the netsplit switches are on, every other node refuses clients meanwhile",` +
		`"repair":"reattach cn-1","row":"F1"}`
	if err != nil || string(b) != want {
		t.Errorf("got\n%s, %v\nwant\n%s", b, err, want)
	}
}

func TestWordsOfVerdictsAndSeverities(t *testing.T) {
	for v, want := range map[checks.Verdict]string{checks.OK: "ok", checks.Bad: "bad", checks.Unknown: "unknown", 9: "Verdict(9)"} {
		if v.String() != want {
			t.Errorf("got %s, want %s", v, want)
		}
	}
	for _, v := range []checks.Verdict{checks.OK, checks.Bad, checks.Unknown} {
		text, _ := v.MarshalText()
		var back checks.Verdict
		if err := back.UnmarshalText(text); err != nil || back != v {
			t.Errorf("%s comes back as %s, %v", v, back, err)
		}
	}
	var v checks.Verdict
	if v != checks.Unknown {
		t.Error("a verdict that nobody set must be Unknown")
	}
	if err := v.UnmarshalText([]byte("fine")); err == nil {
		t.Error(`"fine" is no verdict`)
	}
	for s, want := range map[checks.Severity]string{checks.Info: "info", checks.Warning: "warning", checks.Critical: "critical", 0: "Severity(0)"} {
		if text, _ := s.MarshalText(); string(text) != want {
			t.Errorf("got %s, want %s", text, want)
		}
	}
}
