package alerts_test

import (
	"testing"
	"time"

	"vmqbot/alerts"
)

const ever = 1000 * time.Hour

// TestALostAddressIsHealed: told once, repaired once, and closed in place.
func TestALostAddressIsHealed(t *testing.T) {
	p := newPlay(t)
	healed := ever
	p.heals = func(at time.Duration, _ alerts.Order) (time.Duration, string) {
		healed = at + 5*time.Second
		return 5 * time.Second, ""
	}
	p.run(time.Hour, func(at time.Duration) []string { return ipBad("cn-1", 10*time.Minute, healed)(at) })
	p.wants(1, 1, 3, 1, 1, 1)
	p.says("the bot repaired it")
	if a := p.phase("ip/cn/cn-1"); a.Phase != alerts.Resolved || !a.Helped || a.Fired.Sub(a.Since) != time.Second {
		t.Errorf("%+v", a)
	}
}

func TestHealingGivesUp(t *testing.T) {
	p := newPlay(t)
	p.heals = func(time.Duration, alerts.Order) (time.Duration, string) { return 5 * time.Second, "no proof" }
	p.run(40*time.Minute, ipBad("cn-1", 0, ever))
	if len(p.orders) != alerts.PerHour || p.orders[2].Number != 3 {
		t.Errorf("%d orders", len(p.orders))
	}
	p.says("the repair failed: no proof; operation 4f2a91")
	p.says("gave up: tried as often as allowed, and every attempt failed. Tried reattach cn-1 at 12:00:01 UTC, operation 4f2a91: failed, no proof; at 12:00:")
	p.says("failed, no proof. What the last one did: type audit --op 4f2a91. Type: diagnose cn-1, then type reattach cn-1")
	if m, _ := p.book.Message("ip/cn", 1, alerts.Wishes{}, p.now()); m.Rows[0].Failure != "no proof; operation 4f2a91" {
		t.Errorf("the message shows %+v", m.Rows)
	}
	p.run(20*time.Hour, ipBad("cn-1", 0, ever))
	if len(p.orders) != alerts.PerDay {
		t.Errorf("%d orders in a day, want %d", len(p.orders), alerts.PerDay)
	}
	if p.ops[alerts.Post] != 1 {
		t.Error(p.ops)
	}
}

// TestARepairThatHelpsNothing is done, and it is bad as before.
func TestARepairThatHelpsNothing(t *testing.T) {
	p := newPlay(t)
	p.run(40*time.Minute, ipBad("cn-1", 0, ever))
	p.says("the repair did not help")
	p.says("gave up: repaired as often as allowed, and it did not stay so. Tried reattach cn-1 at 12:00:01 UTC, operation 4f2a91: done; at 12:00:")
	if m, _ := p.book.Message("ip/cn", 1, alerts.Wishes{}, p.now()); m.Rows[0].Failure != "" || len(p.orders) != 3 {
		t.Errorf("%d orders, and the message shows %+v", len(p.orders), m.Rows)
	}
}

// TestARepairThatFailedAndWasRight: it ended, and not because of the bot.
func TestARepairThatFailedAndWasRight(t *testing.T) {
	p := newPlay(t)
	p.heals = func(time.Duration, alerts.Order) (time.Duration, string) { return 5 * time.Second, "no proof" }
	p.run(time.Minute, ipBad("cn-1", 0, 6*time.Second))
	p.says("resolved after")
	if p.lines("the bot repaired it") > 0 || p.phase("ip/cn/cn-1").Helped {
		t.Errorf("%v", p.log)
	}
}

func TestUnknownNeverFires(t *testing.T) {
	p := newPlay(t)
	p.run(time.Hour, func(time.Duration) []string { return []string{"ip cn-1 unknown", "host cn-1 ok"} })
	if a := p.phase("ip/cn/cn-1"); a.Phase != alerts.Fine {
		t.Errorf("%+v", a)
	}
	// but that it cannot be seen is told, once
	p.wants(1, 0, 1, 1, 0, 0)
	if a := p.phase("blind/cn/cn-1"); a.Phase != alerts.Firing || a.Last.Evidence != "ip: evidence of ip cn-1 unknown" {
		t.Errorf("%+v", a)
	}
}

