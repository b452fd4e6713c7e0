package commands

import (
	"fmt"
	"strings"
)

//go:generate go test . -run TestGenerated -update

// Markdown is docs/commands.md, generated from the registry.
func Markdown() string {
	var b strings.Builder
	b.WriteString("<!-- Generated from commands/ by `make docs`. DO NOT EDIT. -->\n\n# Verbs\n\n| verb | what it does | role | changes something |\n|---|---|---|---|\n")
	for _, c := range All() {
		changes := "no"
		if c.Changes() {
			changes = "yes: plan, consent, lock"
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s |\n", c.Usage(), c.Summary, c.Role, changes)
	}
	b.WriteString("\nTARGET is a region, a node or `all`. From a terminal: `bot run --config fleet.yaml -- VERB ARGS`.\n")
	for _, c := range All() {
		fmt.Fprintf(&b, "\n## %s\n\n```\n%s```\n", c.Name, c.manual())
	}
	return b.String()
}
