package gate_test

import (
	"os"
	"regexp"
	"testing"
	"time"

	"vmqbot/gate"
)

// alone is the rule that there is never a second broker.
func (b *box) alone() bool { return len(b.brokers()) <= 1 }

// `docker exec NAME vernemq restart` ends the gate's broker and starts a daemon
// of its own: the gate starts none beside it, watches it, starts one when it
// crashes, and ends it cleanly with the container.
func TestRestartInside(t *testing.T) {
	inEachShell(t, func(t *testing.T, b *box) {
		b.up()
		first := b.broker()
		b.restart()
		b.says("running starts=1 crashes=0 exit=0 for=adopted")
		if b.broker() == first || !b.listens(44053) {
			t.Errorf("process %d was kept, or the cluster port is closed", first)
		}
		if exit, out := b.health(); exit != 0 || out != b.state()+"\n" {
			t.Errorf("health: exit %d %q", exit, out)
		}
		b.restart() // now of a broker that is no child of the gate's
		b.says("running starts=1 crashes=0 exit=-1 for=adopted")

		b.kill(b.broker())
		b.told("backoff starts=1 crashes=1 exit=-1 for=1s")
		b.says("running starts=2 crashes=1 exit=-1 for=own")
		b.broker()

		b.restart()
		b.says("running starts=2 crashes=1 exit=0 for=adopted")
		if exit, took := b.stop(); exit != 0 || took > 10*time.Second || !b.logged("Administrative stop", 4) {
			t.Errorf("exit %d after %s", exit, took)
		}
	})
}

// restart runs `vernemq restart` and holds meanwhile that there is one broker
// at most, and that nobody counts a crash.
func (b *box) restart() {
	b.t.Helper()
	before := b.broker()
	done := make(chan int, 1)
	crashes := b.crashes()
	go func() {
		cmd := b.inside(b.t.Context(), "vernemq", "restart")
		_ = cmd.Run() // its exit status says it
		done <- cmd.ProcessState.ExitCode()
	}()
	b.during(func() bool {
		select {
		case exit := <-done:
			if exit != 0 {
				b.t.Errorf("vernemq restart: exit %d", exit)
			}
			return true
		default:
			return false
		}
	}, "one broker at most, no crash", func() bool { return b.alone() && b.crashes() == crashes })
	b.until("the gate to see it", func() bool { return b.broker() != before && b.state() != "" })
}

// A restart that fails leaves no broker: the gate tries, and has it up when the
// configuration is right again.
func TestRestartFails(t *testing.T) {
	inEachShell(t, func(t *testing.T, b *box) {
		b.env["WAIT_FOR_ERLANG"] = "1"
		b.up()
		b.conf("allow_anonymos = on")
		if exit, _ := b.exec("vernemq", "restart"); exit != 1 {
			t.Errorf("restart: exit %d", exit)
		}
		b.told("starting starts=1 crashes=0 exit=0 for=adopted")
		// One crash more when a round fell between the end of the script and that
		// of the machine it had begun to start: that one counts as a broker.
		tried := regexp.MustCompile(`(?m)^vmqbot-gate: backoff starts=2 crashes=[12] exit=1 for=[12]s$`)
		b.until("the gate's own try", func() bool { return tried.MatchString(b.log.String()) })
		b.conf()
		b.until("a broker", func() bool { return len(b.brokers()) == 1 })
	})
}

// A broker that somebody starts by hand is watched, whatever the gate was at.
func TestStartedByHand(t *testing.T) {
	inEachShell(t, func(t *testing.T, b *box) {
		b.env["WAIT_FOR_ERLANG"] = "1"
		b.start()
		b.says(waiting)
		if exit, _ := b.exec("vernemq", "start"); exit != 1 { // the ping needs the address
			t.Errorf("start without the address: exit %d", exit)
		}
		b.says("starting starts=0 crashes=0 exit=-1 for=adopted")
		if exit, _ := b.health(); exit != 1 {
			t.Errorf("health: exit %d", exit)
		}
		b.attach()
		b.says("running starts=0 crashes=0 exit=-1 for=adopted")
		b.kill(b.broker())
		b.told("backoff starts=0 crashes=1 exit=-1 for=1s")
		b.says("running starts=1 crashes=1 exit=-1 for=own")
	})
}

