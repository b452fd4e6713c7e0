package alerts_test

import (
	"strings"
	"testing"
	"time"

	"vmqbot/alerts"
	"vmqbot/checks"
)

// TestOneCauseIsToldOnce: the port explains the message that does not arrive.
func TestOneCauseIsToldOnce(t *testing.T) {
	p := newPlay(t)
	p.fleet.Checks.Heal["port"] = "off"
	p.run(5*time.Minute, func(time.Duration) []string {
		return []string{"port cn-1 bad", "mqtt sg-1 cn-1 bad", "mqtt us-1 cn-1 bad", "mqtt eu-1 cn-1 bad", "mqtt sg-1 us-1 ok"}
	})
	if p.ops[alerts.Post] > 2 {
		t.Errorf("%v", p.log)
	}
	p = newPlay(t)
	p.fleet.Checks.Heal["port"] = "off"
	p.run(2*time.Minute, func(time.Duration) []string { return []string{"port cn-1 bad"} })
	p.run(9*time.Minute, func(time.Duration) []string { return []string{"port cn-1 bad", "mqtt sg-1 cn-1 bad"} })
	if p.ops[alerts.Post] != 1 || !p.phase("mqtt/cn/cn-1--sg-1").Live() {
		t.Errorf("%v", p.log)
	}
}

// TestAnIsolatedNodeAbsorbsItsLinks: one message and not one for each region.
func TestAnIsolatedNodeAbsorbsItsLinks(t *testing.T) {
	p := newPlay(t)
	p.run(5*time.Minute, func(time.Duration) []string {
		return []string{"mqtt us-1 cn-1 bad", "mqtt us-1 sg-1 bad", "mqtt us-1 eu-1 bad", "mqtt cn-1 sg-1 ok", "mqtt cn-1 eu-1 ok", "mqtt sg-1 eu-1 ok"}
	})
	if p.ops[alerts.Post] != 1 || !strings.Contains(strings.Join(p.log, "\n"), "post isolated/us/1") {
		t.Errorf("%v", p.log)
	}
}

// TestAGroupIsOneMessage: three containers of one region, and one of another.
func TestAGroupIsOneMessage(t *testing.T) {
	p := newPlay(t)
	p.fleet.Checks.Heal["ip"] = "off"
	for _, name := range []string{"cn-2", "cn-3"} {
		n := p.fleet.Regions[0].Nodes[0]
		n.Name = name
		p.fleet.Regions[0].Nodes = append(p.fleet.Regions[0].Nodes, n)
	}
	p.run(time.Minute, func(at time.Duration) []string {
		found := []string{"ip cn-1 bad", "ip cn-2 bad", "ip sg-1 ok"}
		if at > 20*time.Second {
			found = append(found, "ip cn-3 bad")
		}
		return found
	})
	m, ok := p.book.Message("ip/cn", 1, alerts.Wishes{}, p.now())
	if p.lines(" post ip/cn/") != 1 || !ok || len(m.Rows) != 3 || m.Over || len(m.Also) == 0 {
		t.Errorf("%+v\n%v", m, p.log)
	}
}

func TestAStormIsBraked(t *testing.T) {
	p := newPlay(t)
	p.run(5*time.Minute, func(time.Duration) []string { return []string{"ip cn-1 bad", "ip sg-1 bad", "ip us-1 bad"} })
	if len(p.orders) != 0 || p.phase("ip/cn/cn-1").Refusal != alerts.Stormy {
		t.Errorf("%q %v", p.phase("ip/cn/cn-1").Refusal, p.log)
	}
	// Calm must last ten minutes.
	p.run(14*time.Minute, func(time.Duration) []string { return []string{"ip cn-1 bad", "ip sg-1 ok", "ip us-1 ok"} })
	if len(p.orders) != 0 {
		t.Errorf("too soon: %v", p.log)
	}
	p.run(17*time.Minute, func(time.Duration) []string { return []string{"ip cn-1 bad", "ip sg-1 ok", "ip us-1 ok"} })
	if len(p.orders) == 0 {
		t.Errorf("never: %v", p.log)
	}
}

