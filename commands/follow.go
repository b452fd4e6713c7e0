package commands

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"vmqbot/checks"
	"vmqbot/ops"
	"vmqbot/regions"
)

// Tail turns what logs grow by into what people read. It belongs to one request
// and is told one thing at a time.
type Tail struct {
	Of ops.Tail // what is to be followed

	r       ops.Request
	streams map[string]*stream // by node and file
	away    map[string]bool    // nodes that cannot be read just now
	seen    map[string]bool    // nodes of which something was heard
}

// stream is one log of one node.
type stream struct {
	label   string
	waiting []string // an entry that may not be whole yet
	last    []string // the entry that was printed last
	same    int      // how often it came again since it was told
	stamp   string   // when it came last, as the log has it
	told    time.Time
}

// startBytes is how much of a file is read for the entries that are there already.
const startBytes = 1 << 20

// tellSame is after what time it is told that an entry comes again and again.
const tellSame = 10 * time.Second

func newTail(r ops.Request) *Tail {
	t := &Tail{
		Of: ops.Tail{Files: []string{"console", "crash"}, From: startBytes, Lines: longestLog, Plain: r.Flag("docker")},
		r:  r, streams: map[string]*stream{}, away: map[string]bool{}, seen: map[string]bool{},
	}
	if r.Flag("errors") {
		t.Of.Files = []string{"error"}
	}
	return t
}

// Heard is what is to be printed now that this came; "" for nothing yet.
func (t *Tail) Heard(h ops.Heard) string {
	var b strings.Builder
	if h.Trouble != "" {
		if t.away[h.Node] {
			return ""
		}
		t.away[h.Node] = true
		for _, s := range t.of(h.Node) {
			t.settle(&b, s, h.At)
		}
		fmt.Fprintf(&b, "%s: not followed just now, and tried again: %s\n", h.Node, h.Trouble)
		return b.String()
	}
	if t.away[h.Node] {
		delete(t.away, h.Node)
		fmt.Fprintf(&b, "%s: followed again", h.Node)
		if t.seen[h.Node] {
			b.WriteString(", from where it was")
		}
		b.WriteString("\n")
	}
	t.seen[h.Node] = true
	s := t.stream(h)
	if h.Begin {
		t.begin(&b, s, h)
		return b.String()
	}
	for _, line := range h.Lines {
		if len(s.waiting) > 0 && isNew(s.waiting, line) {
			t.entry(&b, s, s.waiting, h.At)
			s.waiting = nil
		}
		s.waiting = append(s.waiting, line)
	}
	if len(h.Lines) == 0 { // whoever writes an entry writes it at once
		t.settle(&b, s, h.At)
	}
	return b.String()
}

// Verdict is OK when every node's log can be read now.
func (t *Tail) Verdict() checks.Verdict {
	for _, n := range t.r.Nodes {
		if t.away[n.Name] || !t.seen[n.Name] {
			return checks.Unknown
		}
	}
	return checks.OK
}

func (t *Tail) stream(h ops.Heard) *stream {
	key := h.Node + "/" + h.File
	if t.streams[key] == nil {
		label := h.Node
		if h.File == "crash.log" {
			label += " " + h.File
		}
		t.streams[key] = &stream{label: label}
	}
	return t.streams[key]
}

// of are the streams of a node, in an order that is always the same.
func (t *Tail) of(node string) []*stream {
	var all []*stream
	for _, file := range []string{"", "console.log", "crash.log", "error.log"} {
		if s := t.streams[node+"/"+file]; s != nil {
			all = append(all, s)
		}
	}
	return all
}

// begin prints what was there before, as the verb does that does not follow.
func (t *Tail) begin(b *strings.Builder, s *stream, h ops.Heard) {
	if h.File == "crash.log" && len(h.Lines) == 0 {
		return
	}
	at := slices.IndexFunc(t.r.Nodes, func(n regions.Node) bool { return n.Name == h.Node })
	writeLog(b, t.r, strings.TrimSpace(h.Node+" "+t.r.Nodes[max(0, at)].Container+" "+h.File), h.Lines)
	for _, e := range entries(h.Lines) {
		if t.wanted(e) {
			s.last, s.told = e, h.At
		}
	}
}

// settle prints the entry that waits, and how often the last one came again.
func (t *Tail) settle(b *strings.Builder, s *stream, at time.Time) {
	if len(s.waiting) > 0 {
		t.entry(b, s, s.waiting, at)
		s.waiting = nil
	}
	if s.same > 0 && (at.Sub(s.told) >= tellSame || t.away[strings.Fields(s.label)[0]]) {
		s.repeats(b, at)
	}
}

// entry prints a whole entry, or counts it where it says the same as the last one.
func (t *Tail) entry(b *strings.Builder, s *stream, e []string, at time.Time) {
	if !t.wanted(e) {
		return
	}
	if !t.r.Flag("whole") && s.last != nil && begins.MatchString(e[0]) && alike(s.last, e) {
		s.same, s.stamp = s.same+1, fickle.FindString(e[0])
		return
	}
	s.repeats(b, at)
	shown := e
	if !t.r.Flag("whole") {
		shown = folded(e)
	}
	for _, line := range shown {
		fmt.Fprintf(b, "%s: %s\n", s.label, line)
	}
	s.last, s.told = e, at
}

func (s *stream) repeats(b *strings.Builder, at time.Time) {
	if s.same > 0 {
		fmt.Fprintf(b, "%s:     ... and the same %s, the last %s\n", s.label, times(s.same), s.stamp)
	}
	s.same, s.told = 0, at
}

func (t *Tail) wanted(entry []string) bool {
	want := t.r.Args["grep"]
	return want == "" || hasText(strings.Join(entry, "\n"), want)
}

// Follows refuses to go on showing where nobody could see it.
func Follows(r ops.Request) error {
	return ops.Errorf(ops.Refused, "bot run --config fleet.yaml -- "+r.Line, "%s goes on until it is interrupted, which a terminal can and --json cannot; in a channel each line would be a message, and what Slack takes in a minute belongs to alerts and operations.", r.Line)
}
