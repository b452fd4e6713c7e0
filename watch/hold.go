package watch

import (
	"slices"
	"strings"
	"time"

	"vmqbot/alerts"
	"vmqbot/checks"
	"vmqbot/commands"
	"vmqbot/ops"
)

// holds says why what is scheduled is not begun now, or "": nobody stands by who
// would see that the ground is bad already. A storm holds everything; what is
// critical holds its region, unless the verb is what repairs it; and a silence or
// a window holds what it covers, unless whoever made it made the schedule too.
// What cannot be read is not held here: it fails, and that is told.
func (w *Watch) holds(s alerts.Wish, heard alerts.Wishes) string {
	_, r, err := commands.Parse(strings.Fields(s.Line), w.Service.Fleet)
	if err != nil {
		return ""
	}
	w.mu.Lock()
	book := w.book
	w.mu.Unlock()
	if book.StormSaw {
		return "there is a storm, or it is not calm yet"
	}
	in := alerts.PlacesOf(w.Service.Fleet)
	nodes := r.Nodes
	if len(nodes) == 0 {
		nodes = w.Service.Fleet.Nodes()
	}
	for _, n := range nodes {
		for _, a := range book.Sorted() {
			if a.Severity != checks.Critical || !a.Needy() || repairs(r, a) || !slices.Contains(alerts.CalledIn(w.Service.Fleet, a.Key), n.Region) {
				continue
			}
			if _, explained := book.Cause(a.Key, w.now()); !explained { // what explains it holds by itself
				return a.Key.String() + " fires"
			}
		}
		if m, muted := foreign(s, heard, in, alerts.Key{Region: n.Region, Node: n.Name}, w.now()); muted {
			return string(m.Want) + " " + m.ID + " by " + m.By + " holds for " + m.About()
		}
	}
	return ""
}

// repairs reports whether a line does what the check names as its repair.
func repairs(r ops.Request, a alerts.Alert) bool {
	verb, _, _ := strings.Cut(a.Last.Repair, " ")
	return verb != "" && verb == r.Verb
}

// foreign is a silence or a window over a node that somebody else wants, about
// everything there: one about a single check says nothing of the work.
func foreign(s alerts.Wish, heard alerts.Wishes, in alerts.Places, k alerts.Key, now time.Time) (alerts.Wish, bool) {
	for _, m := range heard.Mutes {
		if _, open := m.Open(now); open && m.By != s.By && m.Covers(k, in) {
			return m, true
		}
	}
	return alerts.Wish{}, false
}
