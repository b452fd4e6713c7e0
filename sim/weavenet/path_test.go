package weavenet_test

import (
	"bufio"
	"testing"
	"time"
)

// What containers notice of Weave: facts/lab.md, "What was seen".
func TestPath(t *testing.T) {
	bubble(t, "a connection outlives a stopped router", func(t *testing.T, f *fleet) {
		f.mesh("eu", "us")
		eu, us := f.hosts["eu"], f.hosts["us"]
		l, err := eu.space("c1").Listen(t.Context(), "10.32.1.1:44053")
		if err != nil {
			t.Fatal(err)
		}
		near, err := us.space("c1").DialContext(t.Context(), "tcp", "10.32.1.1:44053")
		if err != nil {
			t.Fatal(err)
		}
		far, err := l.Accept()
		if err != nil {
			t.Fatal(err)
		}
		eu.ok("weave stop")
		if eu.reaches("c1", "10.32.1.2") {
			t.Error("packets pass although the router is stopped")
		}
		if _, err := near.Write([]byte("kept\n")); err != nil {
			t.Fatal(err)
		}
		pass(20 * time.Second)
		eu.ok("weave launch 10.78.0.12")
		if line, err := bufio.NewReader(far).ReadString('\n'); err != nil || line != "kept\n" {
			t.Errorf("read %q: %v", line, err)
		}
		_, _, _ = near.Close(), far.Close(), l.Close()
	})
	bubble(t, "within one host no router is needed", func(t *testing.T, f *fleet) {
		f.mesh("eu")
		eu := f.hosts["eu"]
		eu.container("c2", false)
		eu.ok("weave attach 10.32.1.55/24 c2")
		eu.ok("weave stop")
		if !eu.reaches("c1", "10.32.1.55") {
			t.Error("the bridge does not pass")
		}
	})
	bubble(t, "a container that restarted has lost its address while all looks well", func(t *testing.T, f *fleet) {
		f.mesh("eu", "us")
		eu := f.hosts["eu"]
		before := eu.ok("weave status connections")
		eu.docker.restart("c1")
		eu.wants("weave ps c1", 0, "\n")
		if after := eu.ok("weave status connections"); after != before {
			t.Errorf("status connections changed:\n%s", after)
		}
		if f.hosts["us"].reaches("c1", "10.32.1.1") {
			t.Error("packets reach an address that is gone")
		}
		eu.ok("weave attach 10.32.1.1/24 c1")
		if !f.hosts["us"].reaches("c1", "10.32.1.1") {
			t.Error("packets do not reach it after attach")
		}
	})
	bubble(t, "a killed router is started again and finds its peers", func(t *testing.T, f *fleet) {
		f.mesh("eu", "us")
		us := f.hosts["us"]
		us.ok("weave connect 10.78.0.99")
		_ = us.docker.Crash("weave")
		pass(5 * time.Second)
		us.says("weave status targets", "10.78.0.99", true)
		if !us.reaches("c1", "10.32.1.1") {
			t.Error("packets do not pass")
		}
		us.ok("weave stop")
		us.ok("weave launch 10.78.0.11")
		us.says("weave status targets", "10.78.0.99", false)
		us.ok("weave stop")
		us.ok("weave launch --resume")
		us.says("weave status targets", "10.78.0.11", true)
	})
	bubble(t, "reset takes the bridge and every address", func(t *testing.T, f *fleet) {
		f.mesh("eu", "us")
		eu := f.hosts["eu"]
		eu.ok("weave reset")
		compareInterfaces(t, eu.m.Net, "1: lo:\n    inet 127.0.0.1/8\n2: docker0:\n    inet 172.17.0.1/16\n3: eth0:\n    inet 10.78.0.11/24\n")
		eu.wants("weave attach 10.32.1.1/24 c1", 1, "bridge \"weave\" not present; did you launch weave?\n")
		eu.ok("weave launch 10.78.0.12")
		eu.ok("weave attach 10.32.1.1/24 c1")
		pass(5 * time.Second)
		if !f.hosts["us"].reaches("c1", "10.32.1.1") {
			t.Error("packets do not pass after a new launch")
		}
	})
	bubble(t, "the host itself is exposed and hidden", func(t *testing.T, f *fleet) {
		f.mesh("eu", "us")
		eu := f.hosts["eu"]
		eu.wants("weave expose 10.32.1.201/24", 0, "10.32.1.201\n")
		if !f.hosts["us"].reaches("c1", "10.32.1.201") {
			t.Error("packets do not reach the host")
		}
		eu.says("weave ps weave:expose", "10.32.1.201/24", true)
		eu.wants("weave hide 10.32.1.201/24", 0, "10.32.1.201\n")
		eu.says("weave ps weave:expose", "10.32.1.201/24", false)
	})
	bubble(t, "packets go through others when there is no direct way", func(t *testing.T, f *fleet) {
		f.hosts["eu"].ok("weave launch --no-discovery")
		f.hosts["us"].ok("weave launch --no-discovery 10.78.0.11")
		f.hosts["ap"].ok("weave launch --no-discovery 10.78.0.12")
		for name, cidr := range map[string]string{"eu": "10.0.0.1/24", "ap": "10.0.0.3/24"} {
			f.hosts[name].ok("weave attach " + cidr + " c1")
		}
		pass(5 * time.Second)
		if !f.hosts["ap"].reaches("c1", "10.0.0.1") {
			t.Error("packets do not pass through us")
		}
		f.hosts["us"].ok("weave stop")
		if f.hosts["ap"].reaches("c1", "10.0.0.1") {
			t.Error("packets pass although us is stopped")
		}
	})
}
