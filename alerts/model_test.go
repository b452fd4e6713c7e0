package alerts_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"vmqbot/alerts"
	"vmqbot/checks"
	"vmqbot/regions"
)

// model plays any sequence of looks, wishes, operations and clock jumps, and
// holds each turn against what must always be so.
type model struct {
	fleet  *regions.Fleet
	book   alerts.Book
	wishes []alerts.Wish
	now    time.Time
	busy   map[string]bool
	asked  map[string]bool
	rooted map[alerts.ID]int  // in which message an alert is told
	posted map[string]int     // the newest message of a group
	pages  map[alerts.ID]bool // open
	rails  rails
}

func newModel(f *regions.Fleet) *model {
	return &model{
		fleet: f, now: noon, busy: map[string]bool{}, asked: map[string]bool{}, rooted: map[alerts.ID]int{}, posted: map[string]int{},
		pages: map[alerts.ID]bool{}, rails: rails{tries: map[string][]time.Duration{}, ended: map[string]time.Duration{}},
	}
}

// things are what a step of the model can be about.
var things = []checks.Observation{
	{Check: "ip", Region: "cn", Node: "cn-1", Repair: "reattach cn-1"}, {Check: "ip", Region: "sg", Node: "sg-1", Repair: "reattach sg-1"},
	{Check: "port", Region: "cn", Node: "cn-1", Repair: "reattach cn-1"}, {Check: "host", Region: "cn", Node: "cn-1"},
	{Check: "mqtt", Region: "cn", Node: "cn-1", Peer: "sg-1"}, {Check: "mqtt", Region: "sg", Node: "sg-1", Peer: "cn-1"},
	{Check: "veth", Region: "sg", Node: "sg-1"}, {Check: "image", Region: "cn", Node: "cn-1"},
}

// steps are what lies between two looks: the time that passes, by which the rails
// are counted, and now and then a jump of the clock. Whoever reads the clock next
// notices it; only one that was set back while nobody watched goes unnoticed.
var steps = []struct {
	passes, jumps time.Duration
	unnoticed     bool
}{
	{passes: time.Second}, {passes: time.Second, jumps: 2 * time.Hour}, {passes: 5 * time.Second}, {passes: 30 * time.Second},
	{passes: 30 * time.Second, jumps: -2 * time.Hour}, {passes: 5 * time.Minute}, {passes: 40 * time.Minute}, {jumps: -2 * time.Hour, unnoticed: true},
}

// step does what one byte says, and one look more.
func (m *model) step(x byte, verdicts byte) error {
	s := steps[x%8]
	m.rails.passed += s.passes
	m.now = m.now.Add(s.passes + s.jumps)
	if s.jumps != 0 && !s.unnoticed {
		m.book = m.book.Shift(s.jumps)
	}
	region := []string{"cn", "sg"}[x>>3&1]
	switch x >> 4 {
	case 1:
		m.wish(alerts.Silence, region)
	case 2:
		m.wish(alerts.Maintenance, region)
	case 3:
		if n := len(m.wishes); n > 0 {
			m.wishes = append(m.wishes, alerts.Wish{ID: fmt.Sprint(n), Want: alerts.Unsilence, Of: m.wishes[n-1].ID, At: m.now})
		}
	case 4:
		m.wish(alerts.AutohealOff, region)
	case 5:
		m.wish(alerts.AutohealOn, region)
	case 6:
		m.busy[region] = !m.busy[region]
	case 7:
		m.asked[region] = !m.asked[region]
	case 8, 9:
		if node := m.rails.end(); node != "" {
			m.book = m.book.Ended(node, "4f2a91", "", m.now)
		}
	case 10:
		for _, a := range m.book.Sorted() {
			if a.Live() {
				m.wishes = append(m.wishes, alerts.Wish{ID: fmt.Sprint(len(m.wishes)), Want: alerts.Ack, Of: a.ID().String(), At: m.now})
				break
			}
		}
	case 11: // the process dies, and another goes on
		m.rails.end()
		m.book = m.book.Resumed(m.now)
	}
	return m.look(verdicts)
}

func (m *model) wish(w alerts.Want, region string) {
	m.wishes = append(m.wishes, alerts.Wish{ID: fmt.Sprint(len(m.wishes)), Want: w, Region: region, At: m.now, For: 10 * time.Minute})
}

