package images_test

import (
	"runtime"
	"testing"
	"testing/synctest"
	"time"

	"vmqbot/lab/world"
	"vmqbot/sim/images"
)

// A pace shortens what a start takes and what waiting for one takes, and
// nothing else that a test sees.
func TestPace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for _, c := range []struct {
			pace          float64
			start, failed time.Duration // at most; the failed one takes nine tenths of it at least
		}{
			{0, 6 * time.Second, 17 * time.Second},
			{0.1, 600 * time.Millisecond, 1700 * time.Millisecond},
			{0.01, 200 * time.Millisecond, 1700 * time.Millisecond},
		} {
			f := newFleet(t, 0)
			b := f.add(world.Host{Name: "n1", Index: 1}, find(t, images.Broker(images.Options{Pace: c.pace}), world.BrokerImage))
			begin := time.Now()
			if err := b.run("vernemq", "start"); err != nil || b.end() != 1 {
				t.Fatalf("started without its address: %v", err)
			}
			if took := time.Since(begin); took > c.failed || took < c.failed*4/5 {
				t.Errorf("pace %v: a failed start takes %s", c.pace, took)
			}
			if err := b.run(); err != nil {
				t.Fatal(err)
			}
			b.attach()
			begin = time.Now()
			until(t, "a start", func() bool { return b.exec("vmq-admin", "cluster", "show").exit == 0 })
			if took := time.Since(begin); took > c.start {
				t.Errorf("pace %v: a start takes %s", c.pace, took)
			}
			b.machine.Halt()
		}
	})
}

// Whoever names the seconds of a start gets them at every pace.
func TestAStartThatIsNamedInSeconds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for _, pace := range []float64{0, 0.1} {
			f := newFleet(t, 0)
			b := f.add(world.Host{Name: "n1", Index: 1}, find(t, images.Broker(images.Options{Pace: pace}), world.BrokerImage), "VERNEMQ_START_SECONDS=90")
			begin := time.Now()
			if err := b.run(); err != nil {
				t.Fatal(err)
			}
			b.attach()
			until(t, "a start", func() bool { return b.exec("vmq-admin", "cluster", "show").exit == 0 })
			if took := time.Since(begin); took < 50*time.Second || took > 95*time.Second {
				t.Errorf("pace %v: a start of 90 s takes %s", pace, took)
			}
			b.machine.Halt()
		}
	})
}

// A node that has joined and is idle weighs less than a megabyte, so that 200
// of them fit 300 MB with all that a fleet needs beside them.
func TestWeight(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const clusters, nodes = 5, 4
		before := heap()
		for range clusters {
			newFleet(t, nodes).cluster()
		}
		if each := (heap() - before) / (clusters * nodes); each > 1<<20 {
			t.Errorf("a node weighs %d kB, and there are %d goroutines", each>>10, runtime.NumGoroutine())
		}
	})
}
