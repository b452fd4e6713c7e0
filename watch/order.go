package watch

import (
	"slices"

	"vmqbot/alerts"
	"vmqbot/facts"
)

// order keeps looks in the order in which they began. A sweep and the look that an
// event asks for run at the same time: the event must not wait for a host that
// hangs, and what the older one saw must not be folded over what the newer one saw.
type order struct {
	begun int            // looks so far
	quick map[string]int // by node: the newest that was folded
	whole int            // the newest that asked the brokers too, and was folded
}

// begin numbers a look.
func (o *order) begin() int {
	o.begun++
	return o.begun
}

// overtaken reports that newer looks have answered everything that a look, or its
// part about some nodes, tells.
func (o *order) overtaken(look int, need facts.Need, part []string) bool {
	return look < o.whole || need.Broker == 0 && !slices.ContainsFunc(part, func(n string) bool { return o.quick[n] < look })
}

// left says what a look at a part of all nodes must leave as it is, of what can be
// answered without the brokers: whatever is about the other nodes too, and what this
// look or a newer one has told already.
func (o *order) left(look int, part, all []string) func(alerts.Key) bool {
	others := map[string]bool{}
	for _, n := range all {
		others[n] = true
	}
	for _, n := range part {
		delete(others, n)
	}
	return func(k alerts.Key) bool {
		if !quickOnes()[k.Check] {
			return false
		}
		known := true
		for _, n := range k.Ends() {
			if others[n] {
				return true
			}
			known = known && o.quick[n] >= look
		}
		return known
	}
}

// folded notes that a look counts.
func (o *order) folded(look int, need facts.Need, part []string) {
	if o.quick == nil {
		o.quick = map[string]int{}
	}
	for _, n := range part {
		o.quick[n] = max(o.quick[n], look)
	}
	if need.Broker != 0 {
		o.whole = max(o.whole, look)
	}
}