// look finds: two bits choose what is bad and what cannot be seen.
func (m *model) look(verdicts byte) error {
	var found []checks.Observation
	for i, o := range things {
		switch {
		case verdicts>>i&1 == 1:
			o.Verdict, o.Evidence = checks.Bad, "bad"
		case int(verdicts)%len(things) == i:
			o.Verdict, o.Evidence = checks.Unknown, "unseen"
		default:
			o.Verdict = checks.OK
		}
		found = append(found, o)
	}
	l := alerts.Look{Fleet: m.fleet, Found: found, Busy: m.busy, Asked: m.asked, Now: m.now, Around: alerts.Around{Wishes: alerts.Heard(m.wishes), Busy: map[string]string{}}}
	for region, is := range m.busy {
		if is {
			l.Around.Busy[region] = "deploy " + region
		}
	}
	before := m.book
	var says []alerts.Say
	var orders []alerts.Order
	m.book, says, orders = alerts.Turn(before, l)
	for _, hold := range []func() error{
		func() error { return m.said(says, l) },
		func() error { return lined(before, m.book, says) },
		func() error { return m.told(l) },
		func() error { return m.ordered(orders, l) },
	} {
		if err := hold(); err != nil {
			return fmt.Errorf("%w\nsaid %+v\nordered %+v", err, says, orders)
		}
	}
	l.Found = nil
	if _, again, more := alerts.Turn(m.book, l); len(again)+len(more) > 0 {
		return fmt.Errorf("saying it twice says something new: %+v %+v", again, more)
	}
	return nil
}

// said holds what was said: one message for each alert, nothing under a
// message that is not there, nothing under a silence, no page for what is over.
func (m *model) said(says []alerts.Say, l alerts.Look) error {
	for _, s := range says {
		if s.Op == alerts.Post {
			if s.Episode != m.posted[s.Group]+1 {
				return fmt.Errorf("message %d of %s after %d", s.Episode, s.Group, m.posted[s.Group])
			}
			m.posted[s.Group] = s.Episode
			continue
		}
		if s.Episode > m.posted[s.Group] || s.Episode == 0 {
			return fmt.Errorf("%s under a message that is not there", s.Op)
		}
		a := m.book.Alerts[s.ID.Key]
		quiet, muted := l.Around.Wishes.Muting(s.ID.Key, m.now)
		silent := muted && quiet.Want == alerts.Silence
		switch s.Op {
		case alerts.Thread:
			if silent {
				return fmt.Errorf("spoke under a silence: %s", s.Text)
			}
			if (muted || m.working(s.ID.Key)) && a.ID() == s.ID && a.Phase != alerts.Resolved {
				return fmt.Errorf("spoke of what is %s in a window, or while somebody works there: %s", a.Phase, s.Text)
			}
		case alerts.Update:
			if !m.audible(s.Group, l) {
				return fmt.Errorf("the message of %s was edited, and everything in it is silenced", s.Group)
			}
		case alerts.Page:
			_, acked := l.Around.Wishes.Acks[s.ID.String()]
			if muted || m.working(s.ID.Key) || acked || a.ID() != s.ID || !a.Live() && !a.Flapping {
				return fmt.Errorf("paged for %s, which is %s (muted %t, acknowledged %t)", s.ID, a.Phase, muted, acked)
			}
			m.pages[s.ID] = true
		case alerts.StopPage:
			if !m.pages[s.ID] {
				return fmt.Errorf("stopped a page for %s that nobody heard", s.ID)
			}
			delete(m.pages, s.ID)
		}
	}
	for id := range m.pages {
		if a := m.book.Alerts[id.Key]; a.ID() != id || !a.Live() && !a.Flapping {
			return fmt.Errorf("a page for %s stays open and it is over", id)
		}
	}
	return nil
}

// told holds that people know what is true, unless something mutes it.
func (m *model) told(l alerts.Look) error {
	for group, s := range m.book.Sent {
		for _, line := range s.Lines {
			if at, was := m.rooted[line.ID]; was && at != s.Episode {
				return fmt.Errorf("%s is told in message %d and in %d of %s", line.ID, at, s.Episode, group)
			}
			if _, was := m.rooted[line.ID]; !was {
				if quiet, muted := l.Around.Wishes.Muting(line.ID.Key, m.now); muted {
					return fmt.Errorf("%s was announced under %s", line.ID, quiet.Want)
				}
			}
			m.rooted[line.ID] = s.Episode
		}
	}
	for k, a := range m.book.Alerts {
		_, muted := l.Around.Wishes.Muting(k, m.now)
		if !a.Live() || a.GoodRun > 0 || muted || m.working(k) || m.explained(k) {
			continue
		}
		s := m.book.Sent[k.Group()]
		if !slices.ContainsFunc(s.Lines, func(l alerts.Line) bool { return l.ID == a.ID() && l.Phase == a.Phase }) {
			return fmt.Errorf("%s is %s and nobody was told", a.ID(), a.Phase)
		}
	}
	return nil
}

