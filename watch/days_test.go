package watch_test

import (
	"flag"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"vmqbot/alerts"
	"vmqbot/regions"
)

var (
	losses = flag.Int("losses", 3, "how often TestLossesOfASimulatedFleet restarts a container")
	spaced = flag.Int("spaced", 20, "how many losses TestLossesFarApart makes")
	hours  = flag.Int("hours", 1, "how long TestALossyFleetIsSilent watches")
)

// TestLossesOfASimulatedFleet: containers are restarted, an address is lost each
// time, far enough apart that each is a trouble of its own and that the rails allow
// its repair. Each is told within 3 s of the container's start, its address is back
// within 3 s, and 2 s after the broker's own start all is proven; each is one message
// and one repair. These are the waits of the bot and its fleet; processors cost
// nothing in the bubble.
func TestLossesOfASimulatedFleet(t *testing.T) {
	t.Parallel()
	const start = 5 * time.Second // of a broker, from its container's start
	synctest.Test(t, func(t *testing.T) {
		h, end := newHouse(t, func(f *regions.Fleet) {
			f.Checks.Budget.Hour, f.Checks.Budget.Day = 10, 200
		})
		defer end()
		time.Sleep(20 * time.Second) // the first sweep is hardly over
		var told, back, proven []time.Duration
		for i := range *losses {
			node := h.fleet.Nodes()[i%4]
			h.do("exec", node.Region, "docker", "restart", node.Container)
			began := time.Now()
			h.until("address of "+node.Name, time.Minute, func() bool { return !strings.Contains(h.do("status"), "lacks") })
			back = append(back, time.Since(began))
			h.until("the end of the repair", time.Minute, func() bool { return h.repaired(node.Name).After(began) })
			proven = append(proven, h.repaired(node.Name).Sub(began))
			time.Sleep(alerts.RuleOf("ip").ReopenFor + 2*time.Minute)
			posts, repairs := h.heard(alerts.Post), h.lines("repairing by itself")
			if len(posts) != i+1 || repairs != i+1 || h.lines("resolved after") != i+1 {
				t.Fatalf("after %d losses: %d messages, %d repairs\n%s", i+1, len(posts), repairs, h.story())
			}
			told = append(told, posts[i].at.Sub(began))
		}
		for what, row := range map[string]struct {
			of    []time.Duration
			limit time.Duration
		}{"told": {told, 3 * time.Second}, "address back": {back, 3 * time.Second}, "proven": {proven, start + 2*time.Second}} {
			slices.Sort(row.of)
			t.Logf("%-13s median %v, worst %v of %d", what, row.of[len(row.of)/2], row.of[len(row.of)-1], len(row.of))
			if row.of[len(row.of)-1] > row.limit {
				t.Errorf("%s: the worst is %v after the container's start; wanted are %v", what, row.of[len(row.of)-1], row.limit)
			}
		}
	})
}

// repaired is when the last repair of a node ended; zero before the first.
func (h *house) repaired(node string) (last time.Time) {
	book, _ := h.watch.Snapshot()
	for _, t := range book.Tries[node] {
		if t.Ended.After(last) {
			last = t.Ended
		}
	}
	return last
}

// lines is how many lines of threads say something.
func (h *house) lines(saying string) (n int) {
	for _, s := range h.heard(alerts.Thread) {
		if strings.Contains(s.say.Text, saying) {
			n++
		}
	}
	return n
}

// TestALossyFleetIsSilent: every line between two hosts loses a packet in a hundred,
// and for hours nothing is said.
func TestALossyFleetIsSilent(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h, end := newHouse(t, nil)
		defer end()
		nodes := h.fleet.Nodes()
		for i, a := range nodes {
			for _, b := range nodes[:i] {
				h.do("lose", a.Region, b.Region, "1")
			}
		}
		time.Sleep(time.Duration(*hours) * time.Hour)
		if h.spoke() > 0 {
			t.Errorf("false alarms:\n%s", h.story())
		}
	})
}
