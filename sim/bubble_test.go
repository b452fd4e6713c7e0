package sim

import (
	"testing"
	"testing/synctest"
	"time"
)

// A fleet that is shut lives in a bubble of time, at the pace of real machines: hours
// pass while nobody waits, and everything is as it was.
func TestHoursPass(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f, err := Up(t.Context(), Options{Dir: t.TempDir(), Shut: true})
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		p := &place{f, t}
		began := time.Now()
		time.Sleep(2 * time.Hour)
		p.wantWhole(4)
		p.ok("exec cn docker restart vernemq-release-cn-1")
		if time.Since(began) < 2*time.Hour {
			t.Error("no two hours have passed")
		}
		at, _ := f.MQTT("cn")
		c, err := f.Dial(t.Context(), "tcp", at)
		for end := time.Now().Add(time.Minute); err != nil && time.Now().Before(end); c, err = f.Dial(t.Context(), "tcp", at) {
			time.Sleep(100 * time.Millisecond)
		}
		if err != nil {
			t.Fatalf("no broker takes clients at %s a minute after the restart: %v", at, err)
		}
		_ = c.Close()
		p.wantWhole(3) // the address went with the container
	})
}
