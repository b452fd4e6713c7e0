package weavenet_test

import (
	"strings"
	"testing"
	"time"

	"vmqbot/sim/fabric"
	"vmqbot/sim/weavenet"
)

// The states of connections, and what leads to them.
func TestMesh(t *testing.T) {
	bubble(t, "a frozen host", func(t *testing.T, f *fleet) {
		f.mesh("eu", "us", "ap")
		eu, ap := f.hosts["eu"], f.hosts["ap"]
		f.set(f.frozen, ap.m.Net, true)
		pass(23 * time.Second)
		eu.says("weave status connections", "(ap)", true)
		if eu.reaches("c1", "10.32.1.3") {
			t.Error("packets reach a frozen host")
		}
		pass(45 * time.Second)
		eu.says("weave status connections", "(ap)", false)
		eu.says("weave status peers", "(ap)", false)
		f.set(f.frozen, ap.m.Net, false)
		pass(8 * time.Second)
		eu.says("weave status connections", "established sleeve "+ap.PeerName()+"(ap)", true)
		if !eu.reaches("c1", "10.32.1.3") {
			t.Error("packets do not pass after the thaw")
		}
	})
	bubble(t, "the pace", func(t *testing.T, f *fleet) {
		f.n.SetPace(0.01)
		f.mesh("eu", "us")
		start := time.Now()
		f.set(f.frozen, f.hosts["us"].m.Net, true)
		for strings.Contains(f.hosts["eu"].ok("weave status connections"), "established") {
			pass(10 * time.Millisecond)
		}
		if took := time.Since(start); took > time.Second {
			t.Errorf("a peer was given up after %v", took)
		}
	})
	bubble(t, "TCP passes and UDP does not", func(t *testing.T, f *fleet) {
		us := f.hosts["us"]
		f.set(f.deaf, us.m.Net, true)
		f.hosts["eu"].ok("weave launch")
		us.ok("weave launch 10.78.0.11")
		pass(10 * time.Second)
		us.wants("weave status connections", 0, "-> 10.78.0.11:6783       pending     sleeve MAC(eu) mtu=1438\n")
		us.says("weave status", "(1 pending)", true)
		us.says("weave status peers", "pending\n", true)
		pass(51 * time.Second)
		us.says("weave report -f {{.Router.TerminationCount}}", "0", false) // it has been given up, and is dialed again
		f.set(f.deaf, us.m.Net, false)
		pass(20 * time.Second)
		us.says("weave status connections", "established", true)
	})
	bubble(t, "fast datapath", func(t *testing.T, f *fleet) {
		f.env = []string{}
		f.add("f1", 21, weavenet.HostOptions{FastDP: true}).ok("weave launch")
		f2 := f.add("f2", 22, weavenet.HostOptions{FastDP: true})
		f2.ok("weave launch 10.78.0.21")
		f.settle()
		f2.wants("weave status connections", 0, "-> 10.78.0.21:6783       established fastdp MAC(f1) mtu=1376\n")
		f2.wants("weave --local bridge-type", 0, "bridged_fastdp\n")
		f2.ok("weave stop")
		f.env = []string{"WEAVE_NO_FASTDP=1"}
		f2.wants("weave launch 10.78.0.21", 1, "WEAVE_NO_FASTDP is set, but there is already a weave fast datapath\nbridge present.  Please do 'weave reset' to remove the bridge first.\n")
	})
	bubble(t, "cloned machines", func(t *testing.T, f *fleet) {
		f.add("x1", 21, weavenet.HostOptions{MachineID: "clone"}).ok("weave launch")
		x2 := f.add("x2", 22, weavenet.HostOptions{MachineID: "clone"})
		x2.ok("weave launch 10.78.0.21")
		f.settle()
		x2.wants("weave status connections", 0, "-> 10.78.0.21:6783       failed      local \"MAC(x2)\" and remote \"MAC(x1)\" peer names collision, retry: never \n")
		x2.ok("weave stop")
		x2.ok("weave launch --name 02:00:00:00:00:07 10.78.0.21")
		f.settle()
		x2.says("weave status connections", "established", true)
	})
	bubble(t, "a slow way", func(t *testing.T, f *fleet) {
		n := weavenet.New(f.f, weavenet.Options{Underlay: func(_, _ *fabric.Space) fabric.Way {
			return fabric.Way{Open: true, Delay: 80 * time.Millisecond}
		}})
		for _, h := range f.hosts {
			h.Host = n.Host(h.name, h.docker, h.o)
		}
		f.mesh("eu", "us")
		if way, _ := f.hosts["eu"].space("c1").Reach(f.hosts["us"].space("c1").Addresses()[2].Prefix.Addr()); way.Delay != 80*time.Millisecond {
			t.Errorf("way %+v", way)
		}
	})
}

func TestPassword(t *testing.T) {
	bubble(t, "the same", func(t *testing.T, f *fleet) {
		f.hosts["eu"].ok("weave launch --password secret")
		f.env = append(f.env, "WEAVE_PASSWORD=secret")
		us := f.hosts["us"]
		us.ok("weave launch 10.78.0.11")
		f.settle()
		us.wants("weave status connections", 0, "-> 10.78.0.11:6783       established encrypted   sleeve MAC(eu) encrypted=truemtu=1438\n")
		us.says("weave status", "Encryption: enabled", true)
	})
	bubble(t, "trusted", func(t *testing.T, f *fleet) {
		f.hosts["eu"].ok("weave launch --password secret --trusted-subnets 10.78.0.0/24")
		us := f.hosts["us"]
		us.ok("weave launch --password secret --trusted-subnets 10.78.0.0/24 10.78.0.11")
		f.settle()
		us.wants("weave status connections", 0, "-> 10.78.0.11:6783       established unencrypted sleeve MAC(eu) mtu=1438\n")
	})
	for _, c := range []struct{ name, flag, says string }{
		{"another", "--password other ", "Unable to decrypt TCP msg"},
		{"none", "", "no password specificed, but peer requested an encrypted connection"},
	} {
		bubble(t, c.name, func(t *testing.T, f *fleet) {
			f.hosts["eu"].ok("weave launch --password secret")
			f.hosts["us"].ok("weave launch " + c.flag + "10.78.0.11")
			f.settle()
			f.hosts["us"].says("weave status connections", "failed      "+c.says+", retry: ", true)
		})
	}
}
