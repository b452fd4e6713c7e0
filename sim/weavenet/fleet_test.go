package weavenet_test

import (
	"bytes"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"vmqbot/sim/fabric"
	"vmqbot/sim/kernel"
	"vmqbot/sim/weavenet"
)

// fleet is the four hosts of the recorded runs, with a container c1 on each.
type fleet struct {
	t     *testing.T
	f     *fabric.Fabric
	n     *weavenet.Net
	wan   *fabric.Segment
	hosts map[string]*host
	env   []string

	mu     sync.Mutex
	frozen map[*fabric.Space]bool
	deaf   map[*fabric.Space]bool // UDP does not pass
}

type host struct {
	*weavenet.Host
	f      *fleet
	name   string
	at     netip.Prefix
	m      *kernel.Machine
	docker *docker
	o      weavenet.HostOptions
}

var hostNames = []string{"eu", "us", "ap", "sa"}

// newFleet makes hosts on which Weave was never launched.
func newFleet(t *testing.T) *fleet {
	f := &fleet{t: t, env: []string{"WEAVE_NO_FASTDP=1"}, f: fabric.New(), hosts: map[string]*host{}, frozen: map[*fabric.Space]bool{}, deaf: map[*fabric.Space]bool{}}
	f.n = weavenet.New(f.f, weavenet.Options{Underlay: f.passes, UDP: f.udp})
	f.wan = f.f.Segment("wan", f.passes)
	for i, name := range hostNames {
		f.add(name, i+11, weavenet.HostOptions{})
	}
	t.Cleanup(f.off)
	return f
}

func (f *fleet) off() {
	for _, h := range f.hosts {
		h.off()
	}
}

func (f *fleet) passes(from, to *fabric.Space) fabric.Way {
	f.mu.Lock()
	defer f.mu.Unlock()
	return fabric.Way{Open: !f.frozen[from] && !f.frozen[to]}
}

func (f *fleet) udp(from, to *fabric.Space) fabric.Way {
	f.mu.Lock()
	defer f.mu.Unlock()
	return fabric.Way{Open: !f.deaf[from] && !f.deaf[to]}
}

// set changes what passes.
func (f *fleet) set(of map[*fabric.Space]bool, space *fabric.Space, on bool) {
	f.mu.Lock()
	of[space] = on
	f.mu.Unlock()
	f.f.Changed()
}

func (f *fleet) add(name string, last int, o weavenet.HostOptions) *host {
	a := netip.MustParseAddr("10.78.0.0").As4()
	a[3] = byte(last)
	h := &host{f: f, name: name, at: netip.PrefixFrom(netip.AddrFrom4(a), 24), o: o}
	h.docker = &docker{f: f.f, bridge: f.f.Segment(name+" docker0", nil)}
	h.Host = f.n.Host(name, h.docker, o)
	h.docker.router = func(p *kernel.Process) int { return h.Router(p) }
	h.docker.gone = func(s *fabric.Space) { h.Detached(s) }
	h.boot()
	h.container("c1", false)
	f.hosts[name] = h
	return h
}

func (h *host) boot() {
	space := h.f.f.Space(h.name)
	space.Plug("docker0", h.docker.bridge, netip.MustParsePrefix("172.17.0.1/16"))
	space.Plug("eth0", h.f.wan, h.at)
	h.m = kernel.Boot(h.name, space, &kernel.Root{Programs: map[string]kernel.Program{"/usr/local/bin/weave": func(p *kernel.Process) int { return h.Script(p) }}})
	h.docker.reboot(h.m)
}

func (h *host) off() {
	h.docker.mu.Lock()
	h.docker.down = true
	h.docker.mu.Unlock()
	h.m.Halt()
	h.docker.run.Wait()
	h.PowerOff()
	h.m.Net.Close()
}