// TestAStormIsToldAsOneThing: it alone calls people, and each alert in it has its
// message. What outlasts it calls for itself, from the first step on.
func TestAStormIsToldAsOneThing(t *testing.T) {
	p := newPlay(t)
	three := func(time.Duration) []string {
		return []string{"ip cn-1 bad", "ip sg-1 bad", "ip us-1 bad", "ip eu-1 ok"}
	}
	p.run(40*time.Minute, three)
	if p.ops[alerts.Post] != 4 || p.lines("post ip/") != 3 || p.lines("page storm/fleet/1 fleet") != 4 || p.lines(" page ") != 4 {
		t.Errorf("%s", strings.Join(p.log, "\n"))
	}
	p.says("firing: 3 of 4 nodes are bad: cn-1, sg-1, us-1")
	m, ok := p.book.Message("storm/fleet", 1, alerts.Wishes{}, p.now())
	if !ok || m.Severity != checks.Critical || !strings.Contains(m.Rows[0].Found.NoRepair, "type diagnose all") || !strings.Contains(m.Rows[0].Found.Effect, "repairs nothing by itself until 10 minutes") {
		t.Errorf("%+v", m)
	}
	if !strings.Contains(p.log[0], "post storm/fleet/1") {
		t.Errorf("it is not told first: %s", p.log[0])
	}
	p.log = nil
	p.run(42*time.Minute, func(time.Duration) []string { return []string{"ip cn-1 bad", "ip sg-1 ok", "ip us-1 ok"} })
	if p.lines("page ip/cn/1 cn-1 on-call") != 1 || p.lines(" page ") != 1 || p.lines("stop-page storm/fleet/1") != 1 {
		t.Errorf("%s", strings.Join(p.log, "\n"))
	}
}

// TestWhoWasCalledBeforeAStorm is not called again by the same alert after it.
func TestWhoWasCalledBeforeAStorm(t *testing.T) {
	p := newPlay(t)
	p.fleet.Checks.Heal["ip"] = "off"
	p.run(time.Minute, ipBad("cn-1", 0, ever))
	p.run(4*time.Minute, func(time.Duration) []string { return []string{"ip cn-1 bad", "ip sg-1 bad"} })
	p.run(5*time.Minute, func(time.Duration) []string { return []string{"ip cn-1 bad", "ip sg-1 ok"} })
	if p.lines("page ip/cn/1 cn-1 on-call") != 1 || p.lines(" page storm/fleet/1") != 1 || p.lines(" page ") != 2 {
		t.Errorf("%s", strings.Join(p.log, "\n"))
	}
	p.run(6*time.Minute, func(time.Duration) []string { return []string{"ip cn-1 bad"} })
	if p.lines("page ip/cn/1 cn-1 first") != 1 {
		t.Errorf("its escalation does not go on: %s", strings.Join(p.log, "\n"))
	}
}

// TestNoStormIsTold of what a silence, a window or an operation mutes, nor while
// nothing may be said about the storm itself: then each alert calls by itself.
func TestNoStormIsTold(t *testing.T) {
	two := func(time.Duration) []string { return []string{"ip cn-1 bad", "ip sg-1 bad"} }
	for name, change := range map[string]func(*play){
		"a silence of one": func(p *play) { p.wishes = []alerts.Wish{silence(0, time.Hour, "sg")} },
		"work on one":      func(p *play) { p.around = busyIn("sg") },
		"a silence of it": func(p *play) {
			p.wishes = []alerts.Wish{{Want: alerts.Silence, Check: alerts.Storm, At: noon, For: time.Hour}}
		},
		"an effect of a dead host": nil,
	} {
		p, world := newPlay(t), two
		if change == nil {
			world = func(time.Duration) []string { return []string{"host cn-1 bad", "ip cn-1 bad", "port cn-1 bad"} }
		} else {
			change(p)
		}
		p.run(5*time.Minute, world)
		if p.lines("storm/fleet") > 0 || p.lines(" page ") == 0 {
			t.Errorf("%s: %s", name, strings.Join(p.log, "\n"))
		}
	}
}

func busyIn(region string) func(time.Duration, *alerts.Look) {
	return func(_ time.Duration, l *alerts.Look) {
		l.Around.Busy, l.Busy = map[string]string{region: "deploy " + region}, map[string]bool{region: true}
	}
}

