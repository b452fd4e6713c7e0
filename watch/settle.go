package watch

import (
	"maps"
	"sync"

	"vmqbot/alerts"
	"vmqbot/checks"
	"vmqbot/facts"
)

// settles notes that a look was folded, and reports whether the watch knows by it, for
// the first time since it began, how things stand: what only the brokers can tell by the
// first sweep, and everything else by the first look, for a loss must not wait for the
// brokers then either. w.mu is held.
func (w *Watch) settles(need facts.Need) bool {
	switch {
	case w.settled, w.glanced && need.Broker == 0:
		return false
	case need.Broker != 0:
		w.settled = true
		w.Logger.Info("settled", "alerts", len(w.book.Alerts))
	}
	w.glanced = true
	return true
}

// settling are the checks of which nothing is said yet: what ended or began while no
// watch ran is folded in silence. w.mu is held.
func (w *Watch) settling() map[string]bool {
	switch {
	case w.settled:
		return nil
	case w.glanced:
		slow := maps.Clone(slowOnes())
		slow[alerts.Blind] = true // what cannot be seen may be what only the brokers tell
		return slow
	}
	all := map[string]bool{alerts.Blind: true, alerts.Isolated: true, alerts.Self: true, alerts.Storm: true, alerts.Scheduled: true}
	for _, c := range checks.All() {
		all[c.Name] = true
	}
	return all
}

// quickOnes are the checks that a look without the brokers answers.
var quickOnes = sync.OnceValue(func() map[string]bool {
	all := map[string]bool{}
	for _, name := range quick() {
		all[name] = true
	}
	return all
})

// slowOnes are the others.
var slowOnes = sync.OnceValue(func() map[string]bool {
	slow := map[string]bool{}
	for _, c := range checks.All() {
		if !quickOnes()[c.Name] {
			slow[c.Name] = true
		}
	}
	return slow
})
