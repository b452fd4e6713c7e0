package watch

import "vmqbot/facts"

// order keeps looks in the order in which they began. A sweep and the look that an
// event asks for run at the same time: the event must not wait for a host that
// hangs, and what the older one saw must not be folded over what the newer one saw.
type order struct {
	begun int // looks so far
	quick int // the newest that was folded
	whole int // the newest that asked the brokers too, and was folded
}

// begin numbers a look.
func (o *order) begin() int {
	o.begun++
	return o.begun
}

// overtaken says what a look that has ended is still good for: nothing, when a newer
// one has answered everything that it asks, or all but the checks that one has
// answered.
func (o *order) overtaken(look int, need facts.Need) (newer map[string]bool, useless bool) {
	if look < o.whole || look < o.quick && need.Broker == 0 {
		return nil, true
	}
	if look > o.quick {
		return nil, false
	}
	newer = map[string]bool{}
	for _, name := range quick() {
		newer[name] = true
	}
	return newer, false
}

// folded notes that a look counts.
func (o *order) folded(look int, need facts.Need) {
	o.quick = max(o.quick, look)
	if need.Broker != 0 {
		o.whole = max(o.whole, look)
	}
}
