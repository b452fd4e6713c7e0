package commands

import (
	"strings"
	"testing"
	"time"

	"vmqbot/checks"
	"vmqbot/facts"
	"vmqbot/facts/factstest"
	"vmqbot/ops"
)

// sized has every larger request answered as the small ones were, up to packets
// of 1376 bytes.
func sized(w *facts.Fleet, sizes facts.Sizes) {
	for _, size := range sizes {
		for _, p := range w.Pings {
			if p.Size = size; size == 0 {
				continue
			}
			if e, ok := p.Echo.Get(); ok && size+28 > 1376 {
				e.Received, e.TooLong = 0, 1376
				p.Echo = facts.Saw(e)
			}
			w.Sized = append(w.Sized, p)
		}
	}
}

func TestWhatStalls(t *testing.T) {
	f := fleet(t)
	lost := func(size int, from, to string) func(*facts.Fleet) {
		return func(w *facts.Fleet) {
			for _, list := range [][]facts.Ping{w.Pings, w.Sized} {
				for i, p := range list {
					if p.Size >= size && p.From == from && p.To == to {
						list[i].Echo = facts.Saw(facts.Echo{Sent: 3})
					}
				}
			}
		}
	}
	cut := func(mtu int) func(*facts.Fleet) { // as with busybox's ping, and weave's word for what fits
		return func(w *facts.Fleet) {
			for i, p := range w.Sized {
				w.Sized[i].Echo = facts.Saw(facts.Echo{Sent: 3, Received: 3, Avg: 180 * time.Millisecond, MayBeCut: p.From == "cn-1" && p.To == "us-1"})
			}
			here, _ := w.Nodes["cn-1"].Weave.Get()
			there, _ := w.Nodes["us-1"].Weave.Get()
			for i, c := range here.Connections {
				if c.PeerName == there.Name {
					here.Connections[i].MTU = mtu
				}
			}
		}
	}
	for _, c := range []struct {
		name    string
		breaks  func(*facts.Fleet)
		row     string // of cn-1 in the table of 1348 bytes
		says    string
		verdict checks.Verdict
	}{
		{"all of them pass", func(*facts.Fleet) {}, "cn-1 - 180 ms 180 ms 180 ms", "over 1376", checks.OK},
		{"large ones do not", lost(1348, "cn-1", "us-1"), "cn-1 - 180 ms stalls 180 ms", "cn-1 -> us-1: small packets come back and these do not (F12)", checks.Bad},
		{"none does", lost(0, "cn-1", "us-1"), "cn-1 - 180 ms lost 180 ms", "Type: diagnose us-1", checks.Bad},
		{"cut up, and it fits", cut(1376), "cn-1 - 180 ms 180 ms 180 ms", "cn-1 - 180 ms over 1376 180 ms", checks.OK},
		{"cut up, and it does not fit", cut(1375), "cn-1 - 180 ms over 1375 180 ms", "", checks.OK},
		{"cut up, and nobody says what fits", cut(0), "cn-1 - 180 ms ? 180 ms", "cannot keep packets whole, and weave does not say what fits. Type: network status cn-1", checks.Unknown},
		{"it could not be tried", func(w *facts.Fleet) { w.Sized = nil }, "cn-1 - ? ? ?", "not tried", checks.Unknown},
	} {
		w := factstest.Healthy(f)
		_, r, err := Parse(strings.Fields("ping cn --sizes"), f)
		if err != nil {
			t.Fatal(err)
		}
		sized(&w, sizesOf(r))
		c.breaks(&w)
		v, err := viewPing(r, ops.World{Fleet: f, Seen: w})
		if err != nil {
			t.Fatal(err)
		}
		_, table, _ := strings.Cut(v.Text, "1348 bytes")
		table, _, _ = strings.Cut(table, "1410 bytes")
		if flat := strings.Join(strings.Fields(table), " "); !strings.Contains(flat, c.row) || !strings.Contains(strings.Join(strings.Fields(v.Text), " "), c.says) || v.Verdict != c.verdict {
			t.Errorf("%s: %s\n%s", c.name, v.Verdict, v.Text)
		}
	}
}
