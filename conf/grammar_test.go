package conf_test

import (
	"regexp"
	"testing"

	"vmqbot/conf"
)

// settingLine is a setting as cuttlefish's grammar has it (conf_parse.peg).
var settingLine = regexp.MustCompile(`^[ \t]*((?:\\\.|[A-Za-z0-9_-])+(?:\.(?:\\\.|[A-Za-z0-9_-])+)*)[ \t]*=[ \t]*(.*)$`)

// TestParseKeepsToTheGrammar: of all short lines of the letters that matter, the
// settings and their keys are those of the grammar.
func TestParseKeepsToTheGrammar(t *testing.T) {
	const longest = 6
	settings := 0
	var try func(line string)
	try = func(line string) {
		key := ""
		if m := settingLine.FindStringSubmatch(line); m != nil {
			key = m[1]
		}
		s, err := conf.Parse(line)
		got := s.Keys()
		if _, valued := s.Get(key); key != "" && err == nil && (len(got) != 1 || !valued) || key == "" && len(got) > 0 {
			t.Errorf("%q has the keys %q, want %q", line, got, key)
		}
		if len(got) > 0 {
			settings++
		}
		if key != "" && err != nil && err.Error() != "line 1 has no value after "+key+". Write key = value, or start the line with #." {
			t.Errorf("%q: %v", line, err)
		}
		if len(line) == longest {
			return
		}
		for _, c := range []string{"a", "Z", "_", ".", `\`, "=", " ", "\t"} {
			try(line + c)
		}
	}
	try("")
	if settings < 1000 {
		t.Errorf("only %d of them are settings", settings)
	}
}
