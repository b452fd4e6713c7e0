package bot

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/slack-go/slack"

	"vmqbot/alerts"
	"vmqbot/checks"
	"vmqbot/secret"
)

var atTwo = time.Date(2026, 11, 23, 14, 2, 11, 0, time.UTC)

func lostAddress(node string) alerts.Row {
	return alerts.Row{
		ID: alerts.ID{Key: alerts.Key{Check: "ip", Region: "cn", Node: node}, Seq: 3}, Phase: alerts.Firing, Since: atTwo,
		Found: alerts.Found{Evidence: "want 10.0.0.1/24, have 127.0.0.1", Effect: "no message reaches it", Repair: "reattach " + node},
	}
}

func ofIP(rows ...alerts.Row) alerts.Message {
	return alerts.Message{Group: "ip/cn", Episode: 1, Check: "ip", Region: "cn", Summary: "does the container hold its weave address?", Severity: checks.Critical, Rows: rows}
}

// shown is everything that a page says, and the buttons that it has.
func shown(p *page) string {
	all := texts(p)
	for _, b := range p.blocks {
		if a, ok := b.(*slack.ActionBlock); ok {
			for _, e := range a.Elements.ElementSet {
				if e, ok := e.(*slack.ButtonBlockElement); ok {
					all = append(all, fmt.Sprintf("[%s %s]", e.Text.Text, e.Value))
				}
			}
		}
	}
	return strings.Join(all, "\n")
}

// TestWhatAnAlertLooksLike in each of its phases: a color, always with words.
func TestWhatAnAlertLooksLike(t *testing.T) {
	with := func(change func(*alerts.Row)) alerts.Message {
		r := lostAddress("cn-1")
		change(&r)
		return ofIP(r)
	}
	over := with(func(r *alerts.Row) { r.Phase, r.Resolved, r.Helped = alerts.Resolved, atTwo.Add(41*time.Second), true })
	over.Over = true
	warning := with(func(r *alerts.Row) {
		r.Found.Repair, r.Found.NoRepair = "", "start it by hand, then type diagnose cn"
	})
	warning.Severity, warning.Also = checks.Warning, []string{"port", "channel"}
	for name, tt := range map[string]struct {
		m        alerts.Message
		says, no string // separated by |
	}{
		"firing":       {ofIP(lostAddress("cn-1")), ":red_circle: *Critical: ip in cn*|does the container hold its weave address?|*cn-1*: want 10.0.0.1/24|*Since* <!date^1795442531^|*Effect* no message reaches it|*Repair* `/vmq reattach cn-1`|[Reattach ip/cn/cn-1#3]|[Acknowledge ip/cn/cn-1#3]|[Silence... ip/cn/cn-1#3]|[Runbook ip/cn/cn-1#3]", "Graph|by the bot itself"},
		"by policy":    {with(func(r *alerts.Row) { r.Refusal = alerts.ByPolicy }), "`/vmq reattach cn-1`. Not by the bot itself: the fleet file leaves it to people", ""},
		"failed":       {with(func(r *alerts.Row) { r.Refusal, r.Failure = alerts.Waiting, "weave refused; operation 4f2a91" }), "it waits after its last attempt|*The last repair failed* weave refused; operation 4f2a91", ""},
		"healing":      {with(func(r *alerts.Row) { r.Phase, r.Tries = alerts.Healing, 2 }), ":large_blue_circle: *Critical, being repaired: ip in cn*|`/vmq reattach cn-1` by the bot itself: attempt 2 of 3", "[Reattach"},
		"taken on":     {with(func(r *alerts.Row) { r.Acked = "slack:U0BOB" }), ":raising_hand: *<@U0BOB>* has taken it on|[Reattach|[Hand back ip/cn/cn-1#3]", "[Acknowledge"},
		"by somebody":  {with(func(r *alerts.Row) { r.Acked = "terminal:<!channel>" }), "*terminal:&lt;!channel&gt;* has taken it on", "<!channel>"},
		"comes, goes":  {with(func(r *alerts.Row) { r.Flapping = true }), ":large_purple_circle: *Critical, comes and goes: ip in cn*|until it is steady", ""},
		"resolved":     {over, ":large_green_circle: *Resolved: ip in cn*|*cn-1* is right again since <!date^1795442572^|after 41s; the bot repaired it by itself", "[|Effect|Repair*|want 10.0.0.1"},
		"warning":      {warning, ":large_orange_circle: *Warning: ip in cn*|*Repair* start it by hand, then type /vmq diagnose cn|Not told separately while this lasts: port, channel", "[Reattach|reattach cn-1"},
		"followed":     {alerts.Message{Check: "ip", Region: "cn", Over: true}, ":large_green_circle: *Resolved: ip in cn*|It is over. What came after it has a message of its own.", "["},
		"several":      {ofIP(lostAddress("cn-1"), lostAddress("cn-2")), "[Reattach cn-1 ip/cn/cn-1#3]|[Acknowledge cn-2 ip/cn/cn-2#3]|[Acknowledge all 2 ip/cn/cn-1#3]|[Runbook ip/cn/cn-1#3]", ""},
		"of others":    {with(func(r *alerts.Row) { r.Found.Evidence = "<!channel> hunter2 <@U0ANA>" }), "&lt;!channel&gt; [redacted] &lt;@U0ANA&gt;", "<!channel>|hunter2|<@U0ANA>"},
		"for a reader": {alerts.Message{Check: "image", Region: "eu", Severity: checks.Info, Rows: []alerts.Row{lostAddress("eu-1")}}, ":white_circle: *For information: image in eu*", ""},
	} {
		t.Run(name, func(t *testing.T) {
			red := secret.NewRedactor("hunter2")
			all := shown(New(Options{Redactor: func() *secret.Redactor { return red }}).alertPage(tt.m))
			for _, want := range strings.Split(tt.says, "|") {
				if !strings.Contains(all, want) {
					t.Errorf("it does not say %q:\n%s", want, all)
				}
			}
			for _, no := range strings.Split(tt.no, "|") {
				if no != "" && strings.Contains(all, no) {
					t.Errorf("it says %q:\n%s", no, all)
				}
			}
		})
	}
}

