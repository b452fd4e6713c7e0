package shell_test

import (
	"runtime"
	"testing"
	"time"

	"vmqbot/sim/kernel"
)

// TestKilledShellsLeaveNothing kills shells wherever they wait: each ends, and
// no goroutine is left.
func TestKilledShellsLeaveNothing(t *testing.T) {
	before := runtime.NumGoroutine()
	b := newBox(t)
	for _, script := range []string{
		"echo up; read x; echo never",
		"trap : TERM; echo up; read x; echo never",
		"sleep 1000 & echo up; wait",
		"trap : TERM; sleep 1000 & echo up; wait $!",
		"echo up; sleep 1000; echo never",
		"echo up; while :; do :; done",
		"echo up; x=$(sleep 1000); echo never",
		"mkfifo f; echo up; cat <f; echo never",
		"mkfifo g; echo up; cat f <g | cat",
		"echo up; sleep 1000 | cat | cat",
		"echo up; (sleep 1000; echo never)",
		"echo up; { sleep 1000; } & sleep 1000",
		"flock l sh -c 'echo up; flock l echo never'",
		"setsid sleep 1000 & echo up; exec sleep 1001",
		"f() { f2; }; f2() { echo up; sleep 1000; }; f",
		"trap 'echo never' EXIT; echo up; sleep 1000",
		"until read x </proc/self/nothing; do echo up; done 2>/dev/null",
	} {
		r := b.start(kernel.Spec{Argv: []string{"sh", "-c", script}, Dir: "/work"})
		r.out.until(t, "up\n")
		r.Signal(kernel.KILL)
		if exit := ends(t, r.Process); exit != 137 {
			t.Errorf("%s: exit %d", script, exit)
		}
		_ = r.in.Close()
	}
	b.m.Halt()
	for late := time.Now().Add(patience); runtime.NumGoroutine() > before && time.Now().Before(late); {
		runtime.Gosched()
	}
	if now := runtime.NumGoroutine(); now > before {
		buf := make([]byte, 1<<20)
		t.Errorf("%d goroutines, %d before:\n%s", now, before, buf[:runtime.Stack(buf, true)])
	}
}
