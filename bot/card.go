package bot

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"vmqbot/ops"
)

// date shows an instant in the reader's own time zone.
func date(t time.Time) string {
	return fmt.Sprintf("<!date^%d^{date_short_pretty} {time_secs}|%s UTC>", t.Unix(), t.UTC().Format("2006-01-02 15:04:05"))
}

// needText says whose consent is needed, and what is still missing.
func needText(a ops.Approval) string {
	if len(a.Needs) > 0 && a.Needs[0].Self {
		return "waits for " + mention(a.Requester.User) + " to confirm"
	}
	missing := a.Missing()
	var all []string
	for i, n := range a.Needs {
		who := mention(n.From...)
		if len(n.From) == 0 {
			who = "nobody, because the fleet file names no approver"
		}
		text := fmt.Sprintf("%d of %s", n.Count, who)
		if n.Region != "" {
			text += " for " + n.Region
		}
		if missing[i] == 0 {
			text += " :heavy_check_mark:"
		} else if missing[i] < n.Count {
			text += fmt.Sprintf(" (%d more)", missing[i])
		}
		if !slices.Contains(all, text) {
			all = append(all, text)
		}
	}
	return "needs the voice of " + strings.Join(all, "; ")
}

// cardButtons are what can be pressed on an approval. They carry its id.
func cardButtons(a ops.Approval) []button {
	if len(a.Needs) > 0 && a.Needs[0].Self {
		return []button{
			{action: doApprove, id: a.ID, text: "Run it", style: slack.StylePrimary},
			{action: doDeny, id: a.ID, text: "Discard", style: slack.StyleDanger},
		}
	}
	return []button{
		{action: doApprove, id: a.ID, text: "Approve", style: slack.StylePrimary},
		{action: doDeny, id: a.ID, text: "Deny", style: slack.StyleDanger},
		{action: doGlass, id: a.ID, text: "Break glass..."},
	}
}

// mostPlan is how long a plan may be to stand on its card, in bytes: what fits
// a screen. A longer one stands in the thread, and its steps on the card.
const mostPlan = 3_000

var aStep = regexp.MustCompile(`^ *[0-9]+\. `)

// planText is the plan as the card shows it; whole tells whether that is all.
// What it says before the first step, and what a step costs, is never left out.
func planText(plan string) (text string, whole bool) {
	if len(plan) <= mostPlan {
		return plan, true
	}
	var b strings.Builder
	steps := false
	for line := range strings.Lines(plan) {
		step := aStep.MatchString(line)
		steps = steps || step
		if !steps || step || strings.HasPrefix(strings.TrimSpace(line), "price") {
			b.WriteString(line)
		}
	}
	return b.String(), false
}

// render is the live message as it should look now: the card while consent is
// waited for, the steps while it runs, and the summary at the end.
func (l *live) render(now time.Time) *page {
	l.mu.Lock()
	defer l.mu.Unlock()
	a := l.a
	p := newPage(l.b.voice(), a.Line+": "+l.word())
	p.head(a.Line)
	switch {
	case a.State == ops.Open:
		p.say(fmt.Sprintf(":hourglass: %s asks for this. It %s, until %s.", mention(a.Requester.User), needText(a), date(a.Expires)))
	case a.BreakGlass:
		p.say(fmt.Sprintf(":rotating_light: *%s broke the glass:* %s", mention(a.By), p.escape(a.Why)))
	}
	if text := l.summary(now, p); text != "" {
		p.say(text)
	}
	if len(l.lines) == 0 {
		text, whole := planText(a.Plan)
		p.read(text)
		if !whole {
			p.note("These are the steps; the whole plan stands in the thread.")
		}
	} else {
		l.steps(p, now)
	}
	p.note(fmt.Sprintf("operation `%s` · plan `%.8s` · %s", a.Op, a.PlanHash, l.asked()))
	switch {
	case a.State == ops.Open:
		p.buttons(cardButtons(a)...)
	case a.State == ops.Granted && l.ended == "":
		p.buttons(button{action: doCancel, id: a.Op, text: "Cancel", style: slack.StyleDanger, ask: "It stops before its next step, and what has an undo is undone."})
	}
	return p
}

// asked says who wanted it, and who agreed.
func (l *live) asked() string {
	if l.asker != "" {
		return l.asker
	}
	return "asked by " + mention(l.a.Requester.User) + consented(l.a)
}

// consented names those who agreed.
func consented(a ops.Approval) string {
	var by []string
	for _, v := range a.Votes {
		by = append(by, v.By)
	}
	switch {
	case len(by) == 0 || a.Needs[0].Self:
		return ""
	default:
		return " · approved by " + mention(by...)
	}
}

