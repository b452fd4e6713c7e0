package checks_test

import (
	"maps"
	"testing"

	"vmqbot/checks"
	"vmqbot/facts"
	"vmqbot/facts/factstest"
	"vmqbot/vernemq"
)

// What the peers of cn-1 count is compared; what one of them cannot tell is
// said, and one that was never there cannot have lost anything.
func TestLost(t *testing.T) {
	f := newFleet()
	cn, _ := f.Node("cn-1")
	counts := func(w *facts.Fleet, name string, bytes float64) {
		factstest.Edit(w, name, func(n *facts.Node) {
			v, _ := n.Vitals.Get()
			m, _ := v.Metrics.Get()
			m = maps.Clone(m)
			m["cluster_bytes_dropped"] = bytes
			v.Metrics = facts.Saw(m)
			n.Vitals = facts.Saw(v)
		})
	}
	blindTo := func(w *facts.Fleet, name string, b facts.Blind) {
		factstest.Edit(w, name, func(n *facts.Node) {
			v, _ := n.Vitals.Get()
			v.Metrics = facts.Missed[vernemq.Metrics](b, "no answer in 3 s.")
			n.Vitals = facts.Saw(v)
		})
	}
	stopped := func(w *facts.Fleet, name string) {
		factstest.Edit(w, name, func(n *facts.Node) {
			c, _ := n.Container.Get()
			c.Running = false
			n.Container = facts.Saw(c)
		})
	}
	const (
		lostOf = "While cn-1 was away, messages for it were dropped: "
		raise  = ". Whoever published them was told that they had arrived; to hold back more, raise outgoing_clustering_buffer_size under conf."
	)
	for name, tt := range map[string]struct {
		before, after func(*facts.Fleet)
		want          string
	}{
		"nothing":                  {},
		"nothing, and lost before": {func(w *facts.Fleet) { counts(w, "us-1", 71_379) }, func(w *facts.Fleet) { counts(w, "us-1", 71_379) }, ""},
		"one":                      {func(w *facts.Fleet) { counts(w, "us-1", 1_000) }, func(w *facts.Fleet) { counts(w, "us-1", 8_074) }, lostOf + "7074 bytes by us-1" + raise},
		"two, one of which began anew": {
			func(w *facts.Fleet) { counts(w, "us-1", 1_000) }, func(w *facts.Fleet) { counts(w, "us-1", 20); counts(w, "eu-1", 5) },
			lostOf + "20 bytes by us-1, 5 bytes by eu-1" + raise,
		},
		"the node itself does not count": {nil, func(w *facts.Fleet) { counts(w, "cn-1", 9) }, ""},
		"one that cannot be read": {
			nil, func(w *facts.Fleet) { blindTo(w, "us-1", facts.TooLate); counts(w, "eu-1", 5) },
			lostOf + "5 bytes by eu-1" + raise + " What was dropped for cn-1 while it was away is not known of us-1 (no answer in 3 s).",
		},
		"one that was never read": {
			func(w *facts.Fleet) { blindTo(w, "us-1", facts.Failed) }, nil,
			"What was dropped for cn-1 while it was away is not known of us-1 (no answer in 3 s).",
		},
		"one that died meanwhile":   {nil, func(w *facts.Fleet) { stopped(w, "us-1") }, "What was dropped for cn-1 while it was away is not known of us-1 (it does not run)."},
		"one that did not run":      {func(w *facts.Fleet) { stopped(w, "us-1") }, func(w *facts.Fleet) { counts(w, "us-1", 7) }, ""},
		"one whose broker was down": {func(w *facts.Fleet) { blindTo(w, "us-1", facts.Down) }, nil, ""},
		"one of an empty host": {
			func(w *facts.Fleet) {
				factstest.Edit(w, "us-1", func(n *facts.Node) { n.Container = facts.Missed[facts.Container](facts.Absent, "there is none") })
			}, nil, "",
		},
		"one without the counter": {
			nil, func(w *facts.Fleet) {
				factstest.Edit(w, "us-1", func(n *facts.Node) { n.Vitals = facts.Saw(facts.Vitals{Metrics: facts.Saw(vernemq.Metrics{})}) })
			},
			"What was dropped for cn-1 while it was away is not known of us-1 (it does not count cluster_bytes_dropped).",
		},
	} {
		t.Run(name, func(t *testing.T) {
			before, after := factstest.Healthy(f), factstest.Healthy(f)
			for w, change := range map[*facts.Fleet]func(*facts.Fleet){&before: tt.before, &after: tt.after} {
				if change != nil {
					change(w)
				}
			}
			if got := checks.Lost(cn, f.Peers(cn), before, after); got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
		})
	}
}
