package watch_test

import (
	"path/filepath"
	"slices"
	"testing"
	"time"

	"vmqbot/alerts"
	"vmqbot/checks"
	"vmqbot/facts"
	"vmqbot/facts/factstest"
	"vmqbot/store"
)

// BenchmarkTurn is what one look at 200 nodes costs after the hosts have answered: to
// judge it, to fold it, and to keep it; where all is well, and where no two nodes are
// joined.
func BenchmarkTurn(b *testing.B) {
	for name, joined := range map[string]bool{"healthy": true, "unjoined": false} {
		b.Run(name, func(b *testing.B) {
			w := newWorld(b)
			w.grow(200, false)
			at8 := map[string]int{}
			for i, n := range w.fleet.Nodes() {
				at8[n.Name] = i / 8
			}
			w.seen.Crossings = slices.DeleteFunc(w.seen.Crossings, func(c facts.Crossing) bool { // as one sweep samples them
				return at8[c.From] != at8[c.To]
			})
			if !joined {
				for _, n := range w.fleet.Nodes() {
					factstest.Edit(&w.seen, n.Name, func(f *facts.Node) {
						ns, _ := f.Netns.Get()
						ns.Sockets = slices.DeleteFunc(slices.Clone(ns.Sockets), func(s facts.Socket) bool { return s.State == facts.Established })
						f.Netns = facts.Saw(ns)
					})
				}
			}
			st, err := store.Open(b.Context(), filepath.Join(b.TempDir(), "bot.db"), clock{})
			if err != nil {
				b.Fatal(err)
			}
			defer st.Close() //nolint:errcheck // of a benchmark
			book, err := st.Book(b.Context())
			if err != nil {
				b.Fatal(err)
			}
			var judge, turn, keep time.Duration
			now := time.Now()
			for b.Loop() {
				at := time.Now()
				found := checks.Judge(w.fleet, w.seen, w.fleet.Nodes())
				found = slices.DeleteFunc(found, func(o checks.Observation) bool { return o.Check == "mqtt" && at8[o.Node] != at8[o.Peer] })
				judged := time.Now()
				now = now.Add(30 * time.Second)
				next, says, _ := alerts.Turn(book, alerts.Look{Fleet: w.fleet, Found: found, Now: now})
				turned := time.Now()
				if err := st.SaveTurn(b.Context(), book, next, says); err != nil {
					b.Fatal(err)
				}
				book = next
				judge, turn, keep = judge+judged.Sub(at), turn+turned.Sub(judged), keep+time.Since(turned)
			}
			for what, d := range map[string]time.Duration{"judge": judge, "turn": turn, "keep": keep} {
				b.ReportMetric(d.Seconds()/float64(b.N), what+"-s/op")
			}
			b.ReportMetric(float64(len(book.Alerts)), "alerts")
		})
	}
}
