package checks_test

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"vmqbot/alerts"
	"vmqbot/checks"
	"vmqbot/commands"
)

// plans are the plans that the runbook shows, among the goldens of commands: what
// each repair that a check names types, in a case where it has something to do.
var plans = map[string]string{
	"conf push":     "conf-push-with-a-restart",
	"deploy":        "deploy-runbook-node",
	"detach":        "detach1",
	"guard install": "guard-install1",
	"guard remove":  "", // is the way back, and repairs nothing
	"join":          "join-a-lone-node",
	"network up":    "network-up-loops",
	"prepare":       "prepare-the-eu-host-of-the-runbook",
	"reattach":      "reattach1",
	"start":         "start-held-back",
}

const runbookFront = `<!-- Generated from the checks and what their tests heard them say, by ` + "`make docs`" + `. DO NOT EDIT. -->

# What each check means, and what to do

An alert, ` + "`diagnose`" + ` and ` + "`doctor`" + ` name a check; this page has a section for each.
cn-1, sg-1 and 10.0.0.1 stand for yours, and so does every name. What is typed is
typed as ` + "`/vmq reattach cn-1`" + ` in Slack or ` + "`bot run --config fleet.yaml -- reattach cn-1`" + `
in a terminal; either shows its plan first, and asks.

Critical calls whoever is on call at once, then person by person; a warning calls
after a quarter of an hour; what is only worth knowing calls nobody. What could not
be seen is "unknown", is told as ` + "[blind](#blind)" + ` when it lasts, and nothing is done to it.
[failures.md](failures.md) has the same by failure, F1 to F36.
`

const byHandFront = `
# By hand

When there is no bot: what each repair types, in the order in which it does. Lines
with ` + "`$`" + ` are typed on the host of the node in front of them. What stands for a proof
is the check to look for next. ` + "`[redacted]`" + ` is a secret: ` + "`-setcookie`" + ` takes
distributed_cookie of vernemq.conf.
`

// runbookHolds compares docs/runbooks/checks.md with what was heard; -update writes it.
func runbookHolds(file string) error {
	want, err := runbook()
	if err != nil {
		return err
	}
	if *update {
		return os.WriteFile(file, []byte(want), 0o644) //nolint:gosec // for everybody to read
	}
	got, err := os.ReadFile(file) //nolint:gosec // a file of the repository
	if err != nil || string(got) != want {
		return fmt.Errorf("%s is not what the checks say any more (%w); type: make docs", file, errors.Join(err))
	}
	return nil
}

func runbook() (string, error) {
	var b strings.Builder
	b.WriteString(runbookFront)
	names := []string{alerts.Blind, alerts.Isolated, alerts.Self, alerts.Storm, alerts.Scheduled}
	for _, c := range checks.All() {
		names = append(names, c.Name)
	}
	slices.Sort(names)
	fmt.Fprintf(&b, "\n%s.\n", linked(names))
	verbs := map[string]bool{}
	for _, c := range checks.All() {
		h := said[c.Name]
		if h == nil || h.fine == "" || len(h.bad) == 0 {
			return "", fmt.Errorf("no table says what the check %s finds, fine and bad: the runbook has nothing to print", c.Name)
		}
		section(&b, c, h, verbs)
	}
	b.WriteString(made)
	b.WriteString(byHandFront)
	for _, verb := range slices.Sorted(maps.Keys(verbs)) {
		if err := byHand(&b, verb); err != nil {
			return "", err
		}
	}
	return b.String(), nil
}

// section is one check; verbs collects what its repairs are.
func section(b *strings.Builder, c *checks.Check, h *heard, verbs map[string]bool) {
	fmt.Fprintf(b, "\n## %s\n\n%s%s\n\n| seen, as | | what it means for messages | what to do |\n|---|---|---|---|\n", c.Name, strings.ToUpper(c.Summary[:1]), c.Summary[1:])
	mine := map[string]bool{}
	for _, w := range h.troubles(c.Row) {
		do := w.byHand
		if w.repair != "" {
			do = "type `" + w.repair + "`"
			mine[verbOf(w.repair)] = true
		}
		fmt.Fprintf(b, "| %s | %s | %s | %s |\n", cell(h.bad[w]), w.row, cell(w.effect), cell(do))
	}
	fmt.Fprintf(b, "\n- **By itself** the bot %s\n", byItself(c, h))
	var links []string
	for verb := range mine {
		verbs[verb] = true
		if plans[verb] != "" {
			links = append(links, fmt.Sprintf("[%s](#%s)", verb, anchor("By hand: "+verb)))
		}
	}
	slices.Sort(links)
	if len(links) > 0 {
		fmt.Fprintf(b, "- **By hand**, without the bot: %s\n", strings.Join(links, ", "))
	}
	over := "`diagnose cn-1` finds"
	switch {
	case c.Named && slices.Contains(checks.FirstDay(), c.Name):
		over = "`doctor cn-1` finds"
	case c.Named:
		over = "the step that asks finds"
	}
	fmt.Fprintf(b, "- **It is over** when %s: %s", over, h.fine)
	if !c.Named {
		fmt.Fprintf(b, ". Its alert ends %s later", plain(alerts.RuleOf(c.Name).ClearFor))
	}
	b.WriteString("\n")
	if len(c.Needs) > 0 {
		fmt.Fprintf(b, "- It is judged only where %s can be, and fine: otherwise look there first\n", linked(c.Needs))
	}
}

