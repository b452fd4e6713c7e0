package images_test

import (
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"

	"vmqbot/gate"
	"vmqbot/lab/world"
	"vmqbot/sim/images"
	"vmqbot/sim/kernel"
	"vmqbot/sim/tools"
)

// gated is a container as deploy makes it: the gate is its first process, and
// the configuration opens no MQTT port.
func (f *fleet) gated(h world.Host, tag string) *box {
	f.t.Helper()
	address := netip.MustParseAddr(h.Address())
	b := f.add(h, find(f.t, images.Broker(images.Options{Tools: tools.Programs()}), tag), gate.Env(address)...)
	shm := filepath.Join(b.root.Dir, "shm")
	conf := b.root.Mounts["/etc/vernemq"]
	text := "nodename = " + h.Node() + "\ndistributed_cookie = " + cookie + "\nallow_anonymous = on\nlistener.vmq.clustering = " + h.Address() + ":44053\n"
	doors := gate.Doors([]netip.AddrPort{netip.MustParseAddrPort("0.0.0.0:1883")})
	for _, err := range []error{os.MkdirAll(shm, 0o755), os.WriteFile(filepath.Join(conf, "vernemq.conf"), []byte(text), 0o644),
		os.WriteFile(filepath.Join(conf, gate.DoorsFile), []byte(doors), 0o644)} {
		if err != nil {
			f.t.Fatal(err)
		}
	}
	b.root.Mounts["/dev/shm"] = shm
	return b
}

// says waits for a line of the gate.
func (b *box) says(line string) {
	b.f.t.Helper()
	until(b.f.t, "the gate to say "+line, func() bool {
		text, err := os.ReadFile(filepath.Join(b.root.Mounts["/dev/shm"], filepath.Base(gate.StateFile)))
		return err == nil && string(text) == line+"\n"
	})
}

// told waits for a line in the container's log.
func (b *box) told(line string) {
	b.f.t.Helper()
	until(b.f.t, "the log to have "+line, func() bool { return strings.Contains(b.out.String(), "vmqbot-gate: "+line+"\n") })
}

// The gate as first process: no broker without the address, the doors open when
// the broker is ready, a crash and a restart keep the container and its address,
// and TERM ends all of it cleanly.
func TestGate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFleet(t, 0)
		b := f.gated(world.Host{Name: "n1", Index: 1}, world.BrokerImage)
		if err := b.run(gate.Entrypoint()...); err != nil {
			t.Fatal(err)
		}
		b.says("waiting starts=0 crashes=0 exit=-1 for=10.0.0.1/32")
		if a := b.exec(gate.Health()[1:]...); a.exit != 1 || len(b.beams()) != 0 {
			t.Errorf("health while it waits: %+v, %d brokers", a, len(b.beams()))
		}
		b.attach()
		b.says("running starts=1 crashes=0 exit=-1 for=own")
		if a := b.exec(gate.Health()[1:]...); a.exit != 0 || a.stdout != "running starts=1 crashes=0 exit=-1 for=own\n" {
			t.Errorf("health: %+v", a)
		}
		if beams := b.beams(); !b.listens() || len(beams) != 1 || beams[0].Parent != b.first {
			t.Error("the broker is no child of the gate, or its cluster port is closed")
		}
		b.told("open 0.0.0.0 1883: Done")
		c, got := b.mqtt("c", true)
		b.subscribe(c, "t")
		b.wait("publish", c.Publish("t", 1, false, "through the door"))
		b.receive(got, "through the door")
		c.Disconnect(0)

		b.beams()[0].Signal(kernel.KILL)
		b.told("backoff starts=1 crashes=1 exit=137 for=1s")
		b.says("running starts=2 crashes=1 exit=137 for=own")
		b.must("vernemq", "restart")
		b.says("running starts=2 crashes=1 exit=0 for=adopted")

		b.must(gate.HoldArgv()...)
		b.must("vernemq", "stop")
		b.says("held starts=2 crashes=1 exit=-1 for=hold")
		b.must(gate.ReleaseArgv()...)
		b.says("running starts=3 crashes=1 exit=-1 for=own")

		if !b.space.Has(netip.MustParseAddr("10.0.0.1")) {
			t.Error("the address is gone")
		}
		b.first.Signal(kernel.TERM)
		if code := b.end(); code != 0 {
			t.Errorf("ends with %d", code)
		}
		b.told("stopping starts=3 crashes=1 exit=-1 for=term")
		if left := b.machine.Processes(); len(left) != 0 {
			t.Errorf("%d processes are left", len(left))
		}
	})
}

// Under the gate the broken image backs off, longer each time.
func TestGateOverBroken(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newFleet(t, 0).gated(world.Host{Name: "n1", Index: 1}, world.BrokenBroker)
		if err := b.run(gate.Entrypoint()...); err != nil {
			t.Fatal(err)
		}
		b.attach()
		for _, line := range []string{
			"backoff starts=1 crashes=1 exit=1 for=1s", "backoff starts=2 crashes=2 exit=1 for=2s", "backoff starts=3 crashes=3 exit=1 for=4s",
		} {
			b.told(line)
		}
		if !strings.Contains(b.out.String(), "Crash dump is being written to") {
			t.Errorf("the log says nothing: %s", b.out.String())
		}
		b.first.Signal(kernel.TERM)
		if code := b.end(); code != 0 {
			t.Errorf("ends with %d", code)
		}
	})
}
