package conf

import (
	"fmt"
	"slices"
	"strings"

	"vmqbot/regions"
)

// Problem is one thing about a node's settings that can be seen before
// anything stops. No sentence holds a secret.
type Problem struct {
	Key   string // of vernemq.conf, or "" for the node as a whole
	Msg   string // what is wrong, one sentence
	Fix   string // what to write instead, one sentence
	Stops bool   // it cannot work; what does not stop is told and left to people
	Early bool   // it is a listener of File.Early, which opens before anybody wants it to
}

// String is both sentences.
func (p Problem) String() string { return p.Msg + " " + p.Fix }

// Stops reports whether any problem cannot work.
func Stops(ps []Problem) bool {
	return slices.ContainsFunc(ps, func(p Problem) bool { return p.Stops })
}

// Problems lists what is wrong with the settings that Render would write for
// a node: first what cannot work, then what people should know. schema is
// what the version knows, or nil; keys that it lacks are told and not
// refused, because VerneMQ in the image is asked before anything stops.
func Problems(n regions.Node, v Version, schema Schema) []Problem {
	j := judge{node: n, version: v, schema: schema, words: planned(n, v)}
	j.listeners()
	j.ports()
	j.keys()
	j.versions()
	slices.SortStableFunc(j.found, func(a, b Problem) int {
		switch {
		case a.Stops == b.Stops:
			return 0
		case a.Stops:
			return -1
		}
		return 1
	})
	return j.found
}

// Problems lists what is wrong with a file that was read.
func (s Settings) Problems() []Problem {
	var ps []Problem
	for _, t := range s.Twice {
		ps = append(ps, Problem{
			Key: t.Key,
			Msg: fmt.Sprintf("%s stands on lines %s, and VerneMQ takes the last one without a word.", t.Key, list(t.Lines)),
			Fix: "Keep one of them.",
		})
	}
	for _, name := range s.Includes {
		ps = append(ps, Problem{
			Key: keyInclude,
			Msg: "the file includes " + name + ", which overrides it and which the next deploy no longer reads.",
			Fix: "Move those settings into the fleet file.",
		})
	}
	return ps
}

func list(numbers []int) string {
	words := make([]string, len(numbers))
	for i, n := range numbers {
		words[i] = fmt.Sprint(n)
	}
	last := len(words) - 1
	return strings.Join(words[:last], ", ") + " and " + words[last]
}
