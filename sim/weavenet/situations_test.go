package weavenet_test

import (
	"net/netip"
	"time"
)

// A situation brings a fleet to where a sample was recorded.

func fresh(*fleet) {}

// alone is eu launched, nothing attached.
func alone(f *fleet) {
	f.hosts["eu"].ok("weave launch")
	f.settle()
}

func three(f *fleet) { f.mesh("eu", "us", "ap") }
func four(f *fleet)  { f.mesh(hostNames...) }

// then runs command lines on a host after another situation.
func then(before func(*fleet), host string, lines ...string) func(*fleet) {
	return func(f *fleet) {
		before(f)
		for _, line := range lines {
			f.hosts[host].do(line)
		}
	}
}

// do runs a weave command that must succeed, or does something to containers.
func (h *host) do(line string) {
	switch line {
	case "settle":
		h.f.settle()
	case "wait 1s":
		pass(time.Second)
	case "wait 3.5s":
		pass(3500 * time.Millisecond)
	case "restart c1":
		h.docker.restart("c1")
	case "crash c1":
		_ = h.docker.Crash("c1")
		h.f.settle()
	case "restart weave":
		h.docker.restart("weave")
	case "kill weave":
		_ = h.docker.Kill("weave")
	case "crash weave":
		_ = h.docker.Crash("weave")
		pass(time.Second)
	case "freeze 3s", "freeze 23s", "freeze 68s":
		d, _ := time.ParseDuration(line[len("freeze "):])
		h.f.set(h.f.frozen, h.m.Net, true)
		pass(d)
	case "reboot":
		h.off()
		h.boot()
		h.f.settle()
	case "dockerd":
		h.dockerd()
	case "extra":
		h.container("c2", false)
		h.container("c3", false)
		h.container("chost", true)
		h.container("cstopped", false)
		_ = h.docker.Stop("cstopped")
		h.m.Net.Plug("br-eaf5960a1e96", h.f.f.Segment("isolated", nil), netip.MustParsePrefix("10.99.0.1/24"))
	case "refuser": // a host that answers, on which nothing listens
		h.f.f.Space("254").Plug("eth0", h.f.wan, netip.MustParsePrefix("10.78.0.254/24"))
	case "without fastdp unset":
		h.f.env = []string{}
	case "weave launch, failing":
		h.run("weave launch")
	default:
		h.ok(line)
	}
}

// dockerd stops the daemon, and with it all containers, and starts it again.
func (h *host) dockerd() {
	h.docker.mu.Lock()
	h.docker.down = true
	h.docker.mu.Unlock()
	for _, c := range h.docker.All() {
		_ = h.docker.Crash(c.Name)
	}
	h.docker.run.Wait()
	h.docker.reboot(h.m)
	h.f.settle()
}

// c3Attached is eu with what weave ps showed in sample weave-ps-2.
var c3Attached = then(four, "eu", "extra", "weave attach 10.32.1.0/24 c3", "weave attach 10.99.0.7/24 c3", "weave attach 10.78.0.77/24 c3", "weave attach 192.168.7.1/24 c3")

// died is a router that was launched again where the kernel has no
// openvswitch and WEAVE_NO_FASTDP is not set.
var died = then(then(fresh, "eu", "without fastdp unset", "weave launch"), "eu", "weave stop")

// threeRelaunched is a fleet of eu, us and ap, in which eu was launched again
// with us as its peer.
var threeRelaunched = then(three, "eu", "weave stop", "weave launch 10.78.0.12", "settle")