func TestEscalation(t *testing.T) {
	p := newPlay(t)
	p.fleet.Checks.Heal["ip"] = "off"
	p.run(9*time.Hour, ipBad("cn-1", 0, ever))
	p.wants(1, 0, 2, 9, 0, 0) // four steps and five rounds; and it is told again once
	for _, whom := range []alerts.Whom{alerts.OnCall, alerts.First, alerts.Second, alerts.Managers, alerts.Everyone} {
		if !strings.Contains(strings.Join(p.log, "\n"), string(whom)) {
			t.Errorf("%s was never paged", whom)
		}
	}
}

func TestAnAcknowledgementStopsPages(t *testing.T) {
	p := newPlay(t)
	p.fleet.Checks.Heal["ip"] = "off"
	p.run(6*time.Minute, ipBad("cn-1", 0, ever))
	p.wishes = []alerts.Wish{{Want: alerts.Ack, By: "ana", At: p.now(), Of: "ip/cn/cn-1#1"}}
	p.run(3*time.Hour, ipBad("cn-1", 0, ever))
	p.wants(1, 1, 2, 2, 1, 0)
	m, _ := p.book.Message("ip/cn", 1, alerts.Heard(p.wishes), p.now())
	if m.Rows[0].Acked != "ana" {
		t.Errorf("%+v", m)
	}
	p.run(4*time.Hour, ipBad("cn-1", 0, 0))
	p.run(5*time.Hour, ipBad("cn-1", 0, ever)) // a new trouble is not acknowledged
	if p.ops[alerts.Page] < 3 {
		t.Errorf("%v", p.log)
	}
}

func TestTheKillSwitch(t *testing.T) {
	p := newPlay(t)
	p.wishes = []alerts.Wish{{Want: alerts.AutohealOff, Region: "cn", By: "ana", At: noon}}
	p.run(2*time.Minute, ipBad("cn-1", 0, ever))
	if len(p.orders) != 0 || p.phase("ip/cn/cn-1").Refusal != alerts.ByHand {
		t.Errorf("%v", p.log)
	}
	p.wishes = append(p.wishes, alerts.Wish{Want: alerts.AutohealOn, At: p.now()})
	p.run(140*time.Second, ipBad("cn-1", 0, ever))
	if len(p.orders) != 1 {
		t.Errorf("%v", p.log)
	}
}

// TestANodeThatLeavesTheFileIsOver, and is told so.
func TestANodeThatLeavesTheFileIsOver(t *testing.T) {
	p := newPlay(t)
	p.fleet.Checks.Heal["ip"] = "off"
	p.run(2*time.Minute, ipBad("eu-1", 0, ever))
	p.fleet.Regions = p.fleet.Regions[:3]
	p.run(5*time.Minute, func(time.Duration) []string { return []string{"ip cn-1 ok"} })
	p.wants(1, 1, 2, 1, 1, 0)
}

func TestKeys(t *testing.T) {
	for s, ok := range map[string]bool{
		"ip/cn/cn-1": true, "channel/cn/cn-1--sg-1": true, "ip": false, "ip/cn": false, "ip//cn-1": false, "ip/cn/--": false, "ip/cn/cn-1--": false, "a/b/c/d": false,
	} {
		k, got := alerts.ParseKey(s)
		if got != ok || ok && k.String() != s {
			t.Errorf("%q: %v %v", s, k, got)
		}
	}
}

func TestCoalesce(t *testing.T) {
	id := alerts.ID{Key: alerts.Key{Check: "ip", Region: "cn", Node: "cn-1"}, Seq: 1}
	say := func(op alerts.Op, seq int64) alerts.Say {
		return alerts.Say{Op: op, Seq: seq, Group: "ip/cn", Episode: 1, ID: id}
	}
	kept, dropped := alerts.Coalesce([]alerts.Say{
		say(alerts.Post, 1), say(alerts.Page, 2), say(alerts.Update, 3), say(alerts.Thread, 4), say(alerts.Page, 5), say(alerts.Update, 6), say(alerts.StopPage, 7),
	})
	if len(kept) != 4 || kept[0].Seq != 1 || kept[1].Seq != 4 || kept[2].Seq != 6 || kept[3].Seq != 7 || len(dropped) != 3 {
		t.Errorf("%+v\n%+v", kept, dropped)
	}
}
