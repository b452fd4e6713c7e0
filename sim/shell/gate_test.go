package shell_test

import (
	"net/netip"
	"strings"
	"testing"

	"vmqbot/gate"
	"vmqbot/sim/fabric"
	"vmqbot/sim/kernel"
	"vmqbot/sim/shell"
	"vmqbot/sim/tools"
)

const address = "10.77.0.1"

// cage is a container whose first process is the gate.
type cage struct {
	*box
	net  *fabric.Space
	seg  *fabric.Segment
	pids *kernel.PIDs
	root *kernel.Root
	gate *running
}

func newCage(t *testing.T) *cage {
	t.Helper()
	f := fabric.New()
	c := &cage{box: newBox(t), net: f.Space("c"), seg: f.Segment("weave", nil)}
	c.pids = c.m.Container()
	c.root = &kernel.Root{Dir: c.dir, Programs: map[string]kernel.Program{"/bin/sh": shell.Main, "/usr/sbin/vernemq": vernemq, "/usr/sbin/vmq-admin": admin, "/erts/beam.smp": beam}}
	for name, main := range tools.Programs() {
		if name == "/bin/sleep" || name == "/bin/rm" {
			c.root.Programs[name] = main
		}
	}
	c.gate = c.enter(gate.Entrypoint()...)
	return c
}

func (c *cage) enter(argv ...string) *running {
	c.t.Helper()
	return c.start(kernel.Spec{Argv: argv, Root: c.root, Net: c.net, PIDs: c.pids, Env: append(gate.Env(netip.MustParseAddr(address)), "PATH=/usr/sbin:/bin")})
}

// exec is docker exec.
func (c *cage) exec(argv ...string) (string, int) {
	c.t.Helper()
	r := c.enter(argv...)
	_ = r.in.Close()
	exit := ends(c.t, r.Process)
	return r.out.String() + r.err.String(), exit
}

func (c *cage) attach() { c.net.Plug("ethwe", c.seg, netip.MustParsePrefix(address+"/24")) }

// vernemq is the script of that name as far as the gate sees it.
func vernemq(p *kernel.Process) int {
	switch strings.Join(p.Argv[1:], " ") {
	case "console -noshell -noinput":
		status, err := p.Exec("/erts/beam.smp", "-K", "true", "--", "-noinput")
		if err != nil {
			return 1
		}
		return status
	case "stop":
		for _, o := range p.Others() {
			if o.Comm() == "beam.smp" {
				o.Signal(kernel.TERM)
				<-o.Done()
			}
		}
		return 0
	}
	return 1
}

// beam listens on the cluster port until TERM.
func beam(p *kernel.Process) int {
	l, err := p.Net.Listen(p.Context(), address+":44053")
	if err != nil {
		return 1
	}
	defer l.Close() //nolint:errcheck // the end of a stand-in
	term := make(chan kernel.Signal, 1)
	p.Catch(term, kernel.TERM)
	select {
	case <-term:
		return 0
	case <-p.Context().Done():
		return 0
	}
}

// admin answers while a broker runs, and opens listeners for good.
func admin(p *kernel.Process) int {
	for _, o := range p.Others() {
		if o.Comm() != "beam.smp" {
			continue
		}
		if p.Argv[1] == "listener" {
			host, port := strings.TrimPrefix(p.Argv[3], "address="), strings.TrimPrefix(p.Argv[4], "port=")
			if _, err := o.Net.Listen(p.Context(), host+":"+port); err != nil {
				return 1
			}
			p.Printf("Done\n")
		}
		return 0
	}
	return 1
}

func TestGateStory(t *testing.T) {
	c := newCage(t)
	c.gate.err.until(t, "vmqbot-gate: waiting starts=0 crashes=0 exit=-1 for="+address+"/32\n")
	if said, exit := c.exec(gate.Health()[1:]...); exit == 0 {
		t.Errorf("healthy while it waits: %s", said)
	}
	c.attach()
	c.gate.err.until(t, "starting starts=1 crashes=0 exit=-1 for=own\n")
	c.gate.err.until(t, "running starts=1 crashes=0 exit=-1 for=own\n")
	if said, exit := c.exec(gate.Health()[1:]...); exit != 0 || said != "running starts=1 crashes=0 exit=-1 for=own\n" {
		t.Errorf("not healthy: exit %d, %s", exit, said)
	}
	c.find("/erts/beam.smp -K true -- -noinput").Signal(kernel.KILL)
	c.gate.err.until(t, "backoff starts=1 crashes=1 exit=137 for=1s\n")
	c.gate.err.until(t, "running starts=2 crashes=1 exit=137 for=own\n")
	c.gate.Signal(kernel.TERM)
	if exit := ends(t, c.gate.Process); exit != 0 {
		t.Errorf("exit %d", exit)
	}
	if said := c.gate.err.String(); !strings.Contains(said, "stopping starts=2 crashes=1 exit=137 for=term\n") {
		t.Errorf("it left with:\n%s", said)
	}
	c.empty()
}

func TestGateHolds(t *testing.T) {
	c := newCage(t)
	if said, exit := c.exec(gate.HoldArgv()...); exit != 0 {
		t.Fatal(said)
	}
	c.attach()
	c.gate.err.until(t, "held starts=0 crashes=0 exit=-1 for=hold\n")
	if said, exit := c.exec(gate.ReleaseArgv()...); exit != 0 {
		t.Fatal(said)
	}
	c.gate.err.until(t, "running starts=1")
	if said, exit := c.exec("vernemq", "stop"); exit != 0 {
		t.Fatal(said)
	}
	c.gate.err.until(t, "backoff starts=1 crashes=1 exit=0 for=1s\n")
}

func TestGateOpensDoors(t *testing.T) {
	c := newCage(t)
	if said, exit := c.exec("sh", "-c", "echo '0.0.0.0 1883' >/etc/vernemq/vmqbot.listeners"); exit != 0 {
		t.Fatal(said)
	}
	c.attach()
	c.gate.err.until(t, "vmqbot-gate: open 0.0.0.0 1883: Done\n")
	if table, exit := c.exec("sh", "-c", "while read -r l; do echo \"$l\"; done </proc/net/tcp"); exit != 0 || !strings.Contains(table, "00000000:075B") {
		t.Errorf("exit %d:\n%s", exit, table)
	}
}

// TestGateDiesWithItsContainer kills the first process: nothing is left.
func TestGateDiesWithItsContainer(t *testing.T) {
	c := newCage(t)
	c.attach()
	c.gate.err.until(t, "running starts=1")
	if said, exit := c.exec("sh", "-c", "kill -KILL 1; kill -USR2 1; kill -0 1"); exit != 0 {
		t.Errorf("killed from inside: exit %d, %s", exit, said)
	}
	c.gate.Signal(kernel.KILL)
	if exit := ends(t, c.gate.Process); exit != 137 {
		t.Errorf("exit %d", exit)
	}
	c.empty()
}
