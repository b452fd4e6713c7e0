package alerts_test

import (
	"strings"
	"testing"
	"time"

	"vmqbot/alerts"
	"vmqbot/checks"
)

// lines are the lines of the log that say all the words.
func (p *play) lines(words ...string) (n int) {
	for _, line := range p.log {
		says := true
		for _, word := range words {
			says = says && strings.Contains(line, word)
		}
		if says {
			n++
		}
	}
	return n
}

// TestAWarningThatBecomesCritical is told in the same message, with one line, and
// calls whom a critical one calls, from the first step on.
func TestAWarningThatBecomesCritical(t *testing.T) {
	p := newPlay(t)
	p.run(20*time.Minute, func(time.Duration) []string { return []string{"host cn-1 bad:warning"} })
	p.wants(1, 0, 1, 1, 0, 0) // the group, after a quarter of an hour
	p.look("host cn-1 bad")
	p.wants(1, 0, 1, 1, 0, 0) // one look may have missed a witness
	if soon, ok := p.book.Recheck(); !ok || soon > 5*time.Second {
		t.Errorf("it is looked at again after %s, %t", soon, ok)
	}
	p.at += 5 * time.Second
	p.look("host cn-1 bad")
	p.wants(1, 1, 2, 2, 0, 0)
	if p.lines("thread host/cn/1 cn-1", "it is critical now: evidence of host cn-1 bad") != 1 || p.lines("page host/cn/1 cn-1 on-call") != 2 {
		t.Errorf("%s", strings.Join(p.log, "\n"))
	}
	if m, _ := p.book.Message("host/cn", 1, alerts.Wishes{}, p.now()); m.Severity != checks.Critical {
		t.Errorf("the message is %s", m.Severity)
	}
	p.run(p.at+6*time.Minute, func(time.Duration) []string { return []string{"host cn-1 bad"} })
	if p.lines("page host/cn/1 cn-1 first") != 1 || p.ops[alerts.Page] != 3 {
		t.Errorf("%s", strings.Join(p.log, "\n"))
	}
}

// TestASeverityThatWavers calls nobody twice and fills no thread: it is as bad as
// it was until it has been milder for a quarter of an hour.
func TestASeverityThatWavers(t *testing.T) {
	p := newPlay(t)
	wavers := func(at time.Duration) []string {
		if at < 40*time.Minute && int(at.Minutes())%6 < 3 {
			return []string{"host cn-1 bad"}
		}
		return []string{"host cn-1 bad:warning"}
	}
	p.run(40*time.Minute, wavers)
	p.wants(1, 0, 1, 4, 0, 0) // the four steps that a critical one has in forty minutes
	p.run(58*time.Minute, wavers)
	p.wants(1, 1, 2, 4, 0, 0)
	p.says("it is a warning now")
	p.run(70*time.Minute, func(time.Duration) []string { return []string{"host cn-1 bad"} })
	p.says("it is critical now")
	p.wants(1, 2, 3, 5, 0, 0) // not from the first step on: all these were called before
	if p.lines("page", "all those") != 1 {
		t.Errorf("%s", strings.Join(p.log, "\n"))
	}
}

// TestWhoTookOnAWarning is not called when it becomes critical, and reads it.
func TestWhoTookOnAWarning(t *testing.T) {
	p := newPlay(t)
	p.run(time.Minute, func(time.Duration) []string { return []string{"host cn-1 bad:warning"} })
	p.wishes = []alerts.Wish{{Want: alerts.Ack, By: "ana", At: p.now(), Of: "host/cn/cn-1#1"}}
	p.run(10*time.Minute, func(time.Duration) []string { return []string{"host cn-1 bad"} })
	p.says("it is critical now")
	p.wants(1, 2, 3, 0, 0, 0)
}

// TestTheKillSwitchIsShown in a message that stands, without a word below it.
func TestTheKillSwitchIsShown(t *testing.T) {
	p := newPlay(t)
	p.heals = func(time.Duration, alerts.Order) (time.Duration, string) { return time.Hour, "" }
	shown := func() alerts.Refusal {
		m, _ := p.book.Message("ip/sg", 1, alerts.Heard(p.wishes), p.now())
		return m.Rows[0].Refusal
	}
	world := func(time.Duration) []string { return []string{"ip cn-1 ok", "ip sg-1 bad"} }
	p.fleet.Checks.Heal["ip"] = "suggest"
	p.run(time.Minute, world)
	p.wants(1, 0, 1, 1, 0, 0)
	p.fleet.Checks.Heal["ip"] = "auto"
	p.wishes = []alerts.Wish{{Want: alerts.AutohealOff, Region: "sg", By: "ana", At: p.now()}}
	p.run(2*time.Minute, world)
	p.wants(1, 1, 1, 1, 0, 0)
	if shown() != alerts.ByHand {
		t.Errorf("it shows %q", shown())
	}
	p.wishes = append(p.wishes, alerts.Wish{Want: alerts.AutohealOff, Region: "cn", By: "ana", At: p.now()})
	p.run(3*time.Minute, world)
	p.wants(1, 1, 1, 1, 0, 0) // what changed elsewhere is not shown here
	p.run(4*time.Minute, func(at time.Duration) []string {
		if at < 210*time.Second {
			return []string{"ip sg-1 unknown"}
		}
		return world(at)
	})
	p.wants(1, 1, 1, 1, 0, 0) // nor that one look could not see
}

// TestOldEvidenceIsDrawnAnew: a disk that fills says so, now and then.
func TestOldEvidenceIsDrawnAnew(t *testing.T) {
	p := newPlay(t)
	k := alerts.Key{Check: "disk", Region: "cn", Node: "cn-1"}
	at := noon
	for ; at.Before(noon.Add(35 * time.Minute)); at = at.Add(30 * time.Second) {
		o := checks.Observation{Check: "disk", Region: "cn", Node: "cn-1", Verdict: checks.Bad, Evidence: at.Format(time.TimeOnly) + " and less is free"}
		var says []alerts.Say
		p.book, says, _ = alerts.Turn(p.book, alerts.Look{Fleet: p.fleet, Found: []checks.Observation{o}, Now: at})
		for _, s := range says {
			p.ops[s.Op]++
		}
	}
	if p.ops[alerts.Post] != 1 || p.ops[alerts.Update] != 3 || p.ops[alerts.Thread] != 1 {
		t.Errorf("%v, and it is %s", p.ops, p.book.Alerts[k].Last.Evidence)
	}
}
