package commands

import (
	"slices"
	"strings"

	"vmqbot/conf"
	"vmqbot/facts"
	"vmqbot/secret"
)

// compared is what stands on a host against what the fleet file says.
type compared struct {
	blind    string        // why it cannot be compared, or ""
	missing  bool          // there is no vernemq.conf
	have     secret.Text   // the file that stands there
	broken   error         // why VerneMQ could not read it
	old      conf.Settings // what it says
	want     conf.File     // what the fleet file makes
	changes  []conf.Change
	doors    string   // the gate's list that stands there
	opened   []string // lines that are to be added to it
	closed   []string // lines that are to go from it
	sameText bool
}

func compare(s site) compared {
	c := compared{blind: s.blind}
	if c.blind != "" || !s.exists {
		return c
	}
	var ok bool
	if c.have, ok = s.ground.Conf.Get(); !ok {
		if c.missing = s.ground.Conf.Blind() == facts.Absent; !c.missing {
			c.blind = s.ground.Conf.Why()
			return c
		}
	}
	c.sameText = c.have == s.want.Conf
	if c.old, c.broken = conf.Parse(c.have.Reveal()); c.broken != nil {
		c.old = conf.Settings{}
	}
	c.want = conf.Render(s.node, conf.ParseVersion(s.image))
	c.changes = conf.Diff(c.old, c.want.Settings)
	if !s.gated {
		return c
	}
	if c.doors, ok = s.ground.Doors.Get(); !ok && s.ground.Doors.Blind() != facts.Absent {
		c.blind = s.ground.Doors.Why()
		return c
	}
	before, after := doorLines(c.doors), doorLines(s.want.Doors)
	c.opened = slices.DeleteFunc(slices.Clone(after), func(l string) bool { return slices.Contains(before, l) })
	c.closed = slices.DeleteFunc(before, func(l string) bool { return slices.Contains(after, l) })
	return c
}

// doorLines are the lines of the gate's list that open something.
func doorLines(text string) (lines []string) {
	for line := range strings.Lines(text) {
		if line = strings.Join(strings.Fields(line), " "); line != "" && line[0] != '#' {
			lines = append(lines, line)
		}
	}
	return lines
}

// same reports that there is nothing to change.
func (c compared) same() bool {
	return c.blind == "" && !c.missing && c.sameText && len(c.opened)+len(c.closed) == 0
}

// live reports that a running broker takes all of it without a restart. A port
// that the gate opened stays open when its line goes.
func (c compared) live() bool {
	return c.broken == nil && !c.missing && len(c.closed) == 0 && !conf.NeedsRestart(c.changes)
}
