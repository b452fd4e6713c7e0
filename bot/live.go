package bot

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"vmqbot/ops"
)

// live is one message and everything that it shows.
type live struct {
	b           *Bot
	channel, ts string

	mu      sync.Mutex
	a       ops.Approval
	lines   []stepLine
	waits   string // who holds the lock
	stopper string // who asked it to stop
	asker   string // on whose word it is done, where nobody typed it; "" where somebody did
	ended   ops.State
	end     time.Time
	why     string
	cost    []string        // what it cost, in sentences
	undo    string          // the command that takes it back
	gone    string          // the bot ends before the operation
	dirty   bool            // something happened before the message was posted
	output  strings.Builder // what the tools said since the thread was told
}

type stepLine struct {
	number               int  // as the runner counts
	extra                bool // no step of the plan: an undo brings it back
	title, node, comment string
	does                 string // the command, as the plan shows it
	state                ops.State
	since, end           time.Time
}

// posted notes where the message stands, and shows what happened meanwhile.
func (l *live) posted(ts string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.ts = ts
	if l.dirty {
		l.show()
	}
}

// show puts the newest state on the way into the channel.
func (l *live) show() {
	if l.dirty = l.ts == ""; l.dirty {
		return
	}
	l.b.out.edit(l.channel, l.ts, func() *page { return l.render(time.Now()) })
}

// hear takes one event of the operation.
func (l *live) hear(e ops.Event) {
	l.mu.Lock()
	defer l.mu.Unlock()
	switch e.Kind {
	case ops.Decided:
		l.a = *e.Approval
		if l.a.BreakGlass && l.a.State == ops.Granted {
			l.alarm()
		}
	case ops.Waiting:
		l.waits = e.Text
	case ops.Planned:
		l.begin(*e.Plan)
	case ops.Output:
		if l.output.Len() < 1<<20 {
			fmt.Fprintf(&l.output, "%s: %s\n", e.Node, e.Text)
		}
		return
	case ops.Proof, ops.StepNow:
		l.step(e)
	case ops.Remark:
		l.cost = append(l.cost, e.Text)
	case ops.Finished:
		l.ended, l.end, l.why = e.State, e.At, e.Text
		l.thread("What was said last", "")
	}
	l.show()
}

func (l *live) begin(p ops.Plan) {
	l.waits = ""
	l.lines = make([]stepLine, len(p.Steps))
	for i, s := range p.Steps {
		l.lines[i] = stepLine{number: i + 1, title: s.Title, node: s.Node, does: s.Do.String()}
	}
}

func (l *live) step(e ops.Event) {
	l.waits = ""
	if e.Step < 1 {
		return
	}
	s := l.line(e)
	if s.since.IsZero() {
		s.since = e.At
	}
	s.comment = e.Text
	if e.Kind != ops.StepNow {
		return
	}
	s.state = e.State
	if e.State != ops.Running && e.State != ops.Undoing {
		s.end = e.At
		l.thread(s.place()+s.title, s.does)
	}
}

// line is the line of a step. What an undo brings back is counted on after the
// last step, with gaps, and gets a line when it begins.
func (l *live) line(e ops.Event) *stepLine {
	i := slices.IndexFunc(l.lines, func(s stepLine) bool { return s.number == e.Step })
	if i < 0 {
		i = len(l.lines)
		l.lines = append(l.lines, stepLine{number: e.Step, extra: true, title: e.Title, node: e.Node})
	}
	return &l.lines[i]
}

// place is where a step stands in the plan.
func (s stepLine) place() string {
	if s.extra {
		return "then: "
	}
	return fmt.Sprintf("%d. ", s.number)
}

// thread posts what the tools said since it was last asked, below the command
// that they are, as code under the live message, or as a file when it is long.
func (l *live) thread(title, does string) {
	text := l.output.String()
	l.output.Reset()
	if text == "" {
		return
	}
	if does != "" {
		text = does + "\n" + text
	}
	l.tell(title, text)
}

// tell posts text of others below the live message.
func (l *live) tell(title, text string) {
	b, channel, op := l.b, l.channel, l.a.Op
	b.out.say(func(ctx context.Context) error {
		l.mu.Lock()
		ts := l.ts
		l.mu.Unlock()
		p := newPage(b.voice(), title)
		p.say("*" + p.escape(title) + "*")
		if len(text) < mostSection*2 && p.code(text) {
			_, err := b.api.post(ctx, channel, ts, "", p)
			return err
		}
		return b.api.upload(ctx, channel, ts, "output-"+op+".txt", b.voice().tongue.Line(title), []byte(text), true)
	})
}

// alarm tells the channel, in a message of its own, that somebody broke the
// glass: an edit of a card that everybody has read wakes nobody.
func (l *live) alarm() {
	b, channel, a := l.b, l.channel, l.a
	b.out.say(func(ctx context.Context) error {
		p := newPage(b.voice(), "Somebody broke the glass: "+a.Line)
		p.say(fmt.Sprintf(":rotating_light: *%s broke the glass* for `%s`, which has not been approved: %s", mention(a.By), p.escape(a.Line), p.escape(a.Why)))
		p.note(fmt.Sprintf("operation `%s` · asked by %s · it stays in the audit", a.Op, mention(a.Requester.User)))
		_, err := b.api.post(ctx, channel, "", "glass-"+a.ID, p)
		return err
	})
}