// byItself says what the watch does about a check without being asked.
func byItself(c *checks.Check, h *heard) string {
	if c.Named && slices.Contains(checks.FirstDay(), c.Name) {
		return "does nothing, and calls nobody: `doctor` asks this, not the watch"
	}
	if c.Named {
		return "asks this as the proof of a step only"
	}
	r := alerts.RuleOf(c.Name)
	told := fmt.Sprintf("tells it (%s) when %d looks in a row find it, %s apart", c.Severity, r.FireAfter, plain(r.Recheck))
	switch {
	case r.FireAfter == 1:
		told = fmt.Sprintf("tells it (%s) at once", c.Severity)
	case r.Recheck >= time.Hour:
		told = fmt.Sprintf("tells it (%s) when %d sweeps in a row find it", c.Severity, r.FireAfter)
	}
	for w := range h.bad {
		if alerts.ModeOf(c.Name, nil) == alerts.Auto && w.repair == "reattach cn-1" {
			return told + ", and where `reattach` repairs it, repairs it: " +
				fmt.Sprintf("%d times an hour and %d a day at most, never in a storm, under a silence or while somebody works on the region; `autoheal off` or checks.heal in the fleet file stop it", alerts.PerHour, alerts.PerDay)
		}
	}
	return told + "; it repairs nothing here unasked"
}

// byHand is the plan of a verb, as its golden has it.
func byHand(b *strings.Builder, verb string) error {
	if _, known := commands.Find(verb); !known {
		return fmt.Errorf("a check says to type %s, which is no verb", verb)
	}
	name, known := plans[verb]
	switch {
	case !known:
		return fmt.Errorf("the runbook has no plan of %s: name one of commands/testdata in checks/runbook_test.go", verb)
	case name == "":
		return nil
	}
	text, err := os.ReadFile(filepath.Join("..", "commands", "testdata", name+".txt"))
	if err != nil {
		return err
	}
	if !strings.Contains(string(text), " 1. ") {
		return fmt.Errorf("commands/testdata/%s.txt is a plan of nothing: name another one in checks/runbook_test.go", name)
	}
	fmt.Fprintf(b, "\n## By hand: %s\n\n[commands.md](../commands.md#%s) says what it refuses and takes.\n\n```\n%s\n```\n", verb, anchor(verb), strings.TrimSpace(string(text)))
	return nil
}

// verbOf is the verb of a line: one word or two.
func verbOf(line string) string {
	w := strings.Fields(line)
	if len(w) > 1 {
		if _, two := commands.Find(w[0] + " " + w[1]); two {
			return w[0] + " " + w[1]
		}
	}
	return w[0]
}

func linked(names []string) string {
	links := make([]string, len(names))
	for i, n := range names {
		links[i] = fmt.Sprintf("[%s](#%s)", n, anchor(n))
	}
	return strings.Join(links, ", ")
}

var notInAnchors = regexp.MustCompile(`[^a-z0-9 _-]`)

// anchor is what GitHub and its like make of a heading.
func anchor(heading string) string {
	return strings.ReplaceAll(notInAnchors.ReplaceAllString(strings.ToLower(heading), ""), " ", "-")
}

// cell is text within a table.
func cell(s string) string {
	return strings.NewReplacer("|", "\\|", "<", "&lt;", "\n", " ").Replace(s)
}

func plain(d time.Duration) string {
	switch {
	case d%time.Hour == 0:
		return fmt.Sprintf("%d h", d/time.Hour)
	case d%time.Minute == 0:
		return fmt.Sprintf("%d min", d/time.Minute)
	default:
		return fmt.Sprintf("%d s", d/time.Second)
	}
}
