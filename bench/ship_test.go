//go:build bench

package bench

import (
	"fmt"
	"sync/atomic"
	"testing"
)

// TestShip takes the figures of an image of about 280 MB through a jump host at
// the end of 50 Mbit/s and 60 ms, beside what people type instead.
func TestShip(t *testing.T) {
	w := newShipWorld(t)
	system, packages := layerOf("system", 92e6, 3), layerOf("packages", 160e6, 3)
	v1 := w.build(t, "bench:1", system, packages, layerOf("release 1", 33e6, 7))
	v2 := w.build(t, "bench:2", system, packages, layerOf("release 2", 33e6, 7))
	const stream = `docker save %s | zstd -q -3 | far 'zstd -q -d | docker load -q'`
	dir := t.TempDir()
	type row struct {
		name string
		take func() (float64, int64)
	}
	cold := []row{
		{"image ship", func() (float64, int64) { return w.ours(t, dir, v1, "bench:1") }},
		{"docker save, zstd, ssh, docker load", func() (float64, int64) { return w.peer(t, fmt.Sprintf(stream, "bench:1")) }},
		{"docker export, gzip, scp, docker import (the runbook)", func() (float64, int64) {
			return w.peer(t, `c=$(docker create bench:1 x) && docker export $c | gzip -1 >/tmp/vmqbot-bench.gz; docker rm $c >/dev/null; far 'cat >bench.gz' </tmp/vmqbot-bench.gz && far 'docker import bench.gz bench:1; rm bench.gz'; rm /tmp/vmqbot-bench.gz`)
		}},
	}
	var all []figure
	for _, c := range cold {
		w.forget(t, v1, v2, "bench:1")
		ms, moved := c.take()
		all = append(all, figure{name: fmt.Sprintf("cold: %s, %.1f MB", c.name, float64(moved)/1e6), ms: []float64{ms}})
	}
	table(t, "Image to a cold host", all)

	w.forget(t, v1, v2, "bench:1")
	w.ours(t, dir, v1, "bench:1")
	ms, moved := w.ours(t, dir, v1, "bench:1")
	table(t, "Image that is there", []figure{{name: fmt.Sprintf("image ship, %.3f MB", float64(moved)/1e6), ms: []float64{ms}}})

	changed := []figure{}
	ms, moved = w.ours(t, dir, v2, "bench:2")
	changed = append(changed, figure{name: fmt.Sprintf("image ship, %.1f MB", float64(moved)/1e6), ms: []float64{ms}})
	w.forget(t, v2)
	ms, moved = w.peer(t, fmt.Sprintf(stream, "bench:2"))
	changed = append(changed, figure{name: fmt.Sprintf("docker save, zstd, ssh, docker load, %.1f MB", float64(moved)/1e6), ms: []float64{ms}})
	table(t, "Image of which one layer changed", changed)

	w.forget(t, v2)
	whole := float64(moved)
	_, plain := w.ours(t, dir, v2, "bench:2")
	w.forget(t, v2)
	begin, cuts := w.jump.Moved(), atomic.Int32{}
	w.jump.Watch(func(now int64) {
		if n := cuts.Load(); n < 3 && now-begin > plain*int64(n+1)/4 {
			cuts.Add(1)
			w.jump.Cut()
		}
	})
	ms, moved = w.ours(t, dir, v2, "bench:2")
	w.jump.Watch(nil)
	table(t, "One layer and three cuts", []figure{{
		name: fmt.Sprintf("image ship, %.1f MB, %.1f %% more than without a cut, %.0f %% of the whole", float64(moved)/1e6, 100*float64(moved-plain)/float64(plain), 100*float64(moved)/whole), ms: []float64{ms},
	}})
}
