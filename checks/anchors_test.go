package checks_test

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"vmqbot/alerts"
	"vmqbot/checks"
	"vmqbot/regions"
)

// headings are the anchors of a page, in which one that comes twice is none.
func headings(t *testing.T, file string) map[string]bool {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]bool{}
	for line := range strings.Lines(string(b)) {
		if title := strings.TrimLeft(line, "#"); title != line && strings.HasPrefix(title, " ") {
			a := anchor(strings.TrimSpace(title))
			if _, twice := found[a]; twice {
				t.Errorf("%s: two headings are %q", file, a)
			}
			found[a] = true
		}
	}
	return found
}

// TestEveryAlertLinksToItsHeading: what is told of a check, or made of others, is
// explained where the link of its alert leads.
func TestEveryAlertLinksToItsHeading(t *testing.T) {
	const page = "https://git.example.net/checks.md"
	there := headings(t, "../docs/runbooks/checks.md")
	names := []string{alerts.Blind, alerts.Isolated, alerts.Self, alerts.Storm, alerts.Scheduled}
	for _, c := range checks.All() {
		names = append(names, c.Name)
	}
	f := &regions.Fleet{}
	for _, name := range names {
		if !alerts.Derived(name) {
			if _, known := checks.Find(name); !known {
				t.Errorf("%s is neither a check nor made of others", name)
			}
		}
		f.Checks.Runbook = page
		anchor, ours := strings.CutPrefix(alerts.Runbook(f, name), page+"#")
		if !ours || !there[anchor] {
			t.Errorf("the link of %s is %q, and docs/runbooks/checks.md has no such heading", name, alerts.Runbook(f, name))
		}
		if f.Checks.Runbook = ""; alerts.Runbook(f, name) != "" {
			t.Errorf("%s has a link without a page", name)
		}
	}
}

var within = regexp.MustCompile(`\]\(([a-z/.]*)#([^)]+)\)`)

// TestTheRunbooksOwnLinks lead to headings too.
func TestTheRunbooksOwnLinks(t *testing.T) {
	const page = "../docs/runbooks/checks.md"
	b, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	there := map[string]map[string]bool{"": headings(t, page), "../commands.md": headings(t, "../docs/commands.md")}
	links := within.FindAllStringSubmatch(string(b), -1)
	for _, l := range links {
		if !there[l[1]][l[2]] {
			t.Errorf("%s leads nowhere", l[0])
		}
	}
	if len(links) < len(checks.All()) {
		t.Errorf("only %d links were found", len(links))
	}
}
