package bot

import (
	"context"
	"fmt"
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
	ended   ops.State
	end     time.Time
	why     string
	undo    string          // the command that takes it back
	gone    string          // the bot ends before the operation
	dirty   bool            // something happened before the message was posted
	output  strings.Builder // what the tools said since the thread was told
}

type stepLine struct {
	title, node, comment string
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
	case ops.Finished:
		l.ended, l.end, l.why = e.State, e.At, e.Text
		l.thread("What was said last")
	}
	l.show()
}

func (l *live) begin(p ops.Plan) {
	l.waits = ""
	l.lines = make([]stepLine, len(p.Steps))
	for i, s := range p.Steps {
		l.lines[i] = stepLine{title: s.Title, node: s.Node}
	}
}

func (l *live) step(e ops.Event) {
	l.waits = ""
	if e.Step < 1 {
		return
	}
	for len(l.lines) < e.Step { // what an undo brings back is no line of the plan
		l.lines = append(l.lines, stepLine{title: e.Title, node: e.Node})
	}
	s := &l.lines[e.Step-1]
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
		l.thread(fmt.Sprintf("%d. %s", e.Step, s.title))
	}
}

// thread posts what the tools said since it was last asked, as code below the
// live message, or as a file when it is long.
func (l *live) thread(title string) {
	text := l.output.String()
	l.output.Reset()
	if text == "" {
		return
	}
	b, channel, op := l.b, l.channel, l.a.Op
	b.out.say(func(ctx context.Context) error {
		l.mu.Lock()
		ts := l.ts
		l.mu.Unlock()
		p := newPage(b.red(), title)
		p.say("*" + p.escape(title) + "*")
		if len(text) < mostSection*2 && p.code(text) {
			_, err := b.api.post(ctx, channel, ts, "", p)
			return err
		}
		return b.api.upload(ctx, channel, ts, "output-"+op+".txt", title, []byte(text), true)
	})
}
