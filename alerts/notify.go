package alerts

import (
	"fmt"
	"slices"
	"time"
)

// Case is one alert with what lies over it.
type Case struct {
	Alert Alert
	Gate  Gate
	Tries []Try // at its node
}

// Notify says what must still be said so that people know of a group what is
// true. Asked twice, it says nothing the second time.
func Notify(s Sent, cases []Case, now time.Time) (Sent, []Say) {
	n := notifier{sent: s.within(now), now: now, worse: map[Key]bool{}}
	n.index()
	for _, c := range cases {
		n.known(c)
	}
	n.gone(cases)
	n.flush()
	for _, c := range cases {
		// What is right again by the last look is about to be over: not worth a word.
		if c.Gate.Mute == "" && c.Alert.Live() && c.Alert.GoodRun == 0 && !n.told(c.Alert) {
			n.announce(c, cases)
		}
	}
	n.flush()
	for _, c := range cases {
		n.page(c)
	}
	return n.sent, n.says
}

type notifier struct {
	sent  Sent
	now   time.Time
	edit  bool         // the message must be drawn anew
	worse map[Key]bool // what has just become worse than it ever was: the escalation begins again
	after []Say
	says  []Say

	lines map[Key]int // where the line of each key is: in a storm there are thousands
}

// index finds the places of the lines anew.
func (n *notifier) index() {
	n.lines = make(map[Key]int, len(n.sent.Lines))
	for i := len(n.sent.Lines) - 1; i >= 0; i-- {
		n.lines[n.sent.Lines[i].ID.Key] = i
	}
}

// find is the line of a key, whichever trouble it was; nil when there is none.
func (n *notifier) find(k Key) *Line {
	if i, known := n.lines[k]; known {
		return &n.sent.Lines[i]
	}
	return nil
}

func (n *notifier) told(a Alert) bool {
	l := n.find(a.Key)
	return l != nil && l.ID == a.ID()
}

func (n *notifier) say(s Say) {
	s.Group, s.Episode, s.At = n.sent.Group, n.sent.Episode, n.now
	n.says = append(n.says, s)
}

func (n *notifier) thread(id ID, broadcast bool, text string) {
	n.after = append(n.after, Say{Op: Thread, ID: id, Broadcast: broadcast, Text: n.now.UTC().Format("15:04:05") + " " + text})
}

// flush draws the message once, whatever changed in it, and then its history.
func (n *notifier) flush() {
	if n.edit {
		n.say(Say{Op: Update})
	}
	for _, s := range n.after {
		n.say(s)
	}
	n.edit, n.after = false, nil
}

// known goes on with an alert that people know of. That nobody needs to come
// any more is never muted.
func (n *notifier) known(c Case) {
	a, l := c.Alert, n.find(c.Alert.Key)
	if l == nil {
		return
	}
	if same := l.ID == a.ID(); l.Paged && (!same || !a.Needy() || c.Gate.Acked) {
		n.say(Say{Op: StopPage, ID: l.ID, Called: l.Called})
		l.Paged, l.Called = false, nil
		if !a.Needy() { // should it come back under a silence, whoever was called off is called again
			l.Told, l.Steps = n.now, 0
		}
	}
	passes := c.Gate.Mute == InMaintenance && a.Phase == Resolved
	if c.Gate.Mute != "" && !passes {
		return
	}
	if l.ID != a.ID() {
		if l.Phase != Resolved {
			n.edit = true
			n.thread(l.ID, false, "it ended while nothing was said about it")
			l.Phase, l.Flapping = Resolved, false
		}
		return
	}
	switch {
	case l.Flapping != a.Flapping:
		n.edit = true
		n.thread(l.ID, false, flapWord(a))
	case l.Phase != a.Phase, a.Phase == Healing && !l.Healed.Equal(a.Healed):
		n.edit = true
		if !a.Flapping {
			n.thread(l.ID, a.Phase == Firing && l.Phase == Resolved, word(*l, a, failure(c.Tries, a.ID())))
		}
	}
	if a.Live() && l.Phase == Resolved { // it came back: as new as the first time
		l.Told, l.Steps, l.GaveUp, l.Peak = n.now, 0, false, a.Severity
	} else if a.Live() {
		n.changed(l, a)
	}
	switch {
	case c.Gate.Acked && !l.Acked:
		n.edit = true
		n.thread(l.ID, false, "acknowledged: nobody else is paged")
	case !c.Gate.Acked && l.Acked && a.Needy():
		n.edit = true
		n.thread(l.ID, true, "handed back: nobody is on it")
		l.Told, l.Steps = n.now, 0
	}
	l.Phase, l.Flapping, l.Acked, l.Healed = a.Phase, a.Flapping, c.Gate.Acked, a.Healed
	l.draw(a, n.now, n.edit)
}

// gone closes the lines of keys that nobody folds any more.
func (n *notifier) gone(cases []Case) {
	folded := make(map[Key]bool, len(cases))
	for _, c := range cases {
		folded[c.Alert.Key] = true
	}
	n.sent.Lines = slices.DeleteFunc(n.sent.Lines, func(l Line) bool {
		if folded[l.ID.Key] {
			return false
		}
		if l.Paged {
			n.say(Say{Op: StopPage, ID: l.ID, Called: l.Called})
		}
		return true
	})
	n.index()
}

