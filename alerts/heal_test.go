package alerts_test

import (
	"testing"
	"time"

	"vmqbot/alerts"
	"vmqbot/checks"
	"vmqbot/regions"
)

// TestEveryRail closes one rail at a time: each refusal has its name.
func TestEveryRail(t *testing.T) {
	key := alerts.Key{Check: "ip", Region: "cn", Node: "cn-1"}
	tried := func(ago, took time.Duration) alerts.Try {
		return alerts.Try{Node: "cn-1", At: noon.Add(-ago), Ended: noon.Add(took - ago)}
	}
	for _, c := range []struct {
		want   alerts.Refusal
		name   string
		change func(*alerts.Alert, *alerts.Chance)
	}{
		{"", "every rail is open", func(*alerts.Alert, *alerts.Chance) {}},
		{alerts.NotFiring, "only suspected", func(a *alerts.Alert, _ *alerts.Chance) { a.Phase = alerts.Suspect }},
		{alerts.NotFiring, "a repair runs", func(a *alerts.Alert, _ *alerts.Chance) { a.Phase = alerts.Healing }},
		{alerts.NoEvidence, "not seen just now", func(a *alerts.Alert, _ *alerts.Chance) { a.Verdict = checks.Unknown }},
		{alerts.NoEvidence, "seen right just now", func(a *alerts.Alert, _ *alerts.Chance) { a.Verdict = checks.OK }},
		{alerts.NoRepair, "another verb", func(a *alerts.Alert, _ *alerts.Chance) { a.Last.Repair = "restart cn-1" }},
		{alerts.NoRepair, "a repair that starts a container", func(a *alerts.Alert, _ *alerts.Chance) { a.Last.Repair = "reattach cn-1 --start" }},
		{alerts.NoRepair, "a repair of another node", func(a *alerts.Alert, _ *alerts.Chance) { a.Last.Repair = "reattach cn" }},
		{alerts.NoRepair, "a link", func(a *alerts.Alert, _ *alerts.Chance) { a.Key.Peer = "sg-1" }},
		{alerts.ByPolicy, "suggest", func(_ *alerts.Alert, c *alerts.Chance) { c.Mode = alerts.Suggest }},
		{alerts.ByPolicy, "no mode at all", func(_ *alerts.Alert, c *alerts.Chance) { c.Mode = "" }},
		{alerts.ByHand, "the kill switch", func(_ *alerts.Alert, c *alerts.Chance) { c.Stopped = true }},
		{alerts.Busy, "an operation holds the region", func(_ *alerts.Alert, c *alerts.Chance) { c.Busy = true }},
		{alerts.Muted, "a silence", func(_ *alerts.Alert, c *alerts.Chance) { c.Gate.Mute = alerts.Silenced }},
		{alerts.Muted, "maintenance", func(_ *alerts.Alert, c *alerts.Chance) { c.Gate.Mute = alerts.InMaintenance }},
		{alerts.Muted, "its cause is known", func(_ *alerts.Alert, c *alerts.Chance) { c.Gate.Mute = alerts.Inhibited }},
		{alerts.Flaps, "flapping", func(a *alerts.Alert, _ *alerts.Chance) { a.Flapping = true }},
		{alerts.Asked, "a plan waits for consent", func(_ *alerts.Alert, c *alerts.Chance) { c.Asked = true }},
		{alerts.OneByOne, "another region is repaired", func(_ *alerts.Alert, c *alerts.Chance) { c.Running = map[string]bool{"sg": true} }},
		{alerts.Stormy, "a storm", func(_ *alerts.Alert, c *alerts.Chance) { c.Storm = true }},
		{alerts.Waiting, "29 s after the first", func(_ *alerts.Alert, c *alerts.Chance) { c.Tries = []alerts.Try{tried(39*time.Second, 10*time.Second)} }},
		{"", "30 s after it", func(_ *alerts.Alert, c *alerts.Chance) { c.Tries = []alerts.Try{tried(40*time.Second, 10*time.Second)} }},
		{alerts.Waiting, "30 s after the second", func(_ *alerts.Alert, c *alerts.Chance) {
			c.Tries = []alerts.Try{tried(20*time.Minute, 0), tried(40*time.Second, 10*time.Second)}
		}},
		{alerts.Exhausted, "the third of the hour was made", func(_ *alerts.Alert, c *alerts.Chance) {
			c.Tries = []alerts.Try{tried(59*time.Minute, 0), tried(40*time.Minute, 0), tried(20*time.Minute, 0)}
		}},
		{"", "one of them an hour ago", func(_ *alerts.Alert, c *alerts.Chance) {
			c.Tries = []alerts.Try{tried(60*time.Minute, 0), tried(40*time.Minute, 0), tried(20*time.Minute, 0)}
		}},
		{alerts.Exhausted, "the seventh of the day was made", func(_ *alerts.Alert, c *alerts.Chance) {
			for i := range 7 {
				c.Tries = append(c.Tries, tried(time.Duration(3*i+2)*time.Hour, 0))
			}
		}},
		{alerts.Waiting, "the fourth of the hour, where the fleet file allows more", func(_ *alerts.Alert, c *alerts.Chance) {
			c.Budget = regions.Budget{Hour: 4, Day: 7, Pause: time.Minute}
			c.Tries = []alerts.Try{tried(59*time.Minute, 0), tried(40*time.Minute, 0), tried(15*time.Minute, 0)}
		}},
		{"", "a hundred in the hour, where it allows them and no pause", func(_ *alerts.Alert, c *alerts.Chance) {
			c.Budget = regions.Budget{Hour: 101, Day: 101}
			for range 100 {
				c.Tries = append(c.Tries, tried(time.Second, 0))
			}
		}},
		{alerts.Exhausted, "attempts that the clock left in the future", func(_ *alerts.Alert, c *alerts.Chance) {
			for range 3 {
				c.Tries = append(c.Tries, tried(-time.Hour, 0))
			}
		}},
	} {
		a := alerts.Alert{Key: key, Seq: 1, Phase: alerts.Firing, Verdict: checks.Bad, Last: alerts.Found{Repair: "reattach cn-1"}}
		chance := alerts.Chance{Mode: alerts.Auto, Budget: regions.Budget{Hour: alerts.PerHour, Day: alerts.PerDay, Pause: regions.HealPause}}
		c.change(&a, &chance)
		if got := alerts.Heal(a, chance, noon); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

func TestModes(t *testing.T) {
	said := map[string]string{"port": "off", "image": "auto"}
	for check, want := range map[string]alerts.Mode{"ip": alerts.Auto, "port": alerts.Off, "image": alerts.Auto, "container": alerts.Suggest} {
		if got := alerts.ModeOf(check, said); got != want {
			t.Errorf("%s: %s, want %s", check, got, want)
		}
	}
}
