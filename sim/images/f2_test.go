package images_test

import (
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"

	"vmqbot/sim/kernel"
)

// listens reports a listener on the cluster port.
func (b *box) listens() bool { return strings.Contains(b.space.TCP(), ":AC15 00000000:0000 0A") }

// The failure that this program exists for: started without its address, the
// node binds no cluster port; with the address back everything looks well, and
// messages into it are lost.
func TestHalfAlive(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFleet(t, 4)
		f.cluster()
		one, two := f.boxes[0], f.boxes[1]
		two.first.Signal(kernel.TERM)
		if code := two.end(); code != 0 {
			t.Fatalf("stop: exit %d", code)
		}
		if err := two.run(); err != nil {
			t.Fatal(err)
		}
		failed := filepath.Join(two.root.Mounts["/var/log/vernemq"], "error.log")
		until(t, "the failed listener in error.log", func() bool {
			text, err := os.ReadFile(failed)
			return err == nil && strings.Contains(string(text), "can't reconfigure vmq listener({10,0,0,2}, 44053)") && strings.Contains(string(text), "eaddrnotavail")
		})
		if a := two.exec("vmq-admin", "cluster", "show"); a.exit != 1 || a.stderr != "Node 'VerneMQ@10.0.0.2' not responding to pings.\n" {
			t.Errorf("without the address: %+v", a)
		}
		two.attach()
		for _, b := range f.boxes {
			until(t, "a green view", func() bool { running, all := b.view(); return running == 4 && all == 4 })
		}
		if two.listens() || strings.Contains(two.must("vmq-admin", "listener", "show"), "vmq") {
			t.Fatal("the cluster port is open")
		}
		into, got := two.mqtt("into", true)
		two.subscribe(into, "in")
		out, back := one.mqtt("out", true)
		one.subscribe(out, "out")
		two.wait("publish", into.Publish("out", 1, false, "outward"))
		one.receive(back, "outward")
		one.wait("publish", out.Publish("in", 1, false, "inward"))
		synctest.Wait()
		if len(got) != 0 {
			t.Fatalf("a message came in: %q", <-got)
		}
		said := two.must("vernemq", "escript", "/usr/lib/vernemq/bin/nodetool", "-name", two.host.Node(), "-setcookie", cookie,
			"rpcterms", "vmq_ranch_config", "start_listener", "vmq. {10,0,0,2}. 44053. []. ")
		if said != "ok\n" || !two.listens() {
			t.Fatalf("rpcterms: %q", said)
		}
		two.receive(got, "inward")
		into.Disconnect(0)
		out.Disconnect(0)
	})
}

// kill -9: sockets close without a goodbye, the container stays, and what was
// stored is there after the next start.
func TestKilled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFleet(t, 4)
		f.cluster()
		one, two := f.boxes[0], f.boxes[1]
		sub, _ := two.mqtt("persistent", false)
		two.subscribe(sub, "p")
		sub.Disconnect(0)
		pub, _ := one.mqtt("pub", true)
		for i := range 20 {
			one.wait("publish", pub.Publish("p", 1, false, fmt.Sprint(i)))
		}
		pub.Disconnect(0)
		until(t, "20 stored messages", func() bool { return len(stored(t, two)) == 20 })
		two.beams()[0].Signal(kernel.KILL)
		until(t, "the process to be gone", func() bool { return len(two.beams()) == 0 })
		if tcp := two.space.TCP(); strings.Count(tcp, "\n") != 1 {
			t.Errorf("sockets of a killed process:\n%s", tcp)
		}
		console, err := os.ReadFile(filepath.Join(two.root.Mounts["/var/log/vernemq"], "console.log"))
		if err != nil || strings.Contains(string(console), "Administrative stop") {
			t.Errorf("a killed broker stopped in order: %v", err)
		}
		until(t, "the others to see it", func() bool { running, all := one.view(); return running == 3 && all == 4 })
		if len(stored(t, two)) != 20 || !two.space.Has(netip.MustParseAddr(two.host.Address())) {
			t.Error("messages or the address are gone")
		}
		two.must("vernemq", "start")
		f.whole(f.boxes)
		sub, got := two.mqtt("persistent", false)
		for i := range 20 {
			two.receive(got, fmt.Sprint(i))
		}
		sub.Disconnect(0)
	})
}

func stored(t *testing.T, b *box) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(b.root.Mounts["/var/lib/vernemq"], "msgstore", "*", "*.json"))
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// The end of the first process takes everything along, as `docker kill` does.
func TestContainerKilled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFleet(t, 2)
		f.cluster()
		two := f.boxes[1]
		two.first.Signal(kernel.KILL)
		if code := two.end(); code != 137 {
			t.Errorf("exit %d", code)
		}
		if left := two.machine.Processes(); len(left) != 0 {
			t.Errorf("%d processes are left", len(left))
		}
		if err := two.run(); err != nil {
			t.Fatal(err)
		}
		two.attach()
		f.whole(f.boxes)
	})
}