// word is the state in one word, for a notification.
func (l *live) word() string {
	switch {
	case l.ended != "":
		return string(l.ended)
	case l.a.State == ops.Open:
		return "waits for approval"
	case l.a.State == ops.Granted:
		return "running"
	default:
		return string(l.a.State)
	}
}

// summary is the one line about where it stands.
func (l *live) summary(now time.Time, p *page) string {
	a := l.a
	switch {
	case l.gone != "":
		return ":warning: " + p.escape(l.gone)
	case l.ended != "":
		text := fmt.Sprintf("%s *%s* after %s", stateSign(l.ended), p.escape(string(l.ended)), l.took(l.end))
		if l.why != "" {
			text += "\n" + l.b.mentions(p.escape(l.b.typedAll(l.why)))
		}
		for _, c := range l.cost {
			text += "\n:warning: " + p.escape(shorten(c, 600))
		}
		if l.undo != "" && l.ended == ops.Done {
			text += "\nTo take it back: `/vmq " + p.escape(l.undo) + "`"
		}
		return text
	case a.State == ops.Denied:
		return ":no_entry: *Denied* by " + mention(a.By) + why(p, a)
	case a.State == ops.Withdrawn:
		return ":leftwards_arrow_with_hook: *Withdrawn* by " + mention(a.By) + why(p, a)
	case a.State == ops.Expired:
		return ":alarm_clock: *Expired* at " + date(a.Ended) + "; nothing was done. To ask again: `/vmq " + p.escape(a.Line) + "`"
	case a.State == ops.Spent:
		return ":warning: It was approved, and the bot ended before its own end. `/vmq history` shows what is known of it."
	case l.stopper != "":
		return ":octagonal_sign: *Stops* before its next step, asked by " + mention(l.stopper)
	case l.waits != "":
		return ":hourglass_flowing_sand: Waits: " + p.escape(l.waits)
	case a.State == ops.Granted:
		return ":arrow_forward: *Running* for " + l.took(now)
	default:
		return ""
	}
}

func why(p *page, a ops.Approval) string {
	if a.Why == "" {
		return "; nothing was done."
	}
	return ": " + p.escape(a.Why)
}

func (l *live) took(until time.Time) string {
	d := until.Sub(l.a.Ended)
	if l.a.Ended.IsZero() || d < 0 {
		d = 0
	}
	if d < 10*time.Second {
		return d.Round(100 * time.Millisecond).String()
	}
	return d.Round(time.Second).String()
}

// mostSteps is how much of a message the steps may fill, in bytes.
const mostSteps = 6_500

// steps shows one line for each step. When they are too many, those that are
// done long ago and those that come much later are counted instead.
func (l *live) steps(p *page, now time.Time) {
	all := make([]string, len(l.lines))
	size, current := 0, 0
	for i, s := range l.lines {
		all[i] = s.text(p, now)
		size += len(all[i]) + 1
		if s.state != "" && s.state != ops.Pending {
			current = i
		}
	}
	first, last := 0, len(all)
	for size > mostSteps && last-first > 1 {
		if current-first > last-1-current { // cut the farther end
			size -= len(all[first]) + 1
			first++
		} else {
			last--
			size -= len(all[last]) + 1
		}
	}
	if first > 0 {
		p.note(fmt.Sprintf("%d steps before these are over", first))
	}
	for _, chunk := range chunks(strings.Join(all[first:last], "\n"), mostSection-100) {
		p.say(chunk)
	}
	if last < len(all) {
		p.note(fmt.Sprintf("%d more steps come after these", len(all)-last))
	}
}

func (s stepLine) text(p *page, now time.Time) string {
	text := stateSign(s.state) + " " + s.place() + p.escape(shorten(s.title, 160))
	if s.node != "" && !strings.Contains(s.title, s.node) {
		text += " on " + p.escape(s.node)
	}
	if !s.since.IsZero() {
		end := s.end
		if end.IsZero() {
			end = now
		}
		text += fmt.Sprintf(" (%s)", end.Sub(s.since).Round(100*time.Millisecond))
	}
	if s.comment != "" && s.state != ops.Done {
		text += ": _" + p.escape(shorten(firstLines(s.comment, 1), 160)) + "_"
	}
	return strings.ReplaceAll(text, "\n", " ")
}

func stateSign(s ops.State) string {
	switch s {
	case ops.Done:
		return ":white_check_mark:"
	case ops.Skipped:
		return ":heavy_minus_sign:"
	case ops.Running:
		return ":arrow_forward:"
	case ops.Undoing, ops.Undone:
		return ":leftwards_arrow_with_hook:"
	case ops.Broken:
		return ":x:"
	case ops.Cancelled:
		return ":octagonal_sign:"
	case ops.Unknown:
		return ":grey_question:"
	default:
		return ":white_small_square:"
	}
}
