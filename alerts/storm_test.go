package alerts_test

import (
	"fmt"
	"testing"
	"time"

	"vmqbot/alerts"
)

// grown gives every region of a play so many nodes.
func grown(p *play, each int) {
	for i := range p.fleet.Regions {
		r := &p.fleet.Regions[i]
		for len(r.Nodes) < each {
			n := r.Nodes[0]
			n.Name = fmt.Sprintf("%s-%d", r.Name, len(r.Nodes)+1)
			r.Nodes = append(r.Nodes, n)
		}
	}
}

// TestWhatAStormIs: two regions whatever their size, or more than a third of the
// nodes; never one node alone, nor what is not critical, made from others or about
// a link.
func TestWhatAStormIs(t *testing.T) {
	for _, c := range []struct {
		name  string
		each  int // nodes in each of the four regions
		found []string
		storm bool
	}{
		{"two of forty nodes, in two regions", 10, []string{"ip cn-1 bad", "ip sg-1 bad"}, true},
		{"two of eight nodes, in one region", 2, []string{"ip cn-1 bad", "ip cn-2 bad"}, false},
		{"three of twelve nodes, in one region", 3, []string{"ip cn-1 bad", "ip cn-2 bad", "ip cn-3 bad"}, false},
		{"one of four nodes", 1, []string{"ip cn-1 bad"}, false},
		{"a warning in another region", 2, []string{"ip cn-1 bad", "veth sg-1 bad", "clock us-1 bad"}, false},
		{"links of another region", 2, []string{"ip cn-1 bad", "mqtt sg-1 us-1 bad", "channel sg-1 us-1 bad"}, false},
		{"messages for it that another region throws away", 2, []string{"ip cn-1 bad", "dropped us-1 bad"}, false},
		{"what cannot be seen in another region", 2, []string{"ip cn-1 bad", "ip sg-1 unknown"}, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := newPlay(t)
			grown(p, c.each)
			p.run(3*time.Minute, func(time.Duration) []string { return c.found })
			if got := p.phase("ip/cn/cn-1").Refusal == alerts.Stormy || p.book.StormSaw; got != c.storm {
				t.Errorf("a storm: %t\n%v", got, p.log)
			}
		})
	}
}

// TestAnEffectCountsForNoStorm: the address in cn is back, and nobody has asked its
// broker again since; what is lost in sg meanwhile is repaired all the same.
func TestAnEffectCountsForNoStorm(t *testing.T) {
	p := newPlay(t)
	p.run(time.Minute, func(time.Duration) []string { return []string{"ip cn-1 bad", "broker cn-1 bad"} })
	p.run(90*time.Second, func(at time.Duration) []string {
		if at < 70*time.Second {
			return []string{"ip cn-1 ok"} // a quick look
		}
		return []string{"ip cn-1 ok", "ip sg-1 bad"}
	})
	if a := p.phase("ip/sg/sg-1"); a.Refusal == alerts.Stormy || p.book.StormSaw || a.Phase != alerts.Healing {
		t.Errorf("%q, %d repairs\n%v", a.Refusal, len(p.orders), p.log)
	}
}

// TestAThirdOfTheNodesIsAStorm, in one region.
func TestAThirdOfTheNodesIsAStorm(t *testing.T) {
	for bad, storm := range map[int]bool{1: false, 2: false, 3: true} {
		p := newPlay(t)
		grown(p, 3)
		p.fleet.Regions = p.fleet.Regions[:2] // six nodes
		var found []string
		for i := range bad {
			found = append(found, fmt.Sprintf("ip cn-%d bad", i+1))
		}
		p.heals = func(time.Duration, alerts.Order) (time.Duration, string) { return time.Hour, "" }
		p.run(time.Minute, func(time.Duration) []string { return found })
		if p.book.StormSaw != storm {
			t.Errorf("%d of six nodes: a storm %t", bad, p.book.StormSaw)
		}
	}
}

