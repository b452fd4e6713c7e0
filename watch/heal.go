package watch

import (
	"context"
	"fmt"
	"strings"
	"time"

	"vmqbot/alerts"
	"vmqbot/commands"
	"vmqbot/control"
	"vmqbot/ops"
)

// heal carries out one order as an ordinary operation: the same plan, locks,
// journal and audit as if somebody had typed it. It waits for no lock, and a
// plan that would disconnect clients is refused.
func (w *Watch) heal(ctx context.Context, o alerts.Order) {
	w.Logger.Info("repairing by itself", "alert", o.Alert.String(), "line", o.Line, "attempt", o.Number)
	op, why := "", ""
	begun := w.Service.Clock.Now()
	res, err := w.carryOut(ctx, o)
	if res.Op != nil {
		op = res.Op.ID
	}
	if err != nil {
		why = w.Service.Redactor.Text(err.Error())
		w.Logger.Warn("a repair failed", "line", o.Line, "op", op, "err", why)
	} else {
		w.Logger.Info("repaired", "line", o.Line, "op", op)
	}
	w.witness().Healed(ops.Healed{Order: o, Op: op, Took: w.Service.Clock.Now().Sub(begun), Err: err})
	late, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancel()
	w.mu.Lock()
	book, now := w.timely()
	next := book.Ended(o.Node, op, why, now.wall)
	if err := w.Book.SaveTurn(late, w.book, next, nil); err != nil {
		w.Logger.Error("the end of a repair could not be kept", "line", o.Line, "err", err)
	}
	w.book, w.read = next, now
	w.mu.Unlock()
	w.ask("a repair has ended")
}

// shown is what hears the operation of a request; nil where nobody does.
func (w *Watch) shown(u ops.Unattended, r ops.Request) func(ops.Event) {
	if w.Stage == nil {
		return nil
	}
	if all := r.Regions(); len(all) > 0 {
		u.Region = all[0]
	}
	return w.Stage.Show(u)
}

func (w *Watch) carryOut(ctx context.Context, o alerts.Order) (res control.Result, err error) {
	defer func() {
		if r := recover(); r != nil {
			res, err = control.Result{}, fmt.Errorf("it panicked: %v", r)
		}
	}()
	c, r, err := commands.Parse(strings.Fields(o.Line), w.Service.Fleet)
	if err != nil {
		return control.Result{}, err
	}
	r.Actor = healer
	s := *w.Service
	s.LockWait = 0
	show := w.shown(ops.Unattended{Actor: healer, Line: o.Line}, r)
	return s.Do(ctx, c, r, control.Door{AnyYes: true, Spare: true, Role: ops.Operator, Emit: show})
}
