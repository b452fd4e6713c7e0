package checks_test

import (
	"testing"

	"vmqbot/facts"
	"vmqbot/facts/factstest"
)

// library lets the host of cn-1 have the image that its container is made from.
func library(edit func(*facts.Library)) func(*world) {
	return func(w *world) {
		factstest.Edit(&w.seen, "cn-1", func(n *facts.Node) {
			c, _ := n.Container.Get()
			l := facts.Library{Ends: facts.Saw(""), Images: []facts.Stored{{ImageDetail: facts.ImageDetail{ID: c.ImageID, Cmd: []string{"start_vernemq"}}, Tags: []string{c.Image}}}}
			edit(&l)
			n.Library = facts.Saw(l)
		})
	}
}

func asBuilt(*facts.Library) {}

func unread(w *world) {
	factstest.Edit(&w.seen, "cn-1", func(n *facts.Node) { n.Library = facts.Missed[facts.Library](facts.TooLate, "no answer in 20s") })
}

func TestCommand(t *testing.T) {
	table(t, "command", []row{
		{name: "as built", broken: library(asBuilt), verdict: fine, evidence: "says how it starts"},
		{name: "imported", broken: library(func(l *facts.Library) { l.Images[0].Cmd, l.Images[0].Comment = nil, "Imported from -" }), verdict: wrong,
			evidence: "says nothing of how it starts: Imported from -", effect: "no message is lost", byHand: "image ship cn-1 --from NODE", row: "F32"},
		{name: "an entrypoint is enough", broken: library(func(l *facts.Library) { l.Images[0].Cmd, l.Images[0].Entrypoint = nil, []string{"/init"} }), verdict: fine, evidence: "says how it starts"},
		{name: "its image went", broken: library(func(l *facts.Library) { l.Images = nil }), verdict: unknown, evidence: "is not on"},
		{name: "not read", broken: unread, verdict: unknown, evidence: "no answer in 20s"},
	})
}

func TestLeaves(t *testing.T) {
	table(t, "leaves", []row{
		{name: "no such line", broken: library(asBuilt), verdict: fine, evidence: "nothing in what"},
		{name: "an old image", broken: library(func(l *facts.Library) { l.Ends = facts.Saw("vmq-admin cluster leave node=x -k") }), verdict: wrong,
			evidence: "says: vmq-admin cluster leave node=x -k", effect: "take cn-1 out of the cluster", byHand: "never stop it by Docker", row: "F27"},
		{name: "a script that could not be read", broken: library(func(l *facts.Library) { l.Ends = facts.Missed[string](facts.Denied, "may not") }), verdict: unknown, evidence: "may not"},
		{name: "not read", broken: unread, verdict: unknown, evidence: "no answer in 20s"},
		{name: "nothing to stop", broken: func(w *world) {
			factstest.Edit(&w.seen, "cn-1", func(n *facts.Node) { n.Container = facts.Missed[facts.Container](facts.Absent, "none") })
		}, verdict: fine, evidence: "no container"},
	})
}
