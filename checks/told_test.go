package checks_test

import (
	"cmp"
	"flag"
	"fmt"
	"maps"
	"os"
	"slices"
	"testing"

	"vmqbot/checks"
)

// The tests of the page itself wait until it is written.
//go:generate go test . -update -skip LinksToItsHeading|TheRunbooksOwnLinks

var update = flag.Bool("update", false, "write docs/runbooks/checks.md again")

// said is all that the tables heard, by check: the runbook is made of it, so that
// nothing stands there which no check says.
var said = map[string]*heard{}

type heard struct {
	bad  map[wayOut]string // with the first of what was seen there, in the order of the alphabet
	fine string            // what it says when it is right
}

// wayOut is one kind of trouble: what differs in the evidence alone is the same.
type wayOut struct{ row, effect, repair, byHand string }

// hear keeps an observation for the runbook.
func hear(o checks.Observation) {
	h := said[o.Check]
	if h == nil {
		h = &heard{bad: map[wayOut]string{}}
		said[o.Check] = h
	}
	switch o.Verdict {
	case checks.OK:
		h.fine = first(h.fine, o.Evidence)
	case checks.Bad:
		w := wayOut{o.Row, o.Effect, o.Repair, o.NoRepair}
		h.bad[w] = first(h.bad[w], o.Evidence)
	case checks.Unknown: // is never told as trouble
	}
}

// first of two in the alphabet, so that tests may run in any order.
func first(a, b string) string {
	if a == "" {
		return b
	}
	return min(a, b)
}

// troubles are the kinds of one check: its own row first, then by row and repair.
func (h *heard) troubles(own string) []wayOut {
	return slices.SortedFunc(maps.Keys(h.bad), func(a, b wayOut) int {
		other := func(w wayOut) int {
			if w.row == own {
				return 0
			}
			return 1
		}
		return cmp.Or(other(a)-other(b), cmp.Compare(a.row, b.row), cmp.Compare(h.bad[a], h.bad[b]), cmp.Compare(a.effect, b.effect), cmp.Compare(a.repair+a.byHand, b.repair+b.byHand))
	})
}

// TestMain holds the runbook against what the checks said, once all of them have.
func TestMain(m *testing.M) {
	flag.Parse()
	status := m.Run()
	if status == 0 && flag.Lookup("test.run").Value.String() == "" && (*update || flag.Lookup("test.skip").Value.String() == "") && flag.Lookup("test.list").Value.String() == "" {
		if err := runbookHolds("../docs/runbooks/checks.md"); err != nil {
			fmt.Fprintln(os.Stderr, "FAIL:", err)
			status = 1
		}
	}
	os.Exit(status)
}
