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
	wants  wants // the same, as the model understands it
	now    time.Time
	busy   map[string]bool
	asked  map[string]bool
	rooted map[alerts.ID]int  // in which message an alert is told
	posted map[string]int     // the newest message of a group
	pages  map[alerts.ID]bool // open
	rails  rails
	mild   map[string]bool       // regions in which what is critical is only a warning now
	worst  map[alerts.Key]int    // bad looks in a row at which it was critical
	calls  map[alerts.ID]calling // who was paged
}

func newModel(f *regions.Fleet) *model {
	return &model{
		fleet: f, now: noon, busy: map[string]bool{}, asked: map[string]bool{}, rooted: map[alerts.ID]int{}, posted: map[string]int{},
		wants: newWants(), pages: map[alerts.ID]bool{}, mild: map[string]bool{}, worst: map[alerts.Key]int{}, calls: map[alerts.ID]calling{},
		rails: rails{tries: map[string][]time.Duration{}, ended: map[string]time.Duration{}},
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
		m.mute(alerts.Silence, region, "")
	case 2:
		m.mute(alerts.Maintenance, region, "")
	case 3:
		if id, is := m.wants.end(); is {
			m.wish(alerts.Wish{Want: alerts.Unsilence, Of: id})
		}
	case 4:
		m.wish(alerts.Wish{Want: alerts.AutohealOff, Region: region})
		m.wants.off[region] = true
	case 5:
		m.wish(alerts.Wish{Want: alerts.AutohealOn, Region: region})
		m.wants.off[region] = false
	case 6:
		m.busy[region] = !m.busy[region]
	case 7:
		m.asked[region] = !m.asked[region]
	case 8, 9:
		if node := m.rails.end(); node != "" {
			m.book = m.book.Ended(node, "4f2a91", []string{"", "no proof"}[x>>4&1], m.now)
		}
	case 10:
		for _, a := range m.book.Sorted() {
			if a.Live() {
				m.wish(alerts.Wish{Want: alerts.Ack, Of: a.ID().String()})
				m.wants.acked[a.ID()] = true
				break
			}
		}
	case 11: // the process dies, and another goes on
		m.rails.end()
		m.book = m.book.Resumed(m.now)
	case 12:
		m.mute(alerts.Silence, "", region+"-1")
	case 14:
		for _, a := range m.book.Sorted() {
			if a.Live() && m.wants.acked[a.ID()] {
				m.wish(alerts.Wish{Want: alerts.Unack, Of: a.ID().String()})
				delete(m.wants.acked, a.ID())
				break
			}
		}
	case 13:
		m.mild[region] = !m.mild[region]
	}
	return m.look(verdicts)
}

func (m *model) wish(w alerts.Wish) (id string) {
	w.ID, w.At = fmt.Sprint(len(m.wishes)), m.now
	m.wishes = append(m.wishes, w)
	return w.ID
}

func (m *model) mute(want alerts.Want, region, node string) {
	id := m.wish(alerts.Wish{Want: want, Region: region, Node: node, For: muteFor})
	m.wants.mutes = append(m.wants.mutes, mute{id, want, region, node, m.now})
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
		m.weigh(&o)
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
		func() error { return m.said(says) },
		func() error { return lined(before, m.book, says) },
		func() error { return m.called(before, says) },
		m.told,
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
func (m *model) said(says []alerts.Say) error {
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
		quiet := m.wants.muting(s.ID.Key, m.now)
		muted, silent := quiet != "", quiet == alerts.Silence
		switch s.Op {
		case alerts.Thread:
			if silent {
				return fmt.Errorf("spoke under a silence: %s", s.Text)
			}
			if (muted || m.working(s.ID.Key)) && a.ID() == s.ID && a.Phase != alerts.Resolved {
				return fmt.Errorf("spoke of what is %s in a window, or while somebody works there: %s", a.Phase, s.Text)
			}
		case alerts.Update:
			if !m.audible(s.Group) {
				return fmt.Errorf("the message of %s was edited, and everything in it is silenced", s.Group)
			}
		case alerts.Page:
			acked := m.wants.acked[s.ID]
			if muted || m.working(s.ID.Key) || acked || a.ID() != s.ID || !a.Live() && !a.Flapping {
				return fmt.Errorf("paged for %s, which is %s (muted %t, acknowledged %t)", s.ID, a.Phase, muted, acked)
			}
			if m.stormy(s.ID.Key) {
				return fmt.Errorf("paged for %s in a storm", s.ID)
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
func (m *model) told() error {
	for group, s := range m.book.Sent {
		for _, line := range s.Lines {
			if at, was := m.rooted[line.ID]; was && at != s.Episode {
				return fmt.Errorf("%s is told in message %d and in %d of %s", line.ID, at, s.Episode, group)
			}
			if _, was := m.rooted[line.ID]; !was {
				if quiet := m.wants.muting(line.ID.Key, m.now); quiet != "" {
					return fmt.Errorf("%s was announced under %s", line.ID, quiet)
				}
			}
			m.rooted[line.ID] = s.Episode
		}
	}
	for k, a := range m.book.Alerts {
		muted := m.wants.muting(k, m.now) != ""
		if !a.Live() || a.GoodRun > 0 || muted || m.working(k) || m.explained(k) {
			continue
		}
		s := m.book.Sent[k.Group()]
		if !slices.ContainsFunc(s.Lines, func(l alerts.Line) bool { return l.ID == a.ID() && l.Phase == a.Phase && l.Severity == a.Severity }) {
			return fmt.Errorf("%s is %s and %s, and nobody was told", a.ID(), a.Phase, a.Severity)
		}
		if m.worst[k] >= 2 && a.Severity != checks.Critical {
			return fmt.Errorf("%s is critical for %d looks, and is taken for %s", a.ID(), m.worst[k], a.Severity)
		}
		if a.Severity == checks.Critical && !m.wants.acked[a.ID()] && !m.pages[a.ID()] && !m.stormy(k) {
			return fmt.Errorf("%s is critical, and nobody was called", a.ID())
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

// stormy reports that a storm calls for it. No silence of the model covers one.
func (m *model) stormy(k alerts.Key) bool {
	storm := m.book.Alerts[alerts.Key{Check: alerts.Storm, Region: "fleet", Node: "fleet"}]
	return k.Check != alerts.Storm && storm.Live()
}

// audible reports that something in a message is under no silence.
func (m *model) audible(group string) bool {
	return slices.ContainsFunc(m.book.Sent[group].Lines, func(line alerts.Line) bool {
		return m.wants.muting(line.ID.Key, m.now) != alerts.Silence
	})
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
	f.Add([]byte{0x18, 0x10, 2, 0x10, 2, 0x10, 2, 0x10}) // a link, under a silence of the region at its far end
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
