package checks_test

import (
	"testing"
	"time"

	"vmqbot/facts"
	"vmqbot/guard"
)

const program = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"

// guarded gives cn-1 a guard that is well, and changes it.
func guarded(edit func(*facts.Guard, *facts.GuardState)) func(*world) {
	return func(w *world) {
		cn := w.fleet.Nodes()[0]
		w.at("cn-1", func(n *facts.Node) {
			g := facts.Guard{Ours: program}
			s := facts.GuardState{Config: guard.ConfigOf(w.fleet, cn).Text(), Program: program, Version: "vmqbot v1", Looked: now.Add(-2 * time.Second), Word: "fine", Why: "10.0.0.1 is there", Runs: true}
			if edit != nil {
				edit(&g, &s)
			}
			g.State = facts.Saw(s)
			n.Guard = facts.Saw(g)
		})
	}
}

func unguarded(w *world) {
	w.at("cn-1", func(n *facts.Node) {
		n.Guard = facts.Saw(facts.Guard{Ours: program, State: facts.Missed[facts.GuardState](facts.Absent, "cn-1 has no guard.")})
	})
}

func TestGuard(t *testing.T) {
	const effect, repair = "while the bot cannot reach the host, nobody gives 10.0.0.1/24 back", "guard install cn-1"
	table(t, "guard", []row{
		{name: "it is well", broken: guarded(nil), verdict: fine, evidence: "fine: 10.0.0.1 is there"},
		{name: "nobody asked", verdict: unknown, evidence: "not looked at"},
		{name: "there is none", broken: unguarded, verdict: wrong, evidence: "cn-1 has no guard", effect: effect, repair: repair, row: "F1"},
		{name: "its state cannot be read", broken: func(w *world) {
			w.at("cn-1", func(n *facts.Node) {
				n.Guard = facts.Saw(facts.Guard{State: facts.Missed[facts.GuardState](facts.Unreadable, "its state is no JSON")})
			})
		}, verdict: wrong, evidence: "its state is no JSON", effect: effect, repair: repair, row: "F1"},
		{name: "the fleet file moved on", broken: guarded(func(_ *facts.Guard, s *facts.GuardState) { s.Config = "{}" }),
			verdict: wrong, evidence: "was told something else", effect: "an address that is no more planned", repair: repair, row: "F1"},
		{name: "it does not run", broken: guarded(func(_ *facts.Guard, s *facts.GuardState) { s.Runs = false }),
			verdict: wrong, evidence: "does not run; it looked last at 2026-11-23 13:59:58 UTC", effect: effect, repair: repair, row: "F1"},
		{name: "it hangs", broken: guarded(func(_ *facts.Guard, s *facts.GuardState) { s.Looked = now.Add(-2 * time.Minute) }),
			verdict: wrong, evidence: "has not looked for 2m", effect: effect, repair: repair, row: "F1"},
		{name: "another bot's", broken: guarded(func(g *facts.Guard, _ *facts.GuardState) { g.Ours = "ab" }),
			verdict: wrong, evidence: "is another version of this bot (vmqbot v1)", effect: "none while it works", repair: repair, row: "F1"},
	})
	table(t, "unguarded", []row{
		{name: "there is none", broken: unguarded, verdict: fine, evidence: "cn-1 has no guard"},
		{name: "there is one", broken: guarded(nil), verdict: wrong, evidence: "cn-1 has a guard", effect: "none", repair: "guard remove cn-1", row: "F1"},
		{name: "nobody asked", verdict: unknown, evidence: "not looked at"},
	})
}
