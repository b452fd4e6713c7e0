package watch

import (
	"fmt"
	"runtime/debug"
)

// guarded runs what must not end the watch: a panic in it is logged. Whoever is
// careless in one look, or one repair, leaves the next one alone.
func (w *Watch) guarded(what string, run func()) {
	defer func() {
		if r := recover(); r != nil {
			w.Logger.Error("a panic, and the watch goes on", "in", what, "err", fmt.Sprint(r), "stack", string(debug.Stack()))
		}
	}()
	run()
}
