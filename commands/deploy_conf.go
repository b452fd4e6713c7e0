package commands

import (
	"fmt"
	"slices"
	"strings"

	"vmqbot/conf"
	"vmqbot/regions"
	"vmqbot/secret"
)

const (
	maxChanges = 24  // lines of one vernemq.conf that a plan shows; conf diff has all of them
	maxLine    = 160 // letters of one of them
)

// tellConf shows what changes in each vernemq.conf that is replaced, before it
// is approved. Nodes in which the same changes are told once.
func (d *deployment) tellConf(sites []site) {
	var order []string
	by := map[string][]string{}
	for _, s := range sites {
		text := strings.Join(confChanges(s), "\n")
		if text == "" {
			continue
		}
		if len(by[text]) == 0 {
			order = append(order, text)
		}
		by[text] = append(by[text], s.node.Name)
	}
	for _, text := range order {
		lines := strings.Split(text, "\n")
		names := by[text]
		d.note("%s: vernemq.conf %s", strings.Join(names, ", "), lines[0])
		shown := lines[1:min(len(lines), 1+maxChanges)]
		for _, line := range shown {
			d.note("  %s", line)
		}
		if more := len(lines) - 1 - len(shown); more > 0 {
			d.note("  and %s more: conf diff %s", count(more, "line"), names[0])
		}
	}
}

// confChanges is what a plan says of one node's vernemq.conf: a headline, then
// the lines that go, that change and that come. Lines that go stand first,
// because nobody looks for what is not there any more. It is nil when nothing
// changes or there was no file.
func confChanges(s site) []string {
	if !s.renew {
		return nil
	}
	s = asLeft(s)
	c := compare(s)
	switch {
	case !s.exists:
		return nil
	case c.blind != "":
		return []string{"that stands there cannot be seen, so what changes is not known: " + trim(c.blind)}
	case c.missing:
		return []string{"is not there: the fleet file's is written"}
	case c.broken != nil:
		return []string{"that stands there cannot be read as VerneMQ reads it: " + trim(c.broken.Error())}
	}
	gone, rest := c.sorted(s.gated)
	switch {
	case len(gone) > 0:
		head := fmt.Sprintf("changes, and %s; what shall stay belongs in the fleet file:", goes(len(gone)))
		return slices.Concat([]string{head}, gone, rest)
	case len(rest) > 0:
		return append([]string{"changes:"}, rest...)
	}
	return nil
}

// sorted are the lines of a diff: those that go, and the others, what changes
// before what comes. What only moves between file and gate is not among them.
func (c compared) sorted(gated bool) (gone, rest []string) {
	var come []string
	for _, ch := range c.changes {
		at := &rest
		switch {
		case !gated && takenByGate(ch, c.want.Doors), gated && nobodysDoor(ch):
			continue
		case !ch.Has:
			at = &gone
		case !ch.Had:
			at = &come
		}
		for line := range strings.SplitSeq(ch.String(), "\n") {
			*at = append(*at, cut(line))
		}
	}
	// A port that stays open with other options is a change.
	for _, door := range c.closed {
		at := &gone
		if samePlace(c.opened, door) {
			at = &rest
		}
		*at = append(*at, "- opened by the gate: "+door)
	}
	for _, door := range c.opened {
		at := &come
		if samePlace(c.closed, door) {
			at = &rest
		}
		*at = append(*at, "+ opened by the gate: "+door)
	}
	return gone, append(rest, come...)
}

func goes(n int) string {
	if n == 1 {
		return "1 line goes"
	}
	return fmt.Sprintf("%d lines go", n)
}

// takenByGate reports an MQTT listener of a file without a gate that leaves the
// file because the gate opens the same address from now on.
func takenByGate(c conf.Change, doors []conf.Door) bool {
	kind, _, listener := regions.ListenerKey(c.Key)
	at, ok := regions.ListenerAddr(c.Old.Reveal())
	return listener && kind == "tcp" && c.Had && ok && slices.ContainsFunc(doors, func(d conf.Door) bool { return d.At == at })
}

// nobodysDoor reports the listener inside a container with which a broker is kept
// from opening one of its own: versions differ in whether they need it.
func nobodysDoor(c conf.Change) bool {
	inside := func(w secret.Word) bool {
		at, ok := regions.ListenerAddr(w.Reveal())
		return ok && at.Addr().IsLoopback()
	}
	return c.Key == "listener.tcp.default" && (!c.Had || inside(c.Old)) && (!c.Has || inside(c.New))
}

// samePlace reports that one of the lines of the gate's list has the address and
// the port of another.
func samePlace(doors []string, door string) bool {
	place := func(d string) []string { words := strings.Fields(d); return words[:min(2, len(words))] }
	return slices.ContainsFunc(doors, func(d string) bool { return slices.Equal(place(d), place(door)) })
}

// cut bounds a line of a file whose values may be long.
func cut(line string) string {
	if letters := []rune(line); len(letters) > maxLine {
		return string(letters[:maxLine]) + "..."
	}
	return line
}
