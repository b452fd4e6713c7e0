package weavenet_test

import (
	"strings"
	"testing"
	"time"
)

// Who may have an address: weave's ipam/claim.go.
func TestIPAM(t *testing.T) {
	bubble(t, "a plain address stays claimed after detach", func(t *testing.T, f *fleet) {
		f.mesh("eu")
		eu := f.hosts["eu"]
		eu.container("c2", false)
		eu.ok("weave detach 10.32.1.1/24 c1")
		r := eu.run("weave attach 10.32.1.1/24 c2")
		if r.exit != 1 || withoutChance(r.stderr) != "Unable to claim: address 10.32.1.1/24 is already owned by ID\n" {
			t.Errorf("attach: %+v", r)
		}
	})
	bubble(t, "the dead keep theirs for 30 s", func(t *testing.T, f *fleet) {
		f.mesh("eu")
		eu := f.hosts["eu"]
		eu.container("c2", false)
		_ = eu.docker.Stop("c1")
		if r := eu.run("weave attach 10.32.1.1/24 c2"); r.exit != 1 {
			t.Errorf("attach at once: %+v", r)
		}
		pass(31 * time.Second)
		eu.ok("weave attach 10.32.1.1/24 c2")
	})
	bubble(t, "outside the range only this host knows", func(t *testing.T, f *fleet) {
		f.mesh("eu", "us")
		eu := f.hosts["eu"]
		eu.container("c2", false)
		eu.ok("weave attach 10.0.0.1/24 c1")
		f.hosts["us"].ok("weave attach 10.0.0.1/24 c1")
		r := eu.run("weave attach 10.0.0.1/24 c2")
		if r.exit != 1 || withoutChance(r.stderr) != "Unable to claim: address 10.0.0.1/24 already in use by ID\n" {
			t.Errorf("attach: %+v", r)
		}
		_ = eu.docker.Stop("c1")
		eu.ok("weave attach 10.0.0.1/24 c2")
	})
	bubble(t, "allocated addresses are given back", func(t *testing.T, f *fleet) {
		f.mesh("eu", "us")
		us := f.hosts["us"]
		us.container("c2", false)
		us.wants("weave attach c2", 0, "10.32.0.1\n")
		us.wants("weave attach c2", 0, "10.32.0.1\n")
		us.wants("weave attach net:10.40.0.0/24 c2", 0, "10.40.0.1\n")
		us.wants("weave ps c2", 0, "c2 MAC 10.32.0.1/12 10.40.0.1/24\n")
		us.wants("weave detach c2", 0, "10.32.0.1 10.40.0.1\n")
		us.wants("weave ps c2", 0, "\n")
		us.says("weave status ipam", "10 active", false)
	})
	bubble(t, "half of the peers must know each other first", func(t *testing.T, f *fleet) {
		us := f.hosts["us"]
		us.ok("weave launch 10.78.0.11 10.78.0.13")
		us.says("weave status", "Status: idle", true)
		done := make(chan ran)
		go func() { done <- us.run("weave attach 10.32.1.2/24 c1") }()
		pass(time.Second)
		us.says("weave status", "Status: awaiting consensus (quorum: 2, known: 1)", true)
		f.hosts["eu"].ok("weave launch 10.78.0.12")
		if r := <-done; r.exit != 0 {
			t.Errorf("attach: %+v", r)
		}
		us.says("weave status", "Status: ready", true)
	})
	bubble(t, "seeded apart", func(t *testing.T, f *fleet) {
		f.mesh("eu")
		us := f.hosts["us"]
		us.ok("weave launch")
		us.ok("weave attach 10.32.1.2/24 c1")
		us.ok("weave connect 10.78.0.11")
		f.settle()
		us.says("weave status connections", "10.78.0.11:6783       failed", true)
		if !strings.Contains(us.log()+f.hosts["eu"].log(), "shutting down due to error: IP allocation was seeded by different peers (received: [") {
			t.Error("neither says why") // the one that closes first does
		}
	})
	bubble(t, "a peer that was reset leaves its share to another", func(t *testing.T, f *fleet) {
		f.mesh("eu", "us")
		eu, us := f.hosts["eu"], f.hosts["us"]
		us.ok("weave reset")
		f.settle()
		eu.says("weave status ipam", "1048576 IPs (100.0% of total) (1 active)", true)
	})
	bubble(t, "rmpeer takes the share of one that is gone", func(t *testing.T, f *fleet) {
		f.mesh("eu", "us", "ap")
		eu := f.hosts["eu"]
		_ = f.hosts["us"].docker.Kill("weave")
		f.settle()
		eu.says("weave status ipam", "- unreachable!", true)
		eu.wants("weave rmpeer us nobody", 0, "1 IPs taken over from us\n0 IPs taken over from nobody\n")
		eu.says("weave status ipam", "- unreachable!", false)
	})
	bubble(t, "without a range", func(t *testing.T, f *fleet) {
		eu := f.hosts["eu"]
		eu.ok("weave launch --ipalloc-range=")
		eu.ok("weave attach 10.32.1.1/24 c1")
		eu.wants("weave attach c1", 1, "IP address allocation must be enabled to use 'net:'\n")
		eu.says("weave status", "Service: ipam", false)
	})
	bubble(t, "the ring is kept through restarts and lost with its volume", func(t *testing.T, f *fleet) {
		f.mesh("eu", "us")
		us := f.hosts["us"]
		us.ok("weave stop")
		us.ok("weave launch")
		us.says("weave status", "Status: ready", true)
		us.ok("weave reset")
		us.ok("weave launch")
		us.says("weave status", "Status: idle", true)
	})
}
