//go:build bench

package bench

import (
	"fmt"
	"sync/atomic"
	"testing"
)

// shipRounds is how often an image with one changed layer is brought; what takes
// a minute is taken once.
const shipRounds = 3

// What people type instead. %s is the reference.
const (
	bySave    = `docker save %[1]s | zstd -q -3 | far 'zstd -q -d | docker load -q'`
	bySkopeo  = `beside skopeo --insecure-policy copy -q --src-daemon-host "$DOCKER_HOST" --dest-daemon-host unix:///tmp/vmqbot-bench.sock docker-daemon:%[1]s docker-daemon:%[1]s`
	byRunbook = `c=$(docker create %[1]s x) && docker export $c | gzip -1 >/tmp/vmqbot-bench.gz; docker rm $c >/dev/null; far 'cat >bench.gz' </tmp/vmqbot-bench.gz && far 'docker import bench.gz %[1]s; rm bench.gz'; rm /tmp/vmqbot-bench.gz`
)

const (
	saveName    = "docker save, zstd -3, ssh, docker load"
	skopeoName  = "skopeo copy, engine to engine through ssh -L"
	runbookName = "docker export, gzip, scp, docker import (the runbook)"
)

// carried is one way of bringing an image: how long, and how many bytes.
type carried struct {
	name  string
	ms    []float64
	moved int64
}

func (c *carried) add(ms float64, moved int64) {
	c.ms, c.moved = append(c.ms, ms), moved
}

func shipTable(t *testing.T, title string, all ...carried) {
	var fs []figure
	for _, c := range all {
		fs = append(fs, figure{fmt.Sprintf("%s, %.1f MB", c.name, float64(c.moved)/1e6), c.ms})
	}
	table(t, title, fs)
}

// TestShip takes the figures of an image of about 280 MB through a jump host at
// the end of 50 Mbit/s and 60 ms, beside what people type instead.
func TestShip(t *testing.T) {
	w := newShipWorld(t)
	system, packages := layerOf("system", 92e6, 3), layerOf("packages", 160e6, 3)
	first := w.build(t, "bench:0", system, packages, layerOf("release 0", 33e6, 7))
	dir := t.TempDir()

	once := func(name, script, ref string) carried {
		c := carried{name: name}
		c.add(w.peer(t, fmt.Sprintf(script, ref)))
		return c
	}
	cold := carried{name: "image ship"}
	cold.add(w.ours(t, dir, first, "bench:0"))
	w.forget(t, first)
	save := once(saveName, bySave, "bench:0")
	w.forget(t, first)
	skopeo := once(skopeoName, bySkopeo, "bench:0")
	w.forget(t, first)
	shipTable(t, "Image to a cold host", cold, save, skopeo, once(runbookName, byRunbook, "bench:0"))
	w.forget(t, "bench:0")
	w.ours(t, dir, first, "bench:0")

	there := carried{name: "image ship"}
	for range shipRounds {
		there.add(w.ours(t, dir, first, "bench:0"))
	}
	shipTable(t, "Image that is there", there)

	changed, cut, peer := carried{name: "image ship"}, carried{name: "image ship, cut at 25, 50 and 75 %"}, carried{name: saveName}
	for n := range shipRounds {
		ref := fmt.Sprintf("bench:%d", n+1)
		release := layerOf(fmt.Sprint("release ", n+1), 33e6, 7)
		id := w.build(t, ref, system, packages, release)
		ms, plain := w.ours(t, dir, id, ref)
		changed.add(ms, plain)
		w.forget(t, id)
		ms, moved := w.cuts(t, plain, func() (float64, int64) { return w.ours(t, dir, id, ref) })
		cut.add(ms, moved)
		t.Logf("round %d: %.2f times the layer's compressed bytes, cuts cost %.1f %%", n+1, float64(plain)/float64(packed(t, release)), 100*float64(moved-plain)/float64(plain))
		w.forget(t, id)
		peer.add(w.peer(t, fmt.Sprintf(bySave, ref)))
		w.forget(t, id)
	}
	last := fmt.Sprintf("bench:%d", shipRounds)
	skopeo = once(skopeoName, bySkopeo, last)
	w.forget(t, last)
	shipTable(t, "Image of which one layer changed", changed, peer, skopeo, once(runbookName, byRunbook, last), cut)
}

// cuts does something while the connection is cut at a quarter, a half and three
// quarters of so many bytes.
func (w *shipWorld) cuts(t *testing.T, size int64, do func() (float64, int64)) (ms float64, moved int64) {
	t.Helper()
	begin, made := w.jump.Moved(), atomic.Int32{}
	w.jump.Watch(func(now int64) {
		if n := made.Load(); n < 3 && now-begin > size*int64(n+1)/4 && made.CompareAndSwap(n, n+1) {
			w.jump.Cut()
		}
	})
	defer w.jump.Watch(nil)
	ms, moved = do()
	if n := made.Load(); n != 3 {
		t.Errorf("%d cuts were made", n)
	}
	return ms, moved
}
