package bot

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"time"

	"vmqbot/commands"
	"vmqbot/control"
	"vmqbot/ops"
)

// lives are the live messages: one for each operation, from the card to the
// summary.
type lives struct {
	b   *Bot
	mu  sync.Mutex
	all map[string]*live // by the id of the approval

	deciding map[string]int // decisions that this process is about, by the id of the approval
}

func newLives(b *Bot) *lives {
	return &lives{b: b, all: map[string]*live{}, deciding: map[string]int{}}
}

// about notes that this process takes a decision, until the function that it
// returns is called: a decision that completes the consent stays until its
// operation has ended.
func (ls *lives) about(id string) func() {
	ls.mu.Lock()
	defer ls.mu.Unlock()
	ls.deciding[id]++
	return func() {
		ls.mu.Lock()
		defer ls.mu.Unlock()
		if ls.deciding[id]--; ls.deciding[id] == 0 {
			delete(ls.deciding, id)
		}
	}
}

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

// propose posts the card of a plan that waits for consent.
func (b *Bot) propose(ctx context.Context, s *control.Service, c call, a ops.Approval, p ops.Plan) error {
	l := &live{b: b, channel: c.who.Place, a: a, undo: undoOf(s, a.Line)}
	ctx = context.WithoutCancel(ctx)
	b.lives.keep(a.ID, l) // before anybody can see it: a click may be faster than Slack's answer
	ts, err := b.api.post(ctx, l.channel, "", "card-"+a.ID, l.render(time.Now()))
	if err != nil {
		b.lives.forget(a.ID)
		b.log.Error("a card could not be posted", "op", a.Op, "err", b.red().Text(sentence(err)))
		if err := s.Withdraw(ctx, a, "the card could not be posted"); err != nil {
			return err
		}
		return ops.Errorf(ops.Failed, "", "Slack did not take the card, so nothing waits and nothing was done. Am I a member of this channel? /invite me and ask again.")
	}
	l.posted(ts)
	if err := s.Shown(ctx, a.ID, l.channel+"/"+ts); err != nil {
		return err
	}
	if _, whole := planText(a.Plan); !whole {
		b.out.say(func(ctx context.Context) error {
			return b.api.upload(ctx, l.channel, ts, "plan-"+a.Op+".txt", p.Title, []byte(a.Plan), true)
		})
	}
	return nil
}

// undoOf is the command that takes a line back; "" when there is none.
func undoOf(s *control.Service, line string) string {
	c, r, err := commands.Parse(strings.Fields(line), s.Fleet)
	if err != nil || c.Undo == nil {
		return ""
	}
	return c.Undo(r)
}

func (ls *lives) keep(id string, l *live) {
	ls.mu.Lock()
	defer ls.mu.Unlock()
	ls.all[id] = l
}

func (ls *lives) forget(id string) {
	ls.mu.Lock()
	defer ls.mu.Unlock()
	delete(ls.all, id)
}

func (ls *lives) find(id string) *live {
	ls.mu.Lock()
	defer ls.mu.Unlock()
	return ls.all[id]
}

func (ls *lives) each(visit func(*live)) {
	ls.mu.Lock()
	var all []*live
	for _, l := range ls.all {
		all = append(all, l)
	}
	ls.mu.Unlock()
	for _, l := range all {
		visit(l)
	}
}

// again is the live message of an approval that another process showed, or
// this one before it was restarted.
func (ls *lives) again(s *control.Service, a ops.Approval) *live {
	if l := ls.find(a.ID); l != nil {
		return l
	}
	channel, ts, ok := strings.Cut(a.Card, "/")
	if !ok {
		return nil
	}
	l := &live{b: ls.b, channel: channel, ts: ts, a: a, undo: undoOf(s, a.Line)}
	ls.keep(a.ID, l)
	return l
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

// hear takes one event of the operation. It never waits.
func (ls *lives) hear(id string, e ops.Event) {
	l := ls.find(id)
	if l == nil && e.Approval != nil {
		s, giveBack := ls.b.desk.Borrow()
		l = ls.again(s, *e.Approval)
		giveBack()
	}
	if l == nil {
		return
	}
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

// decided shows what came of a decision, at its end.
func (ls *lives) decided(id string, a ops.Approval, res control.Result, err error) {
	s, giveBack := ls.b.desk.Borrow()
	defer giveBack()
	l := ls.again(s, a)
	if l == nil {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if a.Version < l.a.Version {
		return
	}
	changed := a.State != l.a.State || len(a.Votes) != len(l.a.Votes)
	l.a = a
	if a.State == ops.Spent && l.ended == "" { // it never began
		l.ended, l.end = ops.Cancelled, time.Now()
		if err != nil {
			l.why = err.Error()
		}
		changed = true
	}
	if res.Op != nil && res.Op.State != "" && l.ended != res.Op.State {
		l.ended, l.end, l.why, changed = res.Op.State, res.Op.Ended, res.Op.Reason, true
	}
	if changed {
		l.show()
	}
	if a.State != ops.Open && a.State != ops.Granted {
		ls.forget(id)
	}
}

// asked2stop shows that somebody asked an operation to stop.
func (ls *lives) asked2stop(op, by string) {
	ls.each(func(l *live) {
		l.mu.Lock()
		defer l.mu.Unlock()
		if l.a.Op == op && l.ended == "" {
			l.stopper = by
			l.show()
		}
	})
}

// running reports whether this process works on an approval.
func (ls *lives) running(a ops.Approval) bool {
	ls.mu.Lock()
	defer ls.mu.Unlock()
	return ls.deciding[a.ID] > 0
}
