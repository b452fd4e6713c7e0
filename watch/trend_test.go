package watch_test

import (
	"bytes"
	"flag"
	"image/png"
	"math/rand/v2"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"vmqbot/alerts"
	"vmqbot/facts"
	"vmqbot/facts/factstest"
	"vmqbot/vernemq"
)

// seeds is how many days are lived through; each is another one.
var seeds = flag.Uint64("seeds", 1, "how many days a network that loses a little is watched")

// lossy is a network that loses this part of all that is sent over it: messages,
// single packets, and whole looks of them, each by chance. worse loses a third
// of the packets between cn-1 and sg-1.
type lossy struct {
	*rand.Rand
	part    float64
	worse   bool
	dropped float64 // what cn-1 counts as dropped
}

// noise is one look through such a network.
func (l *lossy) noise(seen *facts.Fleet) {
	seen.At = time.Now().UTC()
	for name := range seen.Nodes {
		factstest.Edit(seen, name, func(n *facts.Node) {
			h, ok := n.Host.Get()
			if !ok {
				return
			}
			h.Clock = seen.At
			n.Host = facts.Saw(h)
			v, _ := n.Vitals.Get()
			m := map[string]float64{"cluster_bytes_dropped": 0, "netsplit_detected": 3, "netsplit_resolved": 2}
			if name == "cn-1" {
				m["cluster_bytes_dropped"] = l.dropped
			}
			v.Metrics = facts.Saw(vernemq.Metrics(m))
			n.Vitals = facts.Saw(v)
		})
	}
	for i := range seen.Crossings {
		if c := &seen.Crossings[i]; c.From != c.To && l.Float64() < l.part {
			c.Delivered = facts.Missed[time.Duration](facts.TooLate, "published and acknowledged, and nothing came in 5s")
		}
	}
	for i := range seen.Pings {
		p := &seen.Pings[i]
		e := facts.Echo{Sent: 3}
		whole := l.Float64() < l.part
		for range 3 {
			third := l.worse && p.From+p.To == "cn-1sg-1" && l.Float64() < 1./3
			if !whole && !third && l.Float64() >= l.part {
				e.Received++
			}
		}
		if e.Received > 0 {
			e.Avg = time.Duration((180 + 20*l.NormFloat64()) * float64(time.Millisecond))
		}
		p.Echo = facts.Saw(e)
	}
}

// TestALossyDayIsSilent: on twelve links that lose one message, one packet and
// one whole look in a hundred, nothing is said for a day. Then a link gets
// worse, and that is said, once.
func TestALossyDayIsSilent(t *testing.T) {
	t.Parallel()
	for seed := range *seeds {
		synctest.Test(t, func(t *testing.T) {
			w := newWorld(t)
			l := &lossy{Rand: rand.New(rand.NewPCG(seed, 6)), part: 0.01}
			w.noise = l.noise
			if links := len(w.fleet.Nodes()) * (len(w.fleet.Nodes()) - 1); links != 12 {
				t.Fatalf("%d links", links)
			}
			end := w.run(w.watch)
			time.Sleep(24 * time.Hour)
			if w.spoke() > 0 {
				t.Fatalf("seed %d: %d false alarms\n%s", seed, w.spoke(), w.story())
			}
			w.set(func() { l.worse = true })
			time.Sleep(20 * time.Minute)
			end()
			posts := w.heard(alerts.Post)
			threads := w.heard(alerts.Thread)
			if len(posts) != 1 || posts[0].say.Group != "loss/cn" || len(threads) != 1 || threads[0].say.ID.Key.Where() != "cn-1--sg-1" {
				t.Errorf("seed %d: a third of the packets is lost, and told is\n%s", seed, w.story())
			}
		})
	}
}

// TestWhatIsDroppedIsTold by the difference of two looks, and is over when the
// counter rests.
func TestWhatIsDroppedIsTold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		l := &lossy{Rand: rand.New(rand.NewPCG(1, 1)), dropped: 71379}
		w.noise = l.noise
		end := w.run(w.watch)
		time.Sleep(30 * time.Minute)
		if w.spoke() > 0 {
			t.Fatalf("an old loss was told:\n%s", w.story())
		}
		w.set(func() { l.dropped += 7074 })
		time.Sleep(2 * time.Minute)
		posts := w.heard(alerts.Post)
		if len(posts) != 1 || posts[0].say.Group != "dropped/cn" {
			t.Fatalf("not told:\n%s", w.story())
		}
		time.Sleep(15 * time.Minute)
		end()
		if last := w.heard(alerts.Update); len(last) == 0 || !last[len(last)-1].m.Over {
			t.Errorf("it does not end:\n%s", w.story())
		}
	})
}

// TestTheGraphOfALink is a picture once something was measured, and a sentence
// before.
func TestTheGraphOfALink(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.noise = (&lossy{Rand: rand.New(rand.NewPCG(1, 1)), part: 0.05}).noise
		if _, err := w.watch.Graph(t.Context(), "loss/cn/cn-1--sg-1"); err == nil || !strings.Contains(err.Error(), "no link of cn-1--sg-1 was measured") {
			t.Error(err)
		}
		end := w.run(w.watch)
		time.Sleep(10 * time.Minute)
		sizes := map[string]int{}
		for _, key := range []string{"loss/cn/cn-1--sg-1", "ip/cn/cn-1"} {
			raw, err := w.watch.Graph(t.Context(), key)
			if err != nil {
				t.Fatal(err)
			}
			img, err := png.Decode(bytes.NewReader(raw))
			if err != nil {
				t.Fatal(err)
			}
			sizes[key] = img.Bounds().Dy()
		}
		if sizes["ip/cn/cn-1"] <= sizes["loss/cn/cn-1--sg-1"] {
			t.Errorf("the six links of a node are drawn in no more rows than the two of a link: %v", sizes)
		}
		if _, err := w.watch.Graph(t.Context(), "no key"); err == nil || !strings.Contains(err.Error(), "names no alert") {
			t.Error(err)
		}
		end()
	})
}