// Erlang runs VerneMQ's tools too, and a remote shell. They are no brokers, and
// who reads the log starts none.
func TestToolsAreNoBrokers(t *testing.T) {
	inEachShell(t, func(t *testing.T, b *box) {
		b.must(os.Mkdir(b.path("tools"), 0o755))
		b.link(tool(t, "dash"), b.path("tools/beam.smp"))
		b.start()
		b.says(waiting)
		for _, flag := range []string{"-escript", "-remsh"} {
			b.background(b.path("tools/beam.smp"), "-c", "sleep 60; :", flag)
		}
		b.background("sh", "-c", "sleep 60; :", "/var/log/vernemq/console.log")
		b.attach()
		b.says(running)
		b.run(gate.HoldArgv()...)
		b.kill(b.broker())
		b.says("held starts=1 crashes=0 exit=137 for=hold")
		if exit, took := b.stop(); exit != 0 || took > 30*time.Second {
			t.Errorf("exit %d after %s", exit, took)
		}
	})
}

// While a script runs that ends with `vernemq start`, none is started beside it.
func TestStartIsUnderWay(t *testing.T) {
	inEachShell(t, func(t *testing.T, b *box) {
		b.start()
		b.says(waiting)
		end := b.background("sh", "-c", "sleep 60; vernemq start")
		b.says("starting starts=0 crashes=0 exit=-1 for=adopted")
		b.attach()
		enough := time.After(time.Second)
		b.during(func() bool { return over(enough) }, "no broker beside a start", func() bool { return len(b.brokers()) == 0 })
		end()
		b.says(running)
		b.broker()
	})
}

// The parents of a broker may be scripts and su. One that dies takes nothing
// with it: the broker is an orphan, and the same as any other.
func TestWrapperDies(t *testing.T) {
	inEachShell(t, func(t *testing.T, b *box) {
		b.wrapped()
		b.up()
		machine := b.broker()
		for _, p := range b.processes() {
			if p.comm == "vernemq" {
				b.kill(p.pid)
			}
		}
		b.says("running starts=1 crashes=0 exit=-1 for=adopted")
		if b.broker() != machine {
			t.Error("another broker")
		}
		if exit, _ := b.stop(); exit != 0 || !b.logged("Administrative stop", 1) {
			t.Errorf("exit %d", exit)
		}
	})
}

// As root, scripts of some packages take "console -noshell -noinput" for one
// word, print their usage and succeed. Then the broker is started as a daemon.
func TestConsoleIsUnknown(t *testing.T) {
	inEachShell(t, func(t *testing.T, b *box) {
		calls := b.wrapped()
		b.program("vernemq", `echo "$*" >>BOX/calls
[ "$1" != console ] || exec BOX/root/bin/vernemq "$*"
exec BOX/root/bin/vernemq "$@"`)
		b.start()
		b.attachAt(waiting)
		b.told("backoff starts=1 crashes=1 exit=0 for=1s")
		b.says("running starts=2 crashes=1 exit=0 for=adopted")
		b.kill(b.broker())
		b.told("backoff starts=2 crashes=2 exit=-1 for=2s")
		b.says("running starts=3 crashes=2 exit=-1 for=adopted")
		b.broker()
		exit, _ := b.stop()
		if want := "console -noshell -noinput\nstart\nstart\nstop\n"; exit != 0 || calls() != want || !b.logged("Administrative stop", 1) {
			t.Errorf("exit %d:\n%s", exit, calls())
		}
	})
}
