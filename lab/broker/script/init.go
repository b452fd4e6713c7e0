package script

import (
	"context"
	"os"
	"os/signal"
	"syscall"
)

// Init is PID 1: it runs `vernemq start` and then only keeps the container,
// its network namespace and its address alive. SIGTERM stops the broker
// cleanly and ends the container with 0; a broker that stops or crashes does
// not end it.
func (e *Env) Init(ctx context.Context) int {
	const setChildSubreaper = 36
	_, _, _ = syscall.RawSyscall(syscall.SYS_PRCTL, setChildSubreaper, 1, 0) // for when this is not PID 1
	r := &reaper{waiting: map[int]chan int{}}
	term := make(chan os.Signal, 1)
	signal.Notify(term, syscall.SIGTERM, syscall.SIGINT)
	chld := make(chan os.Signal, 1)
	signal.Notify(chld, syscall.SIGCHLD)

	start, err := r.run(e.Self, "vernemq", "start")
	if err != nil {
		e.err("%v\n", err)
		return 1
	}
	var stop chan int
	for {
		select {
		case <-chld:
			r.reap()
		case <-start: // whether it waited long enough does not matter here
			start = nil
		case <-term:
			if stop == nil {
				if stop, err = r.run(e.Self, "vernemq", "stop"); err != nil {
					e.err("%v\n", err)
					return 1
				}
			}
		case code := <-stop:
			if code != 0 { // not reachable, without its address for example
				endChildren(ctx, r)
			}
			return 0
		case <-ctx.Done():
			return 1
		}
	}
}