// container runs a container that does nothing.
func (h *host) container(name string, hostNet bool) {
	id, err := h.docker.Create(weavenet.Spec{Name: name, Image: "lab/app:1", HostNet: hostNet, Restart: "always"})
	if err == nil {
		err = h.docker.Start(id)
	}
	if err != nil {
		h.f.t.Fatal(err)
	}
}

// ran is what a command answered.
type ran struct {
	exit           int
	stdout, stderr string
}

// run runs a command line on the host.
func (h *host) run(line string) ran {
	var out, errs bytes.Buffer
	fds := map[int]*kernel.FD{0: kernel.Null(), 1: kernel.Output(&out), 2: kernel.Output(&errs)}
	p, err := h.m.Start(kernel.Spec{Argv: strings.Fields(line), Env: h.f.env, FDs: fds})
	if err != nil {
		h.f.t.Fatal(err)
	}
	exit := p.Wait()
	return ran{exit, out.String(), errs.String()}
}

// ok runs a command that must succeed.
func (h *host) ok(line string) string {
	h.f.t.Helper()
	r := h.run(line)
	if r.exit != 0 {
		h.f.t.Fatalf("%s: %s: exit %d\n%s%s", h.name, line, r.exit, r.stdout, r.stderr)
	}
	return r.stdout
}

// space is the network namespace of a container.
func (h *host) space(name string) *fabric.Space {
	c, err := h.docker.Find(name)
	if err != nil || c.Net == nil {
		h.f.t.Fatalf("%s: no running container %s: %v", h.name, name, err)
	}
	return c.Net
}

// reaches reports whether packets pass from a container to an address and
// back.
func (h *host) reaches(name, addr string) bool {
	from := h.space(name)
	way, to := from.Reach(netip.MustParseAddr(addr))
	if !way.Open || to == nil {
		return false
	}
	for _, a := range from.Addresses() {
		if a.Dev == "ethwe" {
			back, _ := to.Reach(a.Prefix.Addr())
			return back.Open
		}
	}
	return false
}

// mesh launches Weave everywhere as the recorded runs did, eu first, and
// attaches each c1.
func (f *fleet) mesh(names ...string) {
	f.t.Helper()
	for i, name := range names {
		peers := ""
		if i > 0 {
			peers = " 10.78.0.11"
		}
		f.hosts[name].ok("weave launch" + peers)
		f.settle()
		f.hosts[name].ok("weave attach 10.32.1." + string(rune('1'+i)) + "/24 c1")
	}
	f.settle()
}

// settle lets the mesh come to rest.
func (f *fleet) settle() { pass(5 * time.Second) }

// pass lets time pass, which is the bubble's and costs none.
func pass(d time.Duration) {
	<-time.After(d)
	synctest.Wait()
}

// bubble runs a test with a clock of its own; it fails when a goroutine
// outlives the fleet.
func bubble(t *testing.T, name string, test func(t *testing.T, f *fleet)) {
	t.Helper()
	t.Run(name, func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) { test(t, newFleet(t)) })
	})
}

// wants compares a command's answer: its exit status and what it prints on
// both streams, out first.
func (h *host) wants(line string, exit int, printed string) {
	h.f.t.Helper()
	r := h.run(line)
	if got := withoutChance(r.stdout + r.stderr); r.exit != exit || got != printed {
		h.f.t.Errorf("%s: %s: exit %d, want %d:\n%s\nwant:\n%s", h.name, line, r.exit, exit, got, printed)
	}
}

// says reports whether a command that succeeds prints certain words.
func (h *host) says(line, words string, want bool) {
	h.f.t.Helper()
	if out := h.ok(line); strings.Contains(out, words) != want {
		h.f.t.Errorf("%s: %s: %q in it: want %t:\n%s", h.name, line, words, want, out)
	}
}

// log is what the router has logged.
func (h *host) log() string {
	h.docker.mu.Lock()
	defer h.docker.mu.Unlock()
	return h.docker.find("weave").stderr.String()
}