// announce tells of an alert for the first time: in a new message, or as one
// more line of the one that is still open.
func (n *notifier) announce(c Case, cases []Case) {
	a := c.Alert
	line := Line{ID: a.ID(), Phase: a.Phase, Flapping: a.Flapping, Acked: c.Gate.Acked, Healed: a.Healed, Told: n.now, Peak: a.Severity}
	line.draw(a, n.now, true)
	posted := slices.ContainsFunc(n.says, func(s Say) bool { return s.Op == Post })
	switch {
	case posted:
		n.thread(a.ID(), false, "firing: "+a.Last.Evidence)
	case n.sent.open(cases, n.now):
		n.edit = true
		n.thread(a.ID(), true, "firing: "+a.Key.Where()+": "+a.Last.Evidence)
	default:
		n.sent.Episode, n.sent.Lines = n.sent.Episode+1, nil
		n.index()
		n.say(Say{Op: Post})
		n.thread(a.ID(), false, "firing: "+a.Last.Evidence)
	}
	if a.Phase == Healing {
		n.thread(a.ID(), false, "repairing by itself: "+a.Last.Repair)
	}
	if l := n.find(a.Key); l != nil {
		*l = line
		return
	}
	n.lines[a.Key] = len(n.sent.Lines)
	n.sent.Lines = append(n.sent.Lines, line)
}

// page takes the step of the escalation that has come. Steps that were missed
// are not made up for: one page says it all.
func (n *notifier) page(c Case) {
	a, l := c.Alert, n.find(c.Alert.Key)
	if l == nil || l.ID != a.ID() || !a.Needy() || c.Gate.Mute != "" || a.GoodRun > 0 { // right again by the last look: perhaps nobody needs to come
		return
	}
	if l.Held && !c.Gate.Held { // the storm is over, and this is not
		l.Held, l.Told, l.Steps = false, n.now, 0
	}
	steps, whom := due(a.Severity, c.Gate.People, n.now.Sub(l.Told))
	gaveUp := a.Refusal == Exhausted && !l.GaveUp && a.Live()
	if gaveUp {
		l.GaveUp = true
		n.say(Say{Op: Thread, ID: l.ID, Broadcast: true, Text: n.now.UTC().Format("15:04:05") + " " + gaveUpWord(a, c.Tries, n.now)})
	}
	if c.Gate.Held && !l.Paged {
		l.Held = true
	}
	if c.Gate.Acked || c.Gate.Held || steps == 0 {
		return
	}
	if steps <= l.Steps && !gaveUp {
		n.remind(l, c)
		return
	}
	if a.Flapping && l.Paged && !gaveUp && !n.worse[a.Key] { // one page, kept open
		return
	}
	l.Steps, l.Paged, l.Heard = max(steps, l.Steps), true, n.now
	if !slices.Contains(l.Called, whom) {
		l.Called = append(slices.Clip(l.Called), whom)
	}
	n.say(Say{Op: Page, ID: l.ID, Whom: whom, Step: l.Steps, Text: a.Key.Where() + ": " + a.Last.Evidence})
}

// remindEvery is how often what pages nobody any more is told again.
const remindEvery = 4 * time.Hour

// remind tells again what nobody has taken on though everybody was called as often
// as is allowed: it must not fall silent for good.
func (n *notifier) remind(l *Line, c Case) {
	a := c.Alert
	if l.Steps < len(Ladder(a.Severity, c.Gate.People)) || a.Flapping || !a.Live() || n.now.Sub(l.Heard) < remindEvery {
		return
	}
	l.Heard = n.now
	text := fmt.Sprintf("still firing after %s, and nobody has taken it on: %s. Type: ack %s", n.now.Sub(a.Since).Round(time.Minute), a.Last.Evidence, a.Key)
	n.say(Say{Op: Thread, ID: l.ID, Broadcast: true, Text: n.now.UTC().Format("15:04:05") + " " + text})
}

// word is one line of history; failed is how the last repair failed, if it did.
func word(l Line, a Alert, failed string) string {
	switch {
	case a.Phase == Healing && l.Phase == Healing && failed != "":
		return "the repair failed: " + failed + "; repairing by itself again: " + a.Last.Repair
	case a.Phase == Firing && l.Phase == Healing && failed != "":
		return "the repair failed: " + failed
	case a.Phase == Healing && l.Phase == Healing:
		return "the repair did not help; repairing by itself again: " + a.Last.Repair
	case a.Phase == Healing && l.Phase == Resolved:
		return "back: " + a.Last.Evidence + "; repairing by itself: " + a.Last.Repair
	case a.Phase == Healing:
		return "repairing by itself: " + a.Last.Repair
	case a.Phase == Firing && l.Phase == Healing:
		return "the repair did not help: " + a.Last.Evidence
	case a.Phase == Firing:
		return "back: " + a.Last.Evidence
	case !a.Away.IsZero():
		return fmt.Sprintf("ended while I was away, between %s and %s UTC", clock(a.Away, a.GoodSince), clock(a.GoodSince, a.GoodSince))
	case a.Helped:
		return fmt.Sprintf("resolved after %s; the bot repaired it", a.Resolved.Sub(a.Since).Round(time.Second))
	default:
		return fmt.Sprintf("resolved after %s", a.Resolved.Sub(a.Since).Round(time.Second))
	}
}

// clock is a moment as people read it, with its day where that is another one.
func clock(t, other time.Time) string {
	t, other = t.UTC(), other.UTC()
	if t.Format(time.DateOnly) != other.Format(time.DateOnly) {
		return t.Format("2006-01-02 15:04:05")
	}
	return t.Format("15:04:05")
}

func flapWord(a Alert) string {
	if a.Flapping {
		return "it comes and goes: no further lines, no repair by itself and no further page until it is steady"
	}
	if a.Live() {
		return "steady again, and bad: " + a.Last.Evidence
	}
	return "steady again, and right"
}