// working reports that somebody works at an end of it.
func (m *model) working(k alerts.Key) bool {
	return slices.ContainsFunc(k.Ends(), func(node string) bool {
		n, _ := m.fleet.Node(node)
		return m.busy[n.Region]
	})
}

// audible reports that something in a message is under no silence.
func (m *model) audible(group string, l alerts.Look) bool {
	return slices.ContainsFunc(m.book.Sent[group].Lines, func(line alerts.Line) bool {
		w, muted := l.Around.Wishes.Muting(line.ID.Key, m.now)
		return !muted || w.Want != alerts.Silence
	})
}

// lined holds that each phase which people are told has one line of history, and
// that there is no line without something new.
func lined(before, after alerts.Book, says []alerts.Say) error {
	got, want := map[alerts.ID]int{}, map[alerts.ID]int{}
	for _, s := range says {
		if s.Op == alerts.Thread {
			got[s.ID]++
		}
	}
	for group, s := range after.Sent {
		for _, l := range s.Lines {
			want[l.ID] += news(before.Sent[group], l)
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
	changed := was.Phase != l.Phase || l.Phase == alerts.Healing && !was.Healed.Equal(l.Healed)
	add(was.Flapping != l.Flapping || changed && !l.Flapping)
	add(l.Acked && !was.Acked)
	add(l.GaveUp && !was.GaveUp || l.GaveUp && l.Phase == alerts.Firing && was.Phase == alerts.Resolved)
	return n
}

// explained is a second opinion on causes: anything that could be one is live
// or was within the last half minute.
func (m *model) explained(k alerts.Key) bool {
	for other, a := range m.book.Alerts {
		recent := a.Phase == alerts.Resolved && m.now.Sub(a.Resolved) < 30*time.Second
		if other != k && (a.Live() || recent || a.BadRun > 0 && a.Phase != alerts.Fine) && (slices.Contains(checks.Causes(k.Check), other.Check) || k.Check == alerts.Blind) {
			return true
		}
	}
	return false
}

func (m *model) play(b []byte) error {
	for i := 0; i+1 < len(b); i += 2 {
		if err := m.step(b[i], b[i+1]); err != nil {
			return fmt.Errorf("step %d of %v: %w", i/2, b, err)
		}
	}
	return nil
}

// FuzzModel: go test ./alerts -run '^$' -fuzz FuzzModel -fuzztime 30s -parallel 1.
func FuzzModel(f *testing.F) {
	f.Add([]byte{0, 1, 0, 1, 0, 1, 0, 0, 3, 0, 3, 0})
	f.Add([]byte{0, 1, 16, 1, 0, 1, 0x31, 1, 0, 0, 3, 0, 3, 0, 6, 1, 0, 1})
	fleet := fleet(f)
	f.Fuzz(func(t *testing.T, b []byte) {
		if len(b) > 400 {
			return
		}
		if err := newModel(fleet).play(b); err != nil {
			t.Fatal(err)
		}
	})
}

// TestModel draws long stories: alerts that last, so that all phases are met.
func TestModel(t *testing.T) {
	fleet := fleet(t)
	rapid.Check(t, func(r *rapid.T) {
		m := newModel(fleet)
		verdicts := byte(0)
		for range rapid.IntRange(1, 120).Draw(r, "steps") {
			if rapid.IntRange(0, 3).Draw(r, "turn") == 0 {
				verdicts ^= 1 << rapid.IntRange(0, 7).Draw(r, "thing")
			}
			x := byte(rapid.IntRange(0, 15).Draw(r, "time"))
			if rapid.IntRange(0, 3).Draw(r, "act") == 0 {
				x |= byte(rapid.IntRange(0, 15).Draw(r, "what")) << 4
			}
			if err := m.step(x, verdicts); err != nil {
				r.Fatal(err)
			}
		}
	})
}
