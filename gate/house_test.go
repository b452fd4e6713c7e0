package gate_test

import (
	"os"
	"strings"
	"testing"

	"vmqbot/gate"
)

// The first process inherits every orphan, and has to collect it.
func TestNoZombies(t *testing.T) {
	inEachShell(t, func(t *testing.T, b *box) {
		b.start()
		b.says(waiting)
		b.orphans()
		b.attach()
		b.says(running)
		b.orphans()
		b.run(gate.HoldArgv()...)
		b.run("vernemq", "stop")
		b.says("held starts=1 crashes=0 exit=0 for=hold")
		b.orphans()
	})
}

// orphans leaves processes to the gate and waits until none of them is left,
// dead or alive.
func (b *box) orphans() {
	b.t.Helper()
	b.run("sh", "-c", "for n in 1 2 3 4 5 6 7 8 9; do sleep 0.$n & done")
	b.until("the orphans to be collected", func() bool {
		left := 0
		for _, p := range b.processes() {
			if p.zombie || strings.Contains(p.args, "sleep 0.") && !strings.Contains(p.args, "sleep 0.2") {
				left++
			}
		}
		return left == 0
	})
}

// Images run as a user of their own, who may write to /dev/shm and little else.
func TestOtherUser(t *testing.T) {
	inEachShell(t, func(t *testing.T, b *box) {
		b.uid = 10000
		for _, d := range []string{"data", "log"} {
			b.must(os.Chown(b.path(d), 10000, 10000))
		}
		self, err := os.Executable() // lies where nobody else may look
		b.must(err)
		program, err := os.ReadFile(self)
		b.must(err)
		b.must(os.Remove(b.path("root/erts-10/bin/beam.smp")))
		b.write("root/erts-10/bin/beam.smp", string(program), 0o755)
		for d := b.dir; d != os.TempDir() && d != "/"; d = d[:strings.LastIndex(d, "/")] {
			b.must(os.Chmod(d, 0o755))
		}
		b.doors("0.0.0.0:1883")
		b.up()
		b.until("1883", func() bool { return b.listens(1883) })
		b.run(gate.HoldArgv()...)
		b.restart()
		b.says("running starts=1 crashes=0 exit=0 for=adopted")
		b.run("vernemq", "stop")
		b.says("held starts=1 crashes=0 exit=-1 for=hold")
		b.run(gate.ReleaseArgv()...)
		b.says("running starts=2 crashes=0 exit=-1 for=own")
		if exit, out := b.health(); exit != 0 {
			t.Errorf("health: exit %d %q", exit, out)
		}
		if exit, _ := b.stop(); exit != 0 {
			t.Errorf("exit %d", exit)
		}
	})
}
