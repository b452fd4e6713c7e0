package bot

import (
	"strings"
	"sync"
	"time"

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

// hear takes one event of an operation to its live message. It never waits.
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
	l.hear(e)
}

// decided shows what came of a decision, at its end, and returns the message
// that shows it; nil when there is none.
func (ls *lives) decided(id string, a ops.Approval, res control.Result, err error) *live {
	s, giveBack := ls.b.desk.Borrow()
	defer giveBack()
	l := ls.again(s, a)
	if l == nil {
		return nil
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if a.Version < l.a.Version {
		return l
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
		l.ended, l.end, l.why, l.cost, changed = res.Op.State, res.Op.Ended, res.Op.Reason, res.Op.Remarks, true
	}
	if changed {
		l.show()
	}
	if a.State != ops.Open && a.State != ops.Granted {
		ls.forget(id)
	}
	return l
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
