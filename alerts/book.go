package alerts

import (
	"maps"
	"slices"
	"time"
)

// Book is everything that the watch remembers. It is a value: Turn returns a
// new one and leaves the old as it was.
type Book struct {
	Alerts   map[Key]Alert
	Sent     map[string]Sent  // by group
	Tries    map[string][]Try // by node
	Stormy   time.Time        // when too much was bad at once, last
	StormSaw bool             // it was so, or not yet calm, in the last turn
}

// clone copies as deep as Turn writes.
func (b Book) clone() Book {
	c := Book{Alerts: maps.Clone(b.Alerts), Sent: maps.Clone(b.Sent), Tries: maps.Clone(b.Tries), Stormy: b.Stormy, StormSaw: b.StormSaw}
	if c.Alerts == nil {
		c.Alerts = map[Key]Alert{}
	}
	if c.Sent == nil {
		c.Sent = map[string]Sent{}
	}
	if c.Tries == nil {
		c.Tries = map[string][]Try{}
	}
	return c
}

// Ended notes that the attempt which runs on a node is over; why is how it
// failed, "" when it did not. What was repaired is folded by the next looks.
func (b Book) Ended(node, op, why string, now time.Time) Book {
	b = b.clone()
	tries := slices.Clone(b.Tries[node])
	for i := range tries {
		if tries[i].Ended.IsZero() {
			tries[i].Ended, tries[i].Op, tries[i].Why = now, op, why
		}
	}
	b.Tries[node] = tries
	for k, a := range b.Alerts {
		if a.Phase == Healing && k.Node == node && a.HealEnded.IsZero() {
			a.HealEnded, a.Failed = now, why != ""
			b.Alerts[k] = a
		}
	}
	return b
}

// Running are the nodes on which an attempt has begun and not ended. After a
// restart of the bot nobody works on them any more: they must be Ended.
func (b Book) Running() []string {
	var nodes []string
	for node, tries := range b.Tries {
		if slices.ContainsFunc(tries, func(t Try) bool { return t.Ended.IsZero() }) {
			nodes = append(nodes, node)
		}
	}
	slices.Sort(nodes)
	return nodes
}

// Recheck is how soon something must be looked at again; false when the next
// sweep is soon enough.
func (b Book) Recheck() (soonest time.Duration, wanted bool) {
	for k, a := range b.Alerts {
		if d, ok := Recheck(RuleOf(k.Check), a); ok && (!wanted || d < soonest) {
			soonest, wanted = d, true
		}
	}
	return soonest, wanted
}

// Cause is the alert under which another is told now, if there is one.
func (b Book) Cause(k Key, now time.Time) (Key, bool) { return causesIn(b.Alerts, now).of(k) }

// Sorted are the alerts that were ever told or are in doubt, causes first.
func (b Book) Sorted() []Alert {
	var all []Alert
	for _, k := range slices.SortedFunc(maps.Keys(b.Alerts), func(a, c Key) int { return order(a, c) }) {
		all = append(all, b.Alerts[k])
	}
	return all
}
