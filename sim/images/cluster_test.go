package images_test

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"

	"vmqbot/sim/kernel"
)

// Four nodes start, join, and a message crosses between every two.
func TestFourNodes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFleet(t, 4)
		f.cluster()
		for _, to := range f.boxes {
			sub, got := to.mqtt("sub-"+to.host.Name, true)
			to.subscribe(sub, "t/#")
			for _, from := range f.boxes {
				pub, _ := from.mqtt("pub-"+from.host.Name, true)
				word := from.host.Name + " to " + to.host.Name
				from.wait("publish", pub.Publish("t/"+to.host.Name, 1, false, word))
				to.receive(got, word)
				pub.Disconnect(0)
			}
			sub.Disconnect(0)
		}
	})
}

// What ps and /proc show is what the lab shows: gate/look.sh reads it.
func TestProcesses(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFleet(t, 1)
		f.cluster()
		b := f.boxes[0]
		beams := b.beams()
		if len(beams) != 1 {
			t.Fatalf("%d virtual machines", len(beams))
		}
		args := strings.Join(beams[0].Words(), " ")
		for _, want := range []string{
			"/usr/lib/vernemq/erts-10/bin/beam.smp -P 256000 ", " -root /usr/lib/vernemq -progname vernemq ", " -boot /usr/lib/vernemq/releases/2.1.2/vernemq ",
			" -config /var/lib/vernemq/generated.configs/app.", " -name VerneMQ@10.0.0.1 -setcookie secret -smp enable -- console",
		} {
			if !strings.Contains(args, want) {
				t.Errorf("ps shows no %q: %s", want, args)
			}
		}
		if got := b.must("vernemq", "getpid"); got != fmt.Sprintln(beams[0].NSPID) {
			t.Errorf("getpid says %q, the process is %d", got, beams[0].NSPID)
		}
		if words := b.first.Words(); b.first.NSPID != 1 || len(words) != 1 || words[0] != "start_vernemq" {
			t.Errorf("the first process is %d %v", b.first.NSPID, words)
		}
		if got := b.must("vernemq", "chkconfig"); !strings.HasPrefix(got, "config is OK\n-config /var/lib/vernemq/generated.configs/app.") {
			t.Errorf("chkconfig: %q", got)
		}
		tool := []string{"/usr/lib/vernemq/erts-10/bin/nodetool", "-name", b.host.Node(), "-setcookie", cookie, "ping"}
		for _, front := range [][]string{{"vernemq", "escript"}, {"/usr/lib/vernemq/erts-10/bin/escript"}} {
			if got := b.must(append(front, tool...)...); got != "pong\n" {
				t.Errorf("nodetool: %q", got)
			}
		}
	})
}

// PID 1 turns TERM into a clean stop and outlives the broker.
func TestStop(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFleet(t, 1)
		f.cluster()
		b := f.boxes[0]
		if got := b.must("vernemq", "stop"); !strings.HasPrefix(got, "ok\n=INFO REPORT====") {
			t.Errorf("stop: %q", got)
		}
		if len(b.beams()) != 0 || b.exec("vernemq", "ping").exit != 1 || b.exec("vernemq", "stop").exit != 1 {
			t.Error("it runs after the stop")
		}
		b.must("vernemq", "start")
		first := b.beams()[0]
		if a := b.exec("vernemq", "start"); a.exit != 1 || a.stderr != "Node is already running!\n" {
			t.Errorf("a second start: %+v", a)
		}
		b.must("vernemq", "restart")
		if again := b.beams(); len(again) != 1 || again[0] == first {
			t.Errorf("restart leaves %v", again)
		}
		b.first.Signal(kernel.TERM)
		if code := b.end(); code != 0 {
			t.Errorf("ends with %d: %s", code, b.out.String())
		}
	})
}

// Without its address `vernemq stop` cannot be asked: PID 1 passes TERM on.
func TestStopWithoutAddress(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newFleet(t, 1).boxes[0]
		if err := b.run(); err != nil {
			t.Fatal(err)
		}
		until(t, "the virtual machine", func() bool { return len(b.beams()) == 1 })
		beam := b.beams()[0]
		b.first.Signal(kernel.TERM)
		if code := b.end(); code != 0 {
			t.Errorf("ends with %d", code)
		}
		if code := beam.Wait(); code != 0 {
			t.Errorf("the broker ended with %d", code)
		}
	})
}