// TestUnknownDoesNotCount: bad once, blind for ten minutes, bad once more.
func TestUnknownDoesNotCount(t *testing.T) {
	p := newPlay(t)
	p.run(11*time.Minute, func(at time.Duration) []string {
		if at == 0 {
			return []string{"mqtt cn-1 sg-1 bad"}
		}
		return []string{"mqtt cn-1 sg-1 unknown"}
	})
	p.look("mqtt cn-1 sg-1 bad")
	if a := p.phase("mqtt/cn/cn-1--sg-1"); a.Phase != alerts.Suspect || a.BadRun != 2 {
		t.Errorf("%+v", a)
	}
}

func TestALockedRegionIsNeverHealed(t *testing.T) {
	p := newPlay(t)
	p.around = func(_ time.Duration, l *alerts.Look) { l.Busy = map[string]bool{"cn": true} }
	p.run(10*time.Minute, ipBad("cn-1", 0, ever))
	if len(p.orders) != 0 || p.phase("ip/cn/cn-1").Refusal != alerts.Busy {
		t.Errorf("%d orders, %q", len(p.orders), p.phase("ip/cn/cn-1").Refusal)
	}
}

// TestAnOperationMutesItsRegion: what it breaks is told when it has left it
// broken, and what was told before and ends meanwhile is told at once.
func TestAnOperationMutesItsRegion(t *testing.T) {
	p := newPlay(t)
	p.around = func(at time.Duration, l *alerts.Look) {
		if at >= 5*time.Minute && at < 20*time.Minute {
			l.Around.Busy = map[string]string{"cn": "deploy cn by ana"}
			l.Busy = map[string]bool{"cn": true}
		}
	}
	p.run(19*time.Minute, func(at time.Duration) []string {
		return append(ipBad("cn-1", 6*time.Minute, ever)(at), clashBad(at, time.Minute, 8*time.Minute))
	})
	p.wants(1, 1, 2, 1, 1, 0) // clash alone
	p.run(21*time.Minute, ipBad("cn-1", 0, ever))
	if p.ops[alerts.Post] != 2 || len(p.orders) == 0 {
		t.Errorf("%v", p.log)
	}
}

func clashBad(at, from, until time.Duration) string {
	if at >= from && at < until {
		return "clash cn-1 bad"
	}
	return "clash cn-1 ok"
}

func silence(at, length time.Duration, region string) alerts.Wish {
	return alerts.Wish{ID: "4f2a91", Want: alerts.Silence, By: "ana", At: noon.Add(at), For: length, Region: region, Reason: "moving house"}
}

func TestASilenceEndsWhileItFires(t *testing.T) {
	p := newPlay(t)
	p.fleet.Checks.Heal["ip"] = "suggest"
	p.wishes = []alerts.Wish{silence(0, 20*time.Minute, "cn")}
	p.run(20*time.Minute, ipBad("cn-1", 5*time.Minute, ever))
	p.wants(0, 0, 0, 0, 0, 0)
	p.run(21*time.Minute, ipBad("cn-1", 5*time.Minute, ever))
	p.wants(1, 0, 1, 1, 0, 0)
}

func TestASilenceThatIsTakenBackSpeaksAtOnce(t *testing.T) {
	p := newPlay(t)
	p.wishes = []alerts.Wish{silence(0, 20*time.Minute, "")}
	p.run(6*time.Minute, ipBad("cn-1", 5*time.Minute, ever))
	p.wishes = append(p.wishes, alerts.Wish{Want: alerts.Unsilence, Of: "4f2a91", At: p.now()})
	p.look("ip cn-1 bad")
	p.wants(1, 0, 2, 1, 0, 1) // and what may be healed is healed
}

