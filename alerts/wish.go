package alerts

import (
	"slices"
	"time"

	"vmqbot/timetable"
)

// Want is what a person wants of the watch.
type Want string

// What people can want.
const (
	Silence     Want = "silence"     // say nothing about something for a while
	Maintenance Want = "maintenance" // the same, and what ends meanwhile is still told
	Unsilence   Want = "unsilence"   // end one of these now
	Ack         Want = "ack"         // somebody is on it: page nobody else
	Unack       Want = "unack"       // nobody is, after all
	AutohealOff Want = "autoheal off"
	AutohealOn  Want = "autoheal on"
	Schedule    Want = "schedule"   // do a verb again and again
	Unschedule  Want = "unschedule" // end that
	Ran         Want = "ran"        // the watch's own note: what came of one time
)

// Wish is one thing that a person told the watch. Wishes are kept as they were
// said and never changed: what holds now follows from them and from the clock.
type Wish struct {
	ID     string        `json:"id"` // of the operation by which it was said
	Want   Want          `json:"want"`
	By     string        `json:"by"`
	At     time.Time     `json:"at"`
	Check  string        `json:"check,omitempty"`  // "" for every check
	Region string        `json:"region,omitempty"` // "" for every region
	Node   string        `json:"node,omitempty"`   // "" for every node
	Of     string        `json:"of,omitempty"`     // the alert that is acknowledged, or the silence that ends
	For    time.Duration `json:"for_ns,omitempty"` // how long it holds
	Reason string        `json:"reason,omitempty"`
	Every  string        `json:"every,omitempty"` // when it comes again: a spec of package timetable
	Line   string        `json:"line,omitempty"`  // the verb that is scheduled
	Due    time.Time     `json:"due,omitzero"`    // of a note: the moment that it is about
}

// About is what the wish speaks of: "ip of cn", "everything", or an alert.
func (w Wish) About() string {
	where := w.Node
	if where == "" {
		where = w.Region
	}
	switch {
	case w.Line != "":
		return w.Line
	case w.Of != "":
		return w.Of
	case w.Check == "" && where == "":
		return "everything"
	case w.Check == "":
		return where
	case where == "":
		return w.Check
	default:
		return w.Check + " of " + where
	}
}

// Until is when a silence or a window ends by itself. One that comes again is
// told as it stands at a moment: when it ends if it is open, or else opens next.
func (w Wish) Until() time.Time { return w.At.Add(w.For) }

// Over reports that it will not hold any more.
func (w Wish) Over(now time.Time) bool { return w.Every == "" && !now.Before(w.Until()) }

// Open reports whether a silence or a window holds at a moment, and until when.
func (w Wish) Open(now time.Time) (until time.Time, open bool) {
	if now.Before(w.At) {
		return time.Time{}, false
	}
	if w.Every == "" {
		return w.Until(), now.Before(w.Until())
	}
	times, err := timetable.Parse(w.Every)
	if err != nil { // whoever cannot read it must not be silent because of it
		return time.Time{}, false
	}
	began, found := times.Last(now, w.At, w.At)
	until = began.Add(w.For)
	return until, found && now.Before(until)
}

// Covers reports whether the wish speaks of a key: one end of a link is enough,
// whichever it is told under.
func (w Wish) Covers(k Key, in Places) bool {
	switch {
	case w.Check != "" && w.Check != k.Check:
		return false
	case w.Node != "":
		return slices.Contains(k.Ends(), w.Node)
	default:
		return w.Region == "" || slices.Contains(in.Of(k), w.Region)
	}
}

// Wishes are what holds, as far as it does not depend on the clock.
type Wishes struct {
	Mutes []Wish          // silences and windows that nobody has ended
	Acks  map[string]Wish // by the alert's identity
	Off   []Wish          // where nothing is repaired by itself

	Schedules []Wish          // verbs that are done again and again, in the order in which they were added
	Ran       map[string]Wish // what came of the last time of each, by its identity
}

// Heard reads the wishes in the order in which they were said.
func Heard(all []Wish) Wishes {
	now := Wishes{Acks: map[string]Wish{}, Ran: map[string]Wish{}}
	for _, w := range all {
		switch w.Want {
		case Silence, Maintenance:
			now.Mutes = append(now.Mutes, w)
		case Unsilence:
			now.Mutes = slices.DeleteFunc(now.Mutes, func(m Wish) bool { return m.ID == w.Of })
		case Ack:
			now.Acks[w.Of] = w
		case Unack:
			delete(now.Acks, w.Of)
		case Schedule:
			now.Schedules = append(now.Schedules, w)
		case Unschedule:
			now.Schedules = slices.DeleteFunc(now.Schedules, func(s Wish) bool { return s.ID == w.Of })
		case Ran:
			now.Ran[w.Of] = w
		case AutohealOff, AutohealOn:
			now.Off = slices.DeleteFunc(now.Off, func(o Wish) bool { return within(o, w) })
			if w.Want == AutohealOff {
				now.Off = append(now.Off, w)
			}
		}
	}
	return now
}

// within reports whether everything that one wish speaks of is spoken of by
// the other too.
func within(one, other Wish) bool {
	switch {
	case other.Node != "":
		return one.Node == other.Node
	case other.Region != "":
		return one.Region == other.Region
	default:
		return true
	}
}

// Muting finds the silence or window that covers a key now; a silence goes
// before a window, because it lets nothing pass.
func (w Wishes) Muting(k Key, in Places, now time.Time) (Wish, bool) {
	var found Wish
	for _, m := range w.Mutes {
		if _, open := m.Open(now); !open || !m.Covers(k, in) {
			continue
		}
		if m.Want == Silence {
			return m, true
		}
		found = m
	}
	return found, found.Want != ""
}

// Stopped finds who wants nothing to be repaired there by itself.
func (w Wishes) Stopped(k Key, in Places) (Wish, bool) {
	i := slices.IndexFunc(w.Off, func(o Wish) bool { return o.Covers(k, in) })
	if i < 0 {
		return Wish{}, false
	}
	return w.Off[i], true
}
