package bot

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"vmqbot/alerts"
	"vmqbot/checks"
)

// mostRows is how many nodes of one alert are shown each by themselves, and
// mostSeen how long what was seen of one may be, in characters: all of them fit
// into one message.
const (
	mostRows = 8
	mostSeen = 350
)

// alertPage is the message of a group as it stands now: what, where, since
// when, the evidence, what it means for messages, and what is done about it.
func (b *Bot) alertPage(m alerts.Message) *page {
	p := newPage(b.voice(), alertText(m))
	p.say(alertHead(p, m))
	for i, r := range m.Rows {
		if i == mostRows {
			p.say(fmt.Sprintf("... and %d more. `/vmq alerts` lists them all.", len(m.Rows)-i))
			break
		}
		p.say(b.alertRow(p, r))
		if len(m.Rows) > 1 {
			p.buttons(rowButtons(r, true)...)
		}
	}
	if len(m.Also) > 0 {
		p.note("Not told separately while this lasts: " + p.escape(strings.Join(m.Also, ", ")))
	}
	if len(m.Rows) == 0 {
		p.say("It is over. What came after it has a message of its own.")
	}
	if len(m.Rows) == 1 {
		p.buttons(append(rowButtons(m.Rows[0], false), b.groupButtons(m)...)...)
	} else {
		p.buttons(b.groupButtons(m)...)
	}
	return p
}

// alertText is what a telephone shows of it.
func alertText(m alerts.Message) string {
	text := state(m) + ": " + m.Check + " in " + m.Region
	for _, r := range m.Rows {
		if !m.Over && r.Phase != alerts.Resolved {
			return text + ", " + r.ID.Key.Where() + ": " + r.Found.Evidence
		}
	}
	return text
}

// alertHead says how bad it is in a color and in words, and what was asked.
func alertHead(p *page, m alerts.Message) string {
	head := fmt.Sprintf("%s *%s: %s in %s*", light(m), state(m), p.escape(m.Check), p.escape(m.Region))
	if !m.Over {
		head += "\nThe check asks: _" + p.escape(m.Summary) + "_"
	}
	return head
}

// state is where a message stands, in words.
func state(m alerts.Message) string {
	healing, flapping := false, false
	for _, r := range m.Rows {
		healing = healing || r.Phase == alerts.Healing
		flapping = flapping || r.Flapping
	}
	how := map[checks.Severity]string{checks.Critical: "Critical", checks.Warning: "Warning", checks.Info: "For information"}[m.Severity]
	switch {
	case m.Over:
		return "Resolved"
	case flapping:
		return how + ", comes and goes"
	case healing:
		return how + ", being repaired"
	default:
		return how
	}
}

// light is the same as a color.
func light(m alerts.Message) string {
	switch s := state(m); {
	case m.Over:
		return ":large_green_circle:"
	case strings.Contains(s, "comes and goes"):
		return ":large_purple_circle:"
	case strings.Contains(s, "repaired"):
		return ":large_blue_circle:"
	case m.Severity == checks.Critical:
		return ":red_circle:"
	case m.Severity == checks.Warning:
		return ":large_orange_circle:"
	default:
		return ":white_circle:"
	}
}

// alertRow is what is known of one node or link.
func (b *Bot) alertRow(p *page, r alerts.Row) string {
	where := "*" + p.escape(r.ID.Key.Where()) + "*"
	if r.Phase == alerts.Resolved && !r.Flapping {
		return where + over(r)
	}
	lines := []string{where + ": " + shorten(p.escape(r.Found.Evidence), mostSeen), "*Since* " + date(r.Since)}
	if r.Flapping {
		lines[1] += ", and it comes and goes: no more lines and no more pages until it is steady"
	}
	if r.Found.Effect != "" {
		lines = append(lines, "*Effect* "+shorten(p.escape(r.Found.Effect), mostSeen))
	}
	if done := b.doing(p, r); done != "" {
		lines = append(lines, "*Repair* "+done)
	}
	if r.Failure != "" && r.Phase != alerts.Resolved {
		lines = append(lines, "*The last repair failed* "+shorten(p.escape(b.typedAll(r.Failure)), mostSeen))
	}
	if r.Acked != "" {
		lines = append(lines, ":raising_hand: *"+b.person(p, r.Acked)+"* has taken it on; nobody else is paged")
	}
	return strings.Join(lines, "\n")
}