// TestAnAlertOfManyNodesFits into one message, with its buttons.
func TestAnAlertOfManyNodesFits(t *testing.T) {
	var rows []alerts.Row
	for i := range 200 {
		r := lostAddress(fmt.Sprintf("cn-%d", i))
		r.Found.Evidence, r.Found.Effect = strings.Repeat("evidence ", 400), strings.Repeat("effect ", 100)
		rows = append(rows, r)
	}
	p := New(Options{}).alertPage(ofIP(rows...))
	all := shown(p)
	if len(p.blocks) > mostBlocks || p.size > mostTotal {
		t.Errorf("%d blocks, %d characters", len(p.blocks), p.size)
	}
	for _, want := range []string{"*Critical: ip in cn*", "[Acknowledge cn-0 ip/cn/cn-0#3]", "[Runbook", "and 192 more. `/vmq alerts`"} {
		if !strings.Contains(all, want) {
			t.Errorf("%q is cut away", want)
		}
	}
}

// TestTwoThingsToSayHaveTwoMarks, and one has always the same.
func TestTwoThingsToSayHaveTwoMarks(t *testing.T) {
	one := alerts.Say{Op: alerts.Page, Group: "ip/cn", Episode: 1, ID: lostAddress("cn-1").ID, Step: 1, Text: "cn-1: lost", At: atTwo}
	same := one
	same.Seq, same.Ref = 7, "C0123/1.2"
	later := one
	later.At = atTwo.Add(10 * time.Minute) // it came back: the same page, and not said yet
	if mark("line", one) != mark("line", same) || mark("line", one) == mark("line", later) || mark("line", one) == mark("alert", one) {
		t.Error(mark("line", one), mark("line", same), mark("line", later))
	}
	if len(mark("alert", one)) > 255 {
		t.Error("Slack takes no such block_id")
	}
}
