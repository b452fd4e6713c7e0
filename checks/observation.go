package checks

import "fmt"

// Observation is what one check came to for one node, or for one link in the
// direction Node to Peer.
type Observation struct {
	Check    string  `json:"check"`
	Region   string  `json:"region"`
	Node     string  `json:"node"`
	Peer     string  `json:"peer,omitempty"` // "" when the check judges a node
	Verdict  Verdict `json:"verdict"`
	Evidence string  `json:"evidence"`            // one line a person can act on: want X, have Y
	Effect   string  `json:"effect,omitempty"`    // what Bad means for messages
	Repair   string  `json:"repair,omitempty"`    // the whole command to type: "reattach cn-1"
	NoRepair string  `json:"no_repair,omitempty"` // when no verb repairs it: what to do by hand
	Row      string  `json:"row,omitempty"`       // the row of the failure catalog: "F1"

	Severity Severity `json:"-"` // the check's, unless this one is milder
	Closed   string   `json:"-"` // the check that kept this one from being judged; its own story is told there
}

// Where names what was judged: "cn-1", or "cn-1->sg-1" for a link.
func (o Observation) Where() string {
	if o.Peer == "" {
		return o.Node
	}
	return o.Node + "->" + o.Peer
}

// Worst returns the worst observation: Bad before Unknown before OK, the first
// of equals. Nothing at all is Unknown.
func Worst(all []Observation) Observation {
	worst := Observation{Evidence: "nothing was judged"}
	for i, o := range all {
		if i == 0 || rank(o.Verdict) > rank(worst.Verdict) {
			worst = o
		}
	}
	return worst
}

func rank(v Verdict) int {
	switch v {
	case OK:
		return 0
	case Bad:
		return 2
	default:
		return 1
	}
}

func ok(format string, args ...any) Observation {
	return Observation{Verdict: OK, Evidence: fmt.Sprintf(format, args...)}
}

func unknown(format string, args ...any) Observation {
	return Observation{Verdict: Unknown, Evidence: fmt.Sprintf(format, args...)}
}

func bad(format string, args ...any) Observation {
	return Observation{Verdict: Bad, Evidence: fmt.Sprintf(format, args...)}
}

func (o Observation) effect(format string, args ...any) Observation {
	o.Effect = fmt.Sprintf(format, args...)
	return o
}

func (o Observation) repair(format string, args ...any) Observation {
	o.Repair, o.NoRepair = fmt.Sprintf(format, args...), ""
	return o
}

func (o Observation) byHand(format string, args ...any) Observation {
	o.Repair, o.NoRepair = "", fmt.Sprintf(format, args...)
	return o
}

// as takes the way out of another observation.
func (o Observation) as(other Observation) Observation {
	o.Repair, o.NoRepair = other.Repair, other.NoRepair
	return o
}

func (o Observation) row(name string) Observation {
	o.Row = name
	return o
}

func (o Observation) closed(by string) Observation {
	o.Closed = by
	return o
}

func (o Observation) severity(s Severity) Observation {
	o.Severity = s
	return o
}