func TestASilenceHidesAWholeAlert(t *testing.T) {
	p := newPlay(t)
	p.wishes = []alerts.Wish{silence(0, 20*time.Minute, "cn")}
	p.run(30*time.Minute, ipBad("cn-1", 5*time.Minute, 10*time.Minute))
	p.wants(0, 0, 0, 0, 0, 0)
}

// TestASilenceOverATroubleThatComesAgain: what was told before is closed, and
// what is there now is told, when the silence ends.
func TestASilenceOverATroubleThatComesAgain(t *testing.T) {
	p := newPlay(t)
	p.fleet.Checks.Heal["ip"] = "off"
	p.wishes = []alerts.Wish{silence(2*time.Minute, 58*time.Minute, "cn")}
	p.run(59*time.Minute, func(at time.Duration) []string {
		if at < 5*time.Minute || at > 40*time.Minute {
			return []string{"ip cn-1 bad"}
		}
		return []string{"ip cn-1 ok"}
	})
	p.wants(1, 0, 1, 1, 1, 0)
	p.run(61*time.Minute, ipBad("cn-1", 0, ever))
	p.wants(2, 1, 3, 2, 1, 0)
	p.says("it ended while nothing was said about it")
	if m, ok := p.book.Message("ip/cn", 2, alerts.Wishes{}, p.now()); !ok || m.Over || len(m.Rows) != 1 || m.Rows[0].ID.Seq != 2 {
		t.Errorf("%+v", m)
	}
	if m, ok := p.book.Message("ip/cn", 1, alerts.Wishes{}, p.now()); !ok || !m.Over {
		t.Errorf("the first message stays open: %+v", m)
	}
}

// TestFlapping: three minutes bad, three minutes right, for an hour.
func TestFlapping(t *testing.T) {
	p := newPlay(t)
	p.fleet.Checks.Heal["ip"] = "suggest"
	world := func(at time.Duration) []string {
		if at < time.Hour && int(at.Minutes())%6 < 3 {
			return []string{"ip cn-1 bad"}
		}
		return []string{"ip cn-1 ok"}
	}
	p.run(50*time.Minute, world)
	if p.ops[alerts.Post] != 1 || p.ops[alerts.Page] > 3 || p.ops[alerts.Thread] > 6 || !p.phase("ip/cn/cn-1").Flapping {
		t.Errorf("%v", p.log)
	}
	p.run(2*time.Hour, world)
	p.says("steady again, and right")
	if p.ops[alerts.Page] != p.ops[alerts.StopPage] {
		t.Errorf("a page stays open: %v", p.log)
	}
}

// TestARelapseIsTheSameMessage: within a quarter of an hour it is the same
// alert, later another.
func TestARelapseIsTheSameMessage(t *testing.T) {
	p := newPlay(t)
	p.fleet.Checks.Heal["ip"] = "off"
	p.run(10*time.Minute, ipBad("cn-1", 0, 2*time.Minute))
	p.run(14*time.Minute, ipBad("cn-1", 0, ever))
	p.wants(1, 2, 3, 2, 1, 0)
	p.run(60*time.Minute, ipBad("cn-1", 0, 0))
	p.run(61*time.Minute, ipBad("cn-1", 0, ever))
	if a := p.phase("ip/cn/cn-1"); a.Seq != 2 || p.ops[alerts.Post] != 2 {
		t.Errorf("%+v %v", a, p.ops)
	}
}

// TestAClockThatIsSetBack must not keep an alert from ending.
func TestAClockThatIsSetBack(t *testing.T) {
	p := newPlay(t)
	p.fleet.Checks.Heal["ip"] = "off"
	p.run(10*time.Minute, ipBad("cn-1", 0, ever))
	p.at -= 8760 * time.Hour
	p.run(p.at+2*time.Minute, func(time.Duration) []string { return []string{"ip cn-1 ok"} })
	if a := p.phase("ip/cn/cn-1"); a.Phase != alerts.Resolved {
		t.Errorf("%+v", a)
	}
}
