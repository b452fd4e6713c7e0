package gate_test

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"vmqbot/gate"
)

const (
	waiting = "waiting starts=0 crashes=0 exit=-1 for=10.77.0.1/32"
	running = "running starts=1 crashes=0 exit=-1 for=own"
)

// up starts the gate with its address and waits for the broker.
func (b *box) up() {
	b.t.Helper()
	b.start()
	b.attachAt(waiting)
	b.says(running)
}

// attachAt attaches when the gate waits: before that there may be no namespace.
func (b *box) attachAt(state string) {
	b.t.Helper()
	b.says(state)
	b.attach()
}

// No broker without its address; with it, one.
func TestWaitsForAddress(t *testing.T) {
	inEachShell(t, func(t *testing.T, b *box) {
		b.start()
		b.says(waiting)
		if exit, out := b.health(); exit != 1 || out != waiting+"\n" {
			t.Errorf("health: exit %d %q", exit, out)
		}
		b.told(waiting)
		if len(b.brokers()) != 0 || b.log.String() != "vmqbot-gate: "+waiting+"\n" {
			t.Errorf("brokers %v without the address:\n%s", b.brokers(), b.log.String())
		}
		b.attach()
		b.says(running)
		b.broker()
		if !b.listens(44053) {
			t.Error("the cluster port was not bound")
		}
		if exit, out := b.health(); exit != 0 || out != running+"\n" {
			t.Errorf("health: exit %d %q", exit, out)
		}
	})
}

// docker stop of a gate that waits takes no time, however long it would sleep.
func TestStopWhileWaiting(t *testing.T) {
	inEachShell(t, func(t *testing.T, b *box) {
		b.start()
		b.says(waiting)
		b.until("a sleep to be frozen", func() bool {
			return slices.ContainsFunc(b.processes(), func(p process) bool {
				return strings.TrimSpace(p.args) == "sleep 0.2" && syscall.Kill(p.pid, syscall.SIGSTOP) == nil
			})
		})
		// A signal that comes between the start of the sleep and the wait for it is
		// heard when the sleep ends; this one never does.
		b.until("the gate to wait for it", func() bool {
			stat, _ := os.ReadFile(fmt.Sprintf("/proc/%d/stat", b.cmd.Process.Pid))
			return strings.Contains(string(stat), ") S ")
		})
		if exit, took := b.stop(); exit != 0 || took > 5*time.Second {
			t.Errorf("exit %d after %s", exit, took)
		}
	})
}

// wrapped puts VerneMQ's script behind another, as packages do, which notes
// what is asked and how the broker in the foreground ended.
func (b *box) wrapped() (calls func() string) {
	b.t.Helper()
	b.must(os.MkdirAll(b.path("root/bin"), 0o755))
	b.link(b.path("root/erts-10/bin/beam.smp"), b.path("root/bin/vernemq"))
	b.program("vernemq", `echo "$*" >>BOX/calls
BOX/root/bin/vernemq "$@"
exit=$?
[ "$1" != console ] || echo "ended $exit" >>BOX/calls
exit $exit`)
	return func() string {
		text, _ := os.ReadFile(b.path("calls")) // nothing before the first one
		return string(text)
	}
}

// docker stop of a running broker is VerneMQ's own stop; the container ends
// after the broker.
func TestStopWhileRunning(t *testing.T) {
	inEachShell(t, func(t *testing.T, b *box) {
		calls := b.wrapped()
		b.up()
		exit, took := b.stop()
		if want := "console -noshell -noinput\nstop\nended 0\n"; exit != 0 || took > 10*time.Second || calls() != want {
			t.Errorf("exit %d after %s:\n%s", exit, took, calls())
		}
		b.told("stopping starts=1 crashes=0 exit=-1 for=term")
	})
}

// Without the address `vernemq stop` cannot reach the broker, so it gets the
// signal itself.
func TestStopWithoutAddress(t *testing.T) {
	inEachShell(t, func(t *testing.T, b *box) {
		calls := b.wrapped()
		b.up()
		b.detach()
		exit, took := b.stop()
		if want := "console -noshell -noinput\nstop\nended 0\n"; exit != 0 || took > 15*time.Second || calls() != want {
			t.Errorf("exit %d after %s:\n%s", exit, took, calls())
		}
	})
}

