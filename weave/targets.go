package weave

import (
	"regexp"
	"slices"

	"vmqbot/answer"
)

// Targets is the answer to weave status targets: the peers that this host was
// told to dial, as they were typed, in no order. None is a complete answer.
type Targets struct {
	Ready   bool     `json:"ready"` // false while the router is starting
	Targets []string `json:"targets"`
}

var targetRE = regexp.MustCompile(`^[\pL\pN_.:%\[\]-]+$`)

// ParseTargets reads weave status targets. A cut between two lines cannot be
// seen: weave status counts them.
func ParseTargets(a answer.Answer) (Targets, error) {
	text, ready, err := page(a)
	if err != nil {
		return Targets{}, err
	}
	all, err := lines(text)
	if err != nil {
		return Targets{}, err
	}
	for i, l := range all {
		if !targetRE.MatchString(l) || slices.Contains(all[:i], l) {
			return Targets{}, notWeave("status targets", l)
		}
	}
	return Targets{Ready: ready, Targets: append([]string{}, all...)}, nil
}
