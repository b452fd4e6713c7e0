package watch_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"vmqbot/alerts"
	"vmqbot/facts"
	"vmqbot/facts/factstest"
	"vmqbot/regions"
)

// TestALossSoonAfterTheBeginning of a watch is told as soon as any later one, also
// where the first sweep, which asks the brokers everything, takes half a minute.
func TestALossSoonAfterTheBeginning(t *testing.T) {
	for _, after := range []time.Duration{1, 3, 5, 10, 20, 25} {
		synctest.Test(t, func(t *testing.T) {
			w := newWorld(t)
			w.watch.Service.Looker = late{w, func() time.Duration { return 28 * time.Second }}
			end := w.run(w.watch)
			defer end()
			time.Sleep(after * time.Second)
			w.lose()
			time.Sleep(3 * time.Second)
			if posts := w.heard(alerts.Post); len(posts) != 1 || posts[0].say.Group != "ip/cn" {
				t.Errorf("lost %d s after the beginning, and not told within 3 s:\n%s", after, w.story())
			}
		})
	}
}

// hanging is a looker whose looks at one host end only with their deadline.
type hanging struct {
	*world
	node string
}

func (h hanging) Look(ctx context.Context, nodes []regions.Node, need facts.Need) facts.Fleet {
	for _, n := range nodes {
		if n.Name == h.node {
			select {
			case <-ctx.Done():
			case <-time.After(20 * time.Second):
			}
		}
	}
	seen := h.world.Look(ctx, nodes, need)
	factstest.Dead(&seen, h.node)
	return seen
}

// TestAHostThatHangs holds up no other: what is lost elsewhere is told as soon as
// ever, and the host that hangs is told as well.
func TestAHostThatHangs(t *testing.T) {
	for _, after := range []time.Duration{0, 15, 40, 50, 60, 300} {
		synctest.Test(t, func(t *testing.T) {
			w := newWorld(t)
			w.watch.Service.Looker = hanging{w, "eu-1"}
			end := w.run(w.watch)
			defer end()
			time.Sleep(after * time.Second)
			w.lose()
			time.Sleep(5 * time.Second) // of which two are patience
			if !w.toldOf("ip/cn") {
				t.Errorf("lost %d s after the beginning, and not told within 5 s:\n%s", after, w.story())
			}
			time.Sleep(max(0, 85-after) * time.Second)
			if !w.toldOf("host/eu") {
				t.Errorf("the host that hangs is not told:\n%s", w.story())
			}
		})
	}
}

// toldOf reports whether a message of a group was posted.
func (w *world) toldOf(group string) bool {
	for _, p := range w.heard(alerts.Post) {
		if p.say.Group == group {
			return true
		}
	}
	return false
}
