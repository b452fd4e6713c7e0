package weavenet_test

import (
	"testing"
	"testing/synctest"
	"time"
)

func TestSmoke(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFleet(t)
		f.mesh(hostNames...)
		for _, h := range hostNames {
			t.Log(f.hosts[h].run("weave status peers"))
			t.Log(f.hosts[h].run("weave status connections"))
		}
		eu := f.hosts["eu"]
		t.Log(eu.ok("weave report"))
		t.Log(eu.ok("weave status"), eu.ok("weave status ipam"), eu.ok("weave ps"))
		t.Log(eu.reaches("c1", "10.32.1.4"))
		time.Sleep(time.Hour)
		t.Log(eu.ok("weave status connections"))
	})
}
