package commands

import (
	"slices"
	"strings"
	"testing"

	"vmqbot/facts"
	"vmqbot/facts/factstest"
	"vmqbot/ops"
	"vmqbot/regions"
	"vmqbot/vernemq"
)

// seeAs sets how the others see a node: running, not running, or not at all.
func seeAs(w *facts.Fleet, f *regions.Fleet, name, how string, others ...string) {
	n, _ := f.Node(name)
	for _, p := range f.Peers(n) {
		if len(others) > 0 && !slices.Contains(others, p.Name) {
			continue
		}
		factstest.Edit(w, p.Name, func(seen *facts.Node) {
			b, ok := seen.Broker.Get()
			if !ok {
				return
			}
			view, _ := b.View.Get()
			view = slices.DeleteFunc(slices.Clone(view), func(m vernemq.Member) bool { return m.Node == n.ErlangName() })
			if how != "gone" {
				view = append(view, vernemq.Member{Node: n.ErlangName(), Running: how == "running"})
			}
			b.View = facts.Saw(view)
			seen.Broker = facts.Saw(b)
		})
	}
}

// sees sets a node's own view.
func sees(w *facts.Fleet, f *regions.Fleet, name string, others ...string) {
	var view []vernemq.Member
	for _, o := range append([]string{name}, others...) {
		n, _ := f.Node(o)
		view = append(view, vernemq.Member{Node: n.ErlangName(), Running: true})
	}
	factstest.Edit(w, name, func(seen *facts.Node) {
		b, _ := seen.Broker.Get()
		b.View = facts.Saw(view)
		seen.Broker = facts.Saw(b)
	})
}

// alone is a node that runs on its own.
func alone(w *facts.Fleet, f *regions.Fleet, name string) {
	seeAs(w, f, name, "gone")
	sees(w, f, name)
}

// off is a node whose container is stopped, and whom the others see so.
func off(w *facts.Fleet, f *regions.Fleet, name string) {
	factstest.Edit(w, name, func(n *facts.Node) {
		c, _ := n.Container.Get()
		c.Running, c.State, c.PID = false, "exited", 0
		n.Container = facts.Saw(c)
		why := "the container does not run"
		n.Netns = facts.Missed[facts.Netns](facts.Down, why)
		n.Broker = facts.Missed[facts.Broker](facts.Down, why)
	})
	seeAs(w, f, name, "stopped")
}

// brokerless is a node whose container runs with no broker in it.
func brokerless(w *facts.Fleet, name string) {
	factstest.Edit(w, name, func(n *facts.Node) {
		n.Broker = facts.Saw(facts.Broker{
			Process:   facts.Missed[facts.Process](facts.Down, "no VerneMQ process runs in it"),
			Ping:      facts.Saw(false),
			View:      facts.Missed[[]vernemq.Member](facts.Down, "not responding to pings"),
			Listeners: facts.Missed[[]vernemq.Listener](facts.Down, "not responding to pings"),
			Switches:  facts.Missed[map[string]bool](facts.Down, "not responding to pings"),
		})
	})
}

// deed is one line in one world, and what its plan is, or why there is none.
type deed struct {
	name, line string
	world      func(*facts.Fleet, *regions.Fleet) // changes the fleet that deploy all left
	byHand     bool                               // the containers are those of the runbook
	steps      string                             // titles, one a line
	notes      string                             // part of the plan's notes
	refuses    string                             // part of the sentence
	fix        string                             // what the sentence says to type
	code       ops.Code
}

func deeds(t *testing.T, all []deed) {
	t.Helper()
	for _, tt := range all {
		t.Run(tt.name, func(t *testing.T) {
			f := fleet(t)
			w := deployed(f)
			if tt.byHand {
				w = runbook(f)
			}
			if tt.world != nil {
				tt.world(&w, f)
			}
			p, err := planOf(t, f, w, tt.line)
			if tt.refuses != "" {
				if err == nil || ops.CodeOf(err) != tt.code || !strings.Contains(err.Error(), tt.refuses) || !strings.Contains(err.Error(), "Type: "+tt.fix) || len(p.Steps) > 0 {
					t.Errorf("%d steps, %v\nwant %s: ...%s... Type: %s", len(p.Steps), err, tt.code, tt.refuses, tt.fix)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if got := titles(p); got != strings.TrimPrefix(tt.steps, "\n") {
				t.Errorf("got\n%s\nwant\n%s", got, tt.steps)
			}
			if notes := strings.Join(p.Notes, "\n"); !strings.Contains(notes, tt.notes) {
				t.Errorf("notes\n%s\nwant ...%s...", notes, tt.notes)
			}
			wellPlanned(t, f, p)
		})
	}
}

// wellPlanned is what every plan owes to its runner and its reader.
func wellPlanned(t *testing.T, f *regions.Fleet, p ops.Plan) {
	t.Helper()
	for i, s := range p.Steps {
		_, waits := s.Do.(ops.Wait)
		if s.Title == "" || s.Timeout <= 0 || (waits != (s.Undo == nil && s.NoUndo == "") && !s.Around) {
			t.Errorf("step %d (%s) lacks its title, its time, or its undo and the reason why there is none", i+1, s.Title)
		}
		n, ok := f.Node(s.Node)
		if !ok || (!s.Around && !slices.Contains(p.Locks, n.Region)) {
			t.Errorf("step %d (%s) is on %q, which the plan does not lock: %v", i+1, s.Title, s.Node, p.Locks)
		}
		for _, a := range s.Among {
			if slices.Contains(p.Without, a) || a == s.Node {
				t.Errorf("step %d (%s) is proven with %s", i+1, s.Title, a)
			}
		}
	}
	if cookie := f.Nodes()[0].Cookie.Reveal(); strings.Contains(p.String(), cookie) {
		t.Errorf("the cookie stands in\n%s", p)
	}
}

// switchesOff is VerneMQ's default: the file says nothing, and all four are off.
func switchesOff(w *facts.Fleet, f *regions.Fleet) {
	for i := range f.Regions {
		for j := range f.Regions[i].Nodes {
			n := &f.Regions[i].Nodes[j]
			for key := range n.Conf {
				if strings.HasPrefix(key, "allow_") && strings.HasSuffix(key, "_netsplit") {
					delete(n.Conf, key)
				}
			}
			factstest.Edit(w, n.Name, func(seen *facts.Node) {
				b, _ := seen.Broker.Get()
				on, _ := b.Switches.Get()
				now := map[string]bool{}
				for name := range on {
					now[name] = false
				}
				b.Switches = facts.Saw(now)
				seen.Broker = facts.Saw(b)
			})
		}
	}
}

// lived is the world of the goldens of verbs that make nodes what the file
// says: deploy has made all but cn-1, and kept old containers of eu-1.
func lived(f *regions.Fleet) facts.Fleet {
	w, byHand := deployed(f), runbook(f)
	w.Nodes["cn-1"] = byHand.Nodes["cn-1"]
	kept(&w, f)
	return w
}
