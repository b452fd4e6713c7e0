package alerts_test

import (
	"fmt"
	"slices"

	"vmqbot/alerts"
	"vmqbot/checks"
)

// lined holds that each phase which people are told has one line of history, and
// that there is no line without something new.
func lined(before, after alerts.Book, says []alerts.Say) error {
	got, want, paged := map[alerts.ID]int{}, map[alerts.ID]int{}, map[alerts.ID]bool{}
	for _, s := range says {
		if s.Op == alerts.Thread {
			got[s.ID]++
		}
		paged[s.ID] = paged[s.ID] || s.Op == alerts.Page
	}
	for group, s := range after.Sent {
		for _, l := range s.Lines {
			want[l.ID] += news(before.Sent[group], l)
			if was := told(before.Sent[group], l.ID); was != nil && l.Heard.After(was.Heard) && !paged[l.ID] { // reminded
				want[l.ID]++
			}
		}
		for _, l := range before.Sent[group].Lines { // what another trouble has followed unheard is closed
			i := slices.IndexFunc(s.Lines, func(now alerts.Line) bool { return now.ID.Key == l.ID.Key })
			if l.Phase != alerts.Resolved && i >= 0 && s.Lines[i].ID != l.ID {
				want[l.ID]++
			}
		}
	}
	for id, n := range got {
		if n != want[id] {
			return fmt.Errorf("%d lines about %s, and %d things are new", n, id, want[id])
		}
	}
	for id, n := range want {
		if n != got[id] {
			return fmt.Errorf("%d lines about %s, and %d things are new", got[id], id, n)
		}
	}
	return nil
}

// told is what was told of an alert; nil for nothing.
func told(s alerts.Sent, id alerts.ID) *alerts.Line {
	i := slices.IndexFunc(s.Lines, func(l alerts.Line) bool { return l.ID == id })
	if i < 0 {
		return nil
	}
	return &s.Lines[i]
}

// news is how many things a line of the message tells that it did not tell before.
func news(before alerts.Sent, l alerts.Line) (n int) {
	i := slices.IndexFunc(before.Lines, func(was alerts.Line) bool { return was.ID == l.ID })
	add := func(is bool) {
		if is {
			n++
		}
	}
	if i < 0 { // announced
		add(true)
		add(l.Phase == alerts.Healing)
		add(l.GaveUp)
		return n
	}
	was := before.Lines[i]
	goesOn := was.Phase != alerts.Resolved && l.Phase != alerts.Resolved
	add(goesOn && was.Severity != l.Severity && !l.Flapping)
	changed := was.Phase != l.Phase || l.Phase == alerts.Healing && !was.Healed.Equal(l.Healed)
	add(was.Flapping != l.Flapping || changed && !l.Flapping)
	add(l.Acked != was.Acked && (l.Acked || l.Phase != alerts.Resolved || l.Flapping))
	add(l.GaveUp && !was.GaveUp || l.GaveUp && l.Phase == alerts.Firing && was.Phase == alerts.Resolved)
	return n
}

// weigh makes what was found milder where the model says so, and counts for how
// many looks it was not.
func (m *model) weigh(o *checks.Observation) {
	k := alerts.Key{Check: o.Check, Region: o.Region, Node: o.Node}
	if !m.varies(k) {
		return
	}
	o.Severity = checks.Critical
	if m.mild[o.Region] {
		o.Severity = checks.Warning
	}
	switch {
	case o.Verdict == checks.Bad && o.Severity == checks.Critical:
		m.worst[k]++
	case o.Verdict != checks.Unknown:
		m.worst[k] = 0
	}
}

// varies reports that the model makes it milder now and then.
func (m *model) varies(k alerts.Key) bool { return k.Check == "host" || k.Check == "ip" }

// calling is how far the escalation of an alert has come.
type calling struct {
	step  int
	worst checks.Severity
}

// called holds that no step is paged twice: an escalation begins again only when
// what was over comes back, or is worse than it ever was.
func (m *model) called(before alerts.Book, says []alerts.Say) error {
	gaveUp := map[alerts.ID]bool{}
	for group, s := range m.book.Sent {
		for _, l := range s.Lines {
			old := before.Sent[group]
			i := slices.IndexFunc(old.Lines, func(was alerts.Line) bool { return was.ID == l.ID })
			call, live := m.calls[l.ID], l.Phase != alerts.Resolved
			back := i >= 0 && old.Lines[i].Acked && !l.Acked
			if i < 0 || back || old.Lines[i].Phase == alerts.Resolved && live || live && l.Severity > call.worst {
				call.step = 0
			}
			if live && (i < 0 || old.Lines[i].Phase == alerts.Resolved) {
				call.worst = 0
			}
			gaveUp[l.ID] = l.GaveUp && (i < 0 || !old.Lines[i].GaveUp)
			call.worst = max(call.worst, l.Severity)
			m.calls[l.ID] = call
		}
	}
	for _, s := range says {
		if s.Op != alerts.Page && s.Op != alerts.StopPage {
			continue
		}
		call := m.calls[s.ID]
		if s.Op == alerts.StopPage { // whoever is called off may be called again
			call.step = 0
			m.calls[s.ID] = call
			continue
		}
		if s.Step <= call.step && !gaveUp[s.ID] {
			return fmt.Errorf("paged step %d for %s, after step %d", s.Step, s.ID, call.step)
		}
		call.step = s.Step
		m.calls[s.ID] = call
	}
	return nil
}
