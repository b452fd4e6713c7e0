package alerts

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"time"

	"vmqbot/checks"
	"vmqbot/regions"
)

// Look is one look at the fleet, judged, with what lies around it.
type Look struct {
	Fleet  *regions.Fleet
	Found  []checks.Observation
	Around Around
	Asked  map[string]bool // regions for which a plan waits for consent
	Busy   map[string]bool // regions in which an operation works that is none of ours
	Left   func(Key) bool  // what this look does not answer, or a newer one has: it stays as it is; nil for nothing
	Now    time.Time
}

func (l Look) leaves(k Key) bool { return l.Left != nil && l.Left(k) }

// Order is one repair that may begin. Its attempt is in the book already, and
// must be kept before it is carried out.
type Order struct {
	Alert  ID     `json:"alert"`
	Node   string `json:"node"`
	Line   string `json:"line"`   // what a person would type: "reattach cn-1"
	Number int    `json:"number"` // which attempt of this hour, from 1
}

// Turn takes one look: it folds what was found, asks the gates, permits
// repairs, and says what must be said. The three must be kept together before
// anything is said or repaired.
func Turn(b Book, l Look) (Book, []Say, []Order) {
	b = b.clone()
	in := PlacesOf(l.Fleet)
	b.fold(in, l, worst(in, l.Found), false)
	b.fold(in, l, worst(in, slices.Concat(
		isolation(in, b.Alerts), blindness(in, b.Alerts, l.Fleet.Checks.Sweep, l.Now), []checks.Observation{stormy(b, in, b.gatekeeper(in, l))},
	)), true)
	for node, tries := range b.Tries {
		b.Tries[node] = recent(tries, l.Now)
	}
	b.Stormy, b.StormSaw = storm(b.Stormy, stormNow(b.Alerts, len(in), causesIn(b.Alerts, l.Now)), l.Now)
	gates := b.gates(in, l)
	orders := b.heal(in, l, gates)
	return b, b.notify(gates, l.Now), orders
}

// worst gives each key the worse of what was found in both directions.
func worst(in Places, found []checks.Observation) map[Key]checks.Observation {
	all := map[Key][]checks.Observation{}
	for _, o := range found {
		k := in.Key(o)
		all[k] = append(all[k], o)
	}
	out := map[Key]checks.Observation{}
	for k, os := range all {
		out[k] = checks.Worst(os)
		if k.Peer != "" && out[k].Verdict == checks.Bad {
			o := out[k]
			o.Evidence = o.Where() + ": " + o.Evidence
			out[k] = o
		}
	}
	return out
}

// Gates are what lies over each alert that was ever told or could be, at the
// moment of a look.
func (b Book) Gates(l Look) map[Key]Gate { return b.gates(PlacesOf(l.Fleet), l) }

func (b Book) gates(in Places, l Look) map[Key]Gate {
	g := b.gatekeeper(in, l)
	gates := map[Key]Gate{}
	for k, a := range b.Alerts {
		if a.Seq > 0 {
			gate := g.of(a)
			gate.Held = g.holdsCalls(k, b.Alerts[stormKey])
			gates[k] = gate
		}
	}
	return gates
}

func (b Book) gatekeeper(in Places, l Look) gatekeeper {
	return gatekeeper{around: l.Around, causes: causesIn(b.Alerts, l.Now), places: in, fleet: l.Fleet, now: l.Now}
}

// fold folds what was found into the alerts: those that are made from others,
// or the rest. What is fine is not kept; what was looked at before and not now
// ticks; and what the fleet file does not name any more is over.
func (b Book) fold(in Places, l Look, found map[Key]checks.Observation, made bool) {
	for k, o := range found {
		if !l.leaves(k) {
			b.one(k, o, l)
		}
	}
	for k := range b.Alerts {
		if _, looked := found[k]; looked || l.leaves(k) || (k.Check == Blind || k.Check == Isolated || k.Check == Storm) != made {
			continue
		}
		o := checks.Observation{Check: k.Check, Region: k.Region, Node: k.Node, Peer: k.Peer}
		if k.Check != Self && slices.ContainsFunc(k.Ends(), func(n string) bool { return in[n] == "" }) {
			o.Verdict = checks.OK // nobody plans it any more
		}
		b.one(k, o, l)
	}
}

func (b Book) one(k Key, o checks.Observation, l Look) {
	a, known := b.Alerts[k]
	a.Key = k
	a = Fold(ruleIn(l.Fleet, k.Check), a, o, l.Now)
	switch {
	case a.Phase != Fine || a.BlindRun > 0:
		b.Alerts[k] = a
	case known:
		delete(b.Alerts, k)
	}
}

// heal permits repairs, one at a time, causes first.
func (b Book) heal(in Places, l Look, gates map[Key]Gate) []Order {
	var orders []Order
	for _, k := range slices.SortedFunc(maps.Keys(b.Alerts), order) {
		a := b.Alerts[k]
		if !a.Live() {
			if a.Refusal != "" {
				a.Refusal = ""
				b.Alerts[k] = a
			}
			continue
		}
		_, stopped := l.Around.Wishes.Stopped(k, in)
		a.Refusal = Heal(a, Chance{
			Mode: ModeOf(k.Check, l.Fleet.Checks.Heal), Stopped: stopped, Gate: gates[k], Busy: l.Busy[k.Region],
			Asked: l.Asked[k.Region], Running: running(b.Tries), Storm: b.StormSaw, Tries: b.Tries[k.Node],
			Budget: l.Fleet.Checks.Budget,
		}, l.Now)
		if a.Refusal == "" {
			hour, _ := spent(b.Tries[k.Node], l.Now)
			b.Tries[k.Node] = append(slices.Clone(b.Tries[k.Node]), Try{Alert: a.ID(), Node: k.Node, At: l.Now, Of: l.Fleet.Checks.Budget.Hour})
			orders = append(orders, Order{Alert: a.ID(), Node: k.Node, Line: a.Last.Repair, Number: hour + 1})
			a = a.beginHeal(l.Now)
		}
		b.Alerts[k] = a
	}
	return orders
}

// notify asks every group what must be said, a storm first and then in the order
// of their names.
func (b Book) notify(gates map[Key]Gate, now time.Time) []Say {
	groups := map[string][]Case{}
	for k, a := range b.Alerts {
		if a.Seq > 0 {
			groups[k.Group()] = append(groups[k.Group()], Case{a, gates[k], b.Tries[k.Node]})
		}
	}
	var says []Say
	for _, g := range slices.SortedFunc(maps.Keys(groups), stormFirst) {
		cases := groups[g]
		slices.SortFunc(cases, func(a, c Case) int { return strings.Compare(a.Alert.Key.Where(), c.Alert.Key.Where()) })
		s := b.Sent[g]
		s.Group = g
		next, more := Notify(s, cases, now)
		if next.Episode > 0 {
			b.Sent[g] = next
		}
		says = append(says, more...)
	}
	return says
}

func stormFirst(a, b string) int {
	first := func(group string) int {
		if group == stormKey.Group() {
			return 0
		}
		return 1
	}
	return cmp.Or(first(a)-first(b), strings.Compare(a, b))
}
