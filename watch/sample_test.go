package watch_test

import (
	"context"
	"fmt"
	"net/netip"
	"testing"
	"testing/synctest"
	"time"

	"vmqbot/facts"
	"vmqbot/facts/factstest"
	"vmqbot/regions"
)

// grow gives the fleet of a world so many nodes, each two of which share a host when
// shared.
func (w *world) grow(nodes int, shared bool) {
	r := &w.fleet.Regions[0]
	for i := len(w.fleet.Nodes()) + 1; len(w.fleet.Nodes()) < nodes; i++ {
		n := r.Nodes[0]
		n.Name = fmt.Sprintf("cn-x%d", i)
		n.Container = "vernemq-release-" + n.Name
		n.Address = netip.PrefixFrom(netip.AddrFrom4([4]byte{10, 0, 0, byte(100 + i)}), 24)
		n.Host = fmt.Sprintf("h%d.example.net", i)
		if shared {
			n.Host = fmt.Sprintf("h%d.example.net", i/2)
		}
		r.Nodes = append(r.Nodes, n)
	}
	w.seen = factstest.Healthy(w.fleet)
}

// groups is a looker that sees only the nodes that it was asked for, and notes them.
type groups struct {
	*world
	asked [][]regions.Node
	pings bool
}

func (g *groups) Look(ctx context.Context, nodes []regions.Node, need facts.Need) facts.Fleet {
	whole := g.world.Look(ctx, nodes, need)
	in := map[string]bool{}
	seen := facts.Fleet{At: whole.At, Nodes: map[string]facts.Node{}}
	for _, n := range nodes {
		in[n.Name] = true
		seen.Nodes[n.Name] = whole.Nodes[n.Name]
	}
	for _, c := range whole.Crossings {
		if in[c.From] && in[c.To] {
			seen.Crossings = append(seen.Crossings, c)
		}
	}
	g.set(func() {
		if need.Broker != 0 {
			g.asked, g.pings = append(g.asked, nodes), g.pings || need.Pings
		}
	})
	return seen
}

// TestALargeFleetIsSampled: each sweep looks at every host once and sends a bounded
// number of messages from each node; after as many sweeps as there are blocks every
// node has sent one to every other.
func TestALargeFleetIsSampled(t *testing.T) {
	for _, c := range []struct {
		nodes, sweeps int
		shared        bool
	}{{20, 5, false}, {9, 3, false}, {17, 5, false}, {20, 5, true}} {
		synctest.Test(t, func(t *testing.T) {
			w := newWorld(t)
			w.grow(c.nodes, c.shared)
			g := &groups{world: w}
			w.watch.Service.Looker, w.deaf = g, true
			end := w.run(w.watch)
			time.Sleep(time.Duration(c.sweeps-1)*30*time.Second + 20*time.Second)
			end()
			pairs, looked, messages := map[[2]string]bool{}, map[string]int{}, 0
			for _, group := range g.asked {
				hosts := map[string]bool{}
				for _, a := range group {
					hosts[a.Host] = true
					for _, b := range group {
						pairs[[2]string{a.Name, b.Name}] = true
						messages++
					}
				}
				for h := range hosts {
					looked[h]++
				}
			}
			if want := c.nodes * c.nodes; len(pairs) != want || g.pings {
				t.Errorf("%+v: %d of %d pairs were asked, pings %t", c, len(pairs), want, g.pings)
			}
			if most := c.sweeps * c.nodes * 10; messages > most {
				t.Errorf("%+v: %d messages in %d sweeps, at most %d wanted", c, messages, c.sweeps, most)
			}
			for h, n := range looked {
				if n != c.sweeps {
					t.Errorf("%+v: %s was looked at %d times in %d sweeps", c, h, n, c.sweeps)
				}
			}
			if w.spoke() > 0 {
				t.Errorf("%+v: %s", c, w.story())
			}
		})
	}
}