// over is how long it lasted, and who ended it.
func over(r alerts.Row) string {
	if r.Resolved.IsZero() {
		return " is right again"
	}
	text := fmt.Sprintf(" is right again since %s, after %s", date(r.Resolved), r.Resolved.Sub(r.Since).Round(time.Second))
	if r.Helped {
		text += "; the bot repaired it by itself"
	}
	return text
}

// doing is what is done about it, and by whom; or why nothing is.
func (b *Bot) doing(p *page, r alerts.Row) string {
	typed := "`/vmq " + p.escape(r.Found.Repair) + "`"
	switch {
	case r.Phase == alerts.Resolved:
		return ""
	case r.Phase == alerts.Healing:
		return fmt.Sprintf("%s by the bot itself: attempt %d of %d within the hour", typed, max(r.Tries, 1), r.Allowed())
	case r.Found.Repair == "" && r.Found.NoRepair == "":
		return "no command does this; `/vmq diagnose " + p.escape(r.ID.Key.Node) + "` tells more"
	case r.Found.Repair == "":
		return shorten(p.escape(b.typedAll(r.Found.NoRepair)), mostSeen)
	case unhealed[r.Refusal] != "":
		return typed + ". Not by the bot itself: " + unhealed[r.Refusal]
	default:
		return typed
	}
}

// unhealed are the reasons why something is not repaired by itself, for people.
var unhealed = map[alerts.Refusal]string{
	alerts.NoEvidence: "the last look could not see it",
	alerts.ByPolicy:   "the fleet file leaves it to people",
	alerts.ByHand:     "somebody switched that off (`/vmq autoheal on`)",
	alerts.Muted:      "it is silenced, or worked on",
	alerts.Flaps:      "it comes and goes",
	alerts.Busy:       "an operation works there, or did within five minutes",
	alerts.Asked:      "a plan for this region waits for somebody's consent",
	alerts.Exhausted:  "it was tried as often as allowed, and *a person is wanted*",
	alerts.Waiting:    "it waits after its last attempt",
	alerts.OneByOne:   "another repair runs, and there is one at a time",
	alerts.Stormy:     "so much is bad at once that *a person should look first*",
}

// person is an actor as people read it: a mention where it is somebody here.
func (b *Bot) person(p *page, actor string) string {
	if id, ok := strings.CutPrefix(actor, "slack:"); ok && anID.FindString(id) == id {
		return mention(id)
	}
	return p.escape(actor)
}

// rowButtons are what can be pressed about one node. They carry the alert's
// identity and nothing else.
func rowButtons(r alerts.Row, named bool) (all []button) {
	if r.Phase == alerts.Resolved && !r.Flapping {
		return nil
	}
	at := ""
	if named {
		at = " " + r.ID.Key.Where()
	}
	if verb, _, _ := strings.Cut(r.Found.Repair, " "); verb != "" && r.Phase == alerts.Firing {
		all = append(all, button{action: doRepair, id: r.ID.String(), text: strings.ToUpper(verb[:1]) + verb[1:] + at, style: slack.StylePrimary})
	}
	if r.Acked == "" {
		return append(all, button{action: doAck, id: r.ID.String(), text: "Acknowledge" + at})
	}
	return append(all, button{action: doUnack, id: r.ID.String(), text: "Hand back" + at})
}

// groupButtons are what can be pressed about the message as a whole. They carry
// the identity of its first alert that is not over.
func (b *Bot) groupButtons(m alerts.Message) []button {
	if m.Over {
		return nil
	}
	var id alerts.ID
	untaken := 0
	for _, r := range slices.Backward(m.Rows) {
		if r.Phase != alerts.Resolved || id.Seq == 0 {
			id = r.ID
		}
		if r.Acked == "" && (r.Phase != alerts.Resolved || r.Flapping) {
			untaken++
		}
	}
	var all []button
	if untaken > 1 {
		all = append(all, button{action: doAckAll, id: id.String(), text: fmt.Sprintf("Acknowledge all %d", untaken)})
	}
	all = append(all, button{action: doSilence, id: id.String(), text: "Silence..."}, button{action: doRunbook, id: id.String(), text: "Runbook"})
	if b.o.Graph != nil {
		all = append(all, button{action: doGraph, id: id.String(), text: "Graph"})
	}
	return all
}
