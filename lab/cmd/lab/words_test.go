package main

import (
	"bytes"
	"maps"
	"slices"
	"strings"
	"testing"

	"vmqbot/sim"
)

// ofTheLab are the words that mean something only where machines are real, or
// that stand beside the fleet; ofSim those that only a process in memory has.
var (
	ofTheLab = []string{"up", "down"}
	ofSim    = []string{"help"} // the lab prints its usage for it
)

// TestBothWorldsKnowTheSameWords: scripts break and mend the lab and the
// simulated fleet by the same words.
func TestBothWorldsKnowTheSameWords(t *testing.T) {
	lab := slices.Sorted(maps.Keys(verbs))
	lab = slices.DeleteFunc(lab, func(w string) bool { return slices.Contains(ofTheLab, w) })
	var out bytes.Buffer
	if exit := new(sim.Fleet).Do(t.Context(), sim.Streams{Out: &out}, "help"); exit != 0 {
		t.Fatalf("help of the simulated fleet: exit %d", exit)
	}
	var simulated []string
	for line := range strings.Lines(out.String()) {
		if w := strings.Fields(line)[0]; !slices.Contains(ofSim, w) {
			simulated = append(simulated, w)
		}
	}
	slices.Sort(simulated)
	if !slices.Equal(lab, simulated) {
		t.Errorf("the lab has %q\nthe simulated fleet %q", lab, simulated)
	}
	for _, w := range lab {
		if !strings.Contains(usage, "\n  lab "+w+" ") {
			t.Errorf("the usage does not tell %s", w)
		}
	}
}
