package terminal_test

import (
	"bytes"
	"testing"
	"time"

	"vmqbot/alerts"
	"vmqbot/checks"
	"vmqbot/terminal"
)

// TestAnAlertOnATerminal from its first word to its last.
func TestAnAlertOnATerminal(t *testing.T) {
	noon := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	id := alerts.ID{Key: alerts.Key{Check: "ip", Region: "cn", Node: "cn-1"}, Seq: 1}
	m := alerts.Message{
		Group: "ip/cn", Episode: 1, Check: "ip", Region: "cn", Summary: "does the container hold its weave address?", Severity: checks.Critical,
		Also: []string{"port", "channel"},
		Rows: []alerts.Row{{
			ID: id, Phase: alerts.Healing, Since: noon, Tries: 1, Acked: "slack:U0ANA",
			Found: alerts.Found{Evidence: "want 10.0.0.1/24, have 127.0.0.1\x1b[31m", Effect: "messages neither enter nor leave cn", Repair: "reattach cn-1"},
		}},
	}
	var out bytes.Buffer
	a := terminal.NewAlerts(&out, nil)
	speak := func(s alerts.Say) {
		if where, err := a.Speak(t.Context(), s, m, false); err != nil || where == "" {
			t.Error(where, err)
		}
	}
	speak(alerts.Say{Op: alerts.Post})
	speak(alerts.Say{Op: alerts.Thread, ID: id, Text: "12:00:01 firing: want 10.0.0.1/24"})
	speak(alerts.Say{Op: alerts.Page, ID: id, Text: "cn-1: want 10.0.0.1/24", Whom: alerts.OnCall, Step: 1})
	m.Rows[0].Phase, m.Rows[0].Refusal, m.Rows[0].Failure = alerts.Firing, alerts.Exhausted, "weave refused; operation 4f2a91"
	speak(alerts.Say{Op: alerts.Update})
	m.Rows[0].Phase, m.Rows[0].Resolved, m.Over, m.Also = alerts.Resolved, noon.Add(90*time.Second), true, nil
	speak(alerts.Say{Op: alerts.StopPage, ID: id})
	speak(alerts.Say{Op: alerts.Update})
	const want = `CRITICAL ip/cn: does the container hold its weave address?
  cn-1 healing, taken on by slack:U0ANA since 12:00:00 UTC: want 10.0.0.1/24, have 127.0.0.1\x1b[31m
    effect: messages neither enter nor leave cn
    repair: reattach cn-1, by the bot itself, attempt 1 of 3
  not told while this fires: port, channel
  ip/cn/cn-1  12:00:01 firing: want 10.0.0.1/24
  page 1 to on-call: cn-1: want 10.0.0.1/24
CRITICAL ip/cn: does the container hold its weave address?
  cn-1 firing, taken on by slack:U0ANA since 12:00:00 UTC: want 10.0.0.1/24, have 127.0.0.1\x1b[31m
    effect: messages neither enter nor leave cn
    repair: type reattach cn-1 (not by the bot itself: tried as often as allowed)
    the last repair failed: weave refused; operation 4f2a91
  not told while this fires: port, channel
  ip/cn/cn-1  nobody needs to come any more
RESOLVED ip/cn: does the container hold its weave address?
  cn-1 resolved, taken on by slack:U0ANA after 1m30s
`
	if out.String() != want {
		t.Errorf("got\n%s\nwant\n%s", out.String(), want)
	}
}