// A broker that does not answer yet is ended as well.
func TestStopWhileStarting(t *testing.T) {
	inEachShell(t, func(t *testing.T, b *box) {
		b.env["VERNEMQ_START_SECONDS"] = "600"
		calls := b.wrapped()
		b.start()
		b.attachAt(waiting)
		b.says("starting starts=1 crashes=0 exit=-1 for=own")
		b.until("the Erlang machine", func() bool { return len(b.brokers()) == 1 })
		if exit, took := b.stop(); exit != 0 || took > 15*time.Second || !strings.HasSuffix(calls(), "ended 0\n") {
			t.Errorf("exit %d after %s:\n%s", exit, took, calls())
		}
	})
}

// kill -9 of the broker: it comes back after a pause that grows, the address
// stays, the health check sees it at once, and a while of running forgives.
func TestCrash(t *testing.T) {
	inEachShell(t, func(t *testing.T, b *box) {
		b.env["VMQBOT_STEADY"] = "3"
		b.up()
		b.kill(b.broker())
		b.told("backoff starts=1 crashes=1 exit=137 for=1s")
		b.says("running starts=2 crashes=1 exit=137 for=own")
		b.kill(b.broker())
		b.told("backoff starts=2 crashes=2 exit=137 for=2s")
		// A busy machine may ask when the pause of 2 s is over.
		if exit, out := b.health(); exit != 1 || !strings.HasPrefix(out, "backoff ") && !strings.HasPrefix(out, "starting starts=3 ") {
			t.Errorf("health: exit %d %q", exit, out)
		}
		b.says("running starts=3 crashes=2 exit=137 for=own")
		b.broker()
		b.says("running starts=3 crashes=0 exit=137 for=own")
		// The gate is frozen, the broker dies: the old word is not believed.
		b.must(b.cmd.Process.Signal(syscall.SIGSTOP))
		b.kill(b.broker())
		b.until("the end of the broker", func() bool { return len(b.brokers()) == 0 })
		if exit, out := b.health(); exit != 1 || !strings.HasPrefix(out, "running ") {
			t.Errorf("health of a dead broker: exit %d %q", exit, out)
		}
	})
}

// A broker that cannot live is tried again with growing pauses, and lives when
// what was wrong is put right.
func TestBroken(t *testing.T) {
	inEachShell(t, func(t *testing.T, b *box) {
		calls := b.wrapped()
		b.conf("allow_anonymos = on")
		b.start()
		b.attachAt(waiting)
		for _, line := range []string{
			"backoff starts=1 crashes=1 exit=1 for=1s", "backoff starts=2 crashes=2 exit=1 for=2s", "backoff starts=3 crashes=3 exit=1 for=4s",
		} {
			b.told(line)
		}
		b.conf()
		b.says("running starts=4 crashes=3 exit=1 for=own")
		if n := strings.Count(calls(), "console"); n != 4 {
			t.Errorf("it was started %d times:\n%s", n, calls())
		}
	})
}

// `vernemq stop` in the container is an end like any other, unless it is said
// before that the broker shall stay stopped.
func TestHold(t *testing.T) {
	inEachShell(t, func(t *testing.T, b *box) {
		b.up()
		b.run("vernemq", "stop")
		b.told("backoff starts=1 crashes=1 exit=0 for=1s")
		b.says("running starts=2 crashes=1 exit=0 for=own")

		b.run(gate.HoldArgv()...)
		b.run(gate.HoldArgv()...)
		b.run("vernemq", "ping")
		b.run("vernemq", "stop")
		b.says("held starts=2 crashes=1 exit=0 for=hold")
		enough := time.After(3 * time.Second)
		b.during(func() bool { return over(enough) }, "a held broker stays stopped", func() bool { return len(b.brokers()) == 0 })
		if exit, out := b.health(); exit != 1 || !strings.HasPrefix(out, "held ") {
			t.Errorf("health: exit %d %q", exit, out)
		}
		b.run(gate.ReleaseArgv()...)
		b.run(gate.ReleaseArgv()...)
		b.says("running starts=3 crashes=1 exit=0 for=own")
		b.broker()
	})
}

// run is exec of a command that has to succeed.
func (b *box) run(argv ...string) {
	b.t.Helper()
	if exit, out := b.exec(argv...); exit != 0 {
		b.t.Fatalf("%q: exit %d %s", argv, exit, out)
	}
}

func over(c <-chan time.Time) bool {
	select {
	case <-c:
		return true
	default:
		return false
	}
}
