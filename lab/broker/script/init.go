package script

import (
	"context"
	"time"
)

// Init is PID 1: it runs `vernemq start` and then only keeps the container,
// its network namespace and its address alive. SIGTERM stops the broker
// cleanly and ends the container with 0; a broker that stops or crashes does
// not end it.
func (e *Env) Init(ctx context.Context) int {
	asked, cancel := e.System.Asked(ctx)
	defer cancel()
	family := e.System.Adopt()
	defer family.Close()
	start, err := family.Run("vernemq", "start")
	if err != nil {
		e.err("%v\n", err)
		return 1
	}
	for waiting := true; waiting; {
		select {
		case <-start: // whether it waited long enough does not matter here
			start = nil
		case <-asked.Done():
			waiting = false
		}
	}
	if ctx.Err() != nil {
		return 1
	}
	stop, err := family.Run("vernemq", "stop")
	if err != nil {
		e.err("%v\n", err)
		return 1
	}
	select {
	case code := <-stop:
		if code != 0 { // not reachable, without its address for example
			e.endChildren(ctx, family)
		}
		return 0
	case <-ctx.Done():
		return 1
	}
}

// endChildren passes the TERM on to whatever runs, and waits for it a while.
func (e *Env) endChildren(ctx context.Context, family Family) {
	for range 50 {
		if family.Terminate() == 0 || ctx.Err() != nil {
			return
		}
		pause(ctx, 100*time.Millisecond)
	}
}
