package checks

import (
	"strings"

	"vmqbot/facts"
	"vmqbot/regions"
)

// place names where a node's clients are: its region when the node is the
// only one there, else the node.
func place(f *regions.Fleet, n regions.Node) string {
	if r, found := f.Region(n.Region); found && len(r.Nodes) == 1 {
		return n.Region
	}
	return n.Name
}

// lostInto is the effect of a node whose cluster port is not there (F2): the
// others answer their publishers, buffer 10 000 bytes and then drop.
func lostInto(f *regions.Fleet, n regions.Node) string {
	p := place(f, n)
	return "every message published outside " + p + " is lost for clients connected in " + p + "; clients there notice nothing"
}

// absent is the effect of a node that the others count as stopped.
func absent(f *regions.Fleet, n regions.Node) string {
	return "messages neither enter nor leave " + place(f, n) + "; " + othersRefuse
}

// othersRefuse is what one stopped member does to a cluster with VerneMQ's
// defaults (vernemq-real.md, E3).
const othersRefuse = "unless the netsplit switches are on, every other node refuses clients meanwhile"

// reason is the sentence behind a fact that was not seen, fit for the middle
// of another.
func reason[T any](s facts.Seen[T]) string { return strings.TrimRight(s.Why(), ".") }

// noAnswer reports whether somebody was asked and did not answer, or said
// that there is nobody: for checks that ask "does it answer?" this is Bad.
func noAnswer(b facts.Blind) bool {
	return b == facts.Unreachable || b == facts.TooLate || b == facts.Down || b == facts.Absent
}

// noNamespace reports whether there is no network namespace at all, so that
// nothing can hide in it.
func noNamespace(b facts.Blind) bool { return b == facts.Down || b == facts.Absent }
