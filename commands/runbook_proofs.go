package commands

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// proof is one script that shows something, and whether it passed in the lab.
type proof struct {
	script string
	inLab  bool
}

type evidence []proof

// evidenceOf reads what scripts prove, by their own words: "found F1", "repaired F1".
func evidenceOf(scripts map[string]string, passed string) map[string]evidence {
	inLab := map[string]bool{}
	for line := range strings.Lines(passed) {
		if script, _, dated := strings.Cut(line, " "); dated {
			inLab[script] = true
		}
	}
	found := map[string]evidence{}
	for _, name := range slices.Sorted(maps.Keys(scripts)) {
		one := proof{script: name, inLab: inLab[name]}
		for line := range strings.Lines(scripts[name]) {
			words := strings.Fields(line)
			if len(words) < 2 || words[0] != "found" && words[0] != "repaired" {
				continue
			}
			for _, row := range words[1:] {
				row, _, _ = strings.Cut(row, ":") // by which check does not matter here
				what := words[0] + " " + row
				if !slices.Contains(found[what], one) {
					found[what] = append(found[what], one)
				}
			}
		}
	}
	return found
}

func (p evidence) sim() string { return p.numbers(func(proof) bool { return true }) }

func (p evidence) lab() string { return p.numbers(func(p proof) bool { return p.inLab }) }

// numbers are the scripts that count, as links.
func (p evidence) numbers(counts func(proof) bool) string {
	var all []string
	for _, one := range p {
		if counts(one) {
			number, _, _ := strings.Cut(one.script, "-")
			all = append(all, fmt.Sprintf("[%s](../../scripts/%s.txtar)", number, one.script))
		}
	}
	if len(all) == 0 {
		return "-"
	}
	return strings.Join(all, ", ")
}
