package run

import (
	"context"
	"errors"
	"sync"

	"vmqbot/ops"
)

// errStopped is the cause of an effect that ended because somebody cancelled.
var errStopped = errors.New("cancelled")

// interruptible reports an action that takes minutes, touches nothing that runs
// and goes on where it was cut: whoever cancels does not wait for its end.
func interruptible(a ops.Action) bool {
	switch a.(type) {
	case ops.ShipImage:
		return true
	}
	return false
}

// attended does an interruptible effect, and ends it when ctx ends or somebody
// cancels the operation. The store that does not answer is asked again.
func (x *execution) attended(ctx context.Context, seq int, effect func(context.Context) (string, error)) (string, error) {
	ctx, end := context.WithCancelCause(ctx)
	var watch sync.WaitGroup
	var by string
	watch.Go(func() {
		for ctx.Err() == nil {
			select {
			case <-ctx.Done():
			case <-x.Clock.After(x.Poll):
				if who, err := x.Journal.CancelRequested(ctx, x.op.ID); err == nil && who != "" {
					by = who
					end(errStopped)
				}
			}
		}
	})
	output, err := effect(ctx)
	end(nil)
	watch.Wait()
	if err != nil && errors.Is(context.Cause(ctx), errStopped) {
		return output, &ops.Error{Code: ops.Refused, Fix: "history", Cause: errors.Join(errStopped, err),
			Msg: ops.Errorf(ops.Refused, "", "Cancelled by %s in step %d. What has arrived stays for the next try.", by, seq).Msg}
	}
	return output, err
}