// TestADerivedAlertIsNoStorm: what is made from others outlives its cause by a look
// or two.
func TestADerivedAlertIsNoStorm(t *testing.T) {
	p := newPlay(t)
	p.run(3*time.Minute, func(at time.Duration) []string {
		found := []string{"mqtt us-1 cn-1 bad", "mqtt us-1 sg-1 bad", "mqtt us-1 eu-1 bad"}
		if at > 2*time.Minute {
			found = append(found, "ip cn-1 bad")
		}
		return found
	})
	if !p.phase("isolated/us/us-1").Live() {
		t.Fatalf("us-1 is not isolated: %v", p.log)
	}
	if p.book.StormSaw || len(p.orders) == 0 {
		t.Errorf("a storm %t, %d orders\n%v", p.book.StormSaw, len(p.orders), p.log)
	}
}

// TestTheStormEndsThoughTheClockIsSetBack.
func TestTheStormEndsThoughTheClockIsSetBack(t *testing.T) {
	p := newPlay(t)
	p.run(time.Minute, func(time.Duration) []string { return []string{"ip cn-1 bad", "ip sg-1 bad"} })
	p.at -= 8760 * time.Hour
	p.run(p.at+20*time.Minute, func(time.Duration) []string { return []string{"ip cn-1 bad", "ip sg-1 ok"} })
	if len(p.orders) == 0 {
		t.Errorf("it never ended: %v", p.log)
	}
}

// TestAWindowThatComesAgain mutes while it is open and not in between; unsilence
// ends it for good.
func TestAWindowThatComesAgain(t *testing.T) {
	w := alerts.Wish{ID: "4f2a91", Want: alerts.Maintenance, By: "ana", At: noon, For: 2 * time.Hour, Every: "0 2 * * *", Region: "cn"}
	k := alerts.Key{Check: "ip", Region: "cn", Node: "cn-1"}
	heard := alerts.Heard([]alerts.Wish{w})
	night := time.Date(2026, 11, 24, 2, 0, 0, 0, time.UTC)
	for at, want := range map[time.Time]bool{
		noon: false, noon.Add(time.Minute): false, night.Add(-time.Second): false, night: true, night.Add(2*time.Hour - time.Second): true,
		night.Add(2 * time.Hour): false, night.Add(24 * time.Hour): true, night.Add(-24 * time.Hour): false,
	} {
		if _, got := heard.Muting(k, nil, at); got != want {
			t.Errorf("at %s it mutes: %t", at, got)
		}
		if w.Over(at) {
			t.Errorf("at %s it is over", at)
		}
	}
	if until, open := w.Open(night.Add(time.Hour)); !open || !until.Equal(night.Add(2*time.Hour)) {
		t.Errorf("until %s", until)
	}
	ended := alerts.Heard([]alerts.Wish{w, {Want: alerts.Unsilence, Of: "4f2a91", At: noon}})
	if _, still := ended.Muting(k, nil, night); still {
		t.Error("it was ended and still mutes")
	}
	w.Every = "nonsense"
	if _, open := w.Open(night); open {
		t.Error("what cannot be read mutes")
	}
}

// TestSchedules are heard like any wish; what came of each stands beside it.
func TestSchedules(t *testing.T) {
	add := alerts.Wish{ID: "a", Want: alerts.Schedule, Every: "@daily", Line: "restart sg", At: noon}
	heard := alerts.Heard([]alerts.Wish{
		add, {ID: "b", Want: alerts.Schedule, Every: "@daily", Line: "restart eu"},
		{Want: alerts.Ran, Of: "a", Due: noon, Reason: ""}, {Want: alerts.Ran, Of: "a", Due: noon, Reason: "done"},
		{Want: alerts.Unschedule, Of: "b"},
	})
	if len(heard.Schedules) != 1 || heard.Schedules[0] != add || heard.Ran["a"].Reason != "done" || len(heard.Mutes) != 0 {
		t.Errorf("%+v", heard)
	}
}
