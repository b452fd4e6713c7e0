package weave

import (
	"strings"
	"testing"

	"vmqbot/answer"
)

// A terminal pads the lines that are copied from it with blanks.
func TestPaddedLines(t *testing.T) {
	for _, s := range samples {
		a, _ := sample(t, s.file)
		if s.kind != "" || a.Exit != 0 || s.verb == "help" {
			continue
		}
		whole, _ := Explain(a)
		a.Stdout = strings.ReplaceAll(a.Stdout, "\n", "    \n")
		if m, ok := Explain(a); !ok || brief(m.Facts) != brief(whole.Facts) {
			t.Errorf("%s padded with blanks is recognized: %t\n got %q\nwant %q", s.file, ok, brief(m.Facts), brief(whole.Facts))
		}
	}
}

// Silence is an answer only to a command that names somebody.
func TestSilenceAboutNobody(t *testing.T) {
	for command, want := range map[string]string{
		"weave connect":           "",
		"weave forget":            "",
		"weave connect --replace": "Weave dials nobody any more",
		"weave forget us-1":       "Weave no longer dials us-1",
	} {
		m, ok := Explain(answer.Answer{Argv: strings.Fields(command)})
		if ok != (want != "") || !strings.HasPrefix(m.Meaning, want) {
			t.Errorf("%s: recognized %t, %q, want %q", command, ok, m.Meaning, want)
		}
	}
}

// Words of a failure beside exit status 0, which is what a paste without its
// exit status looks like, are no success.
func TestForgottenExitStatus(t *testing.T) {
	for _, s := range samples {
		a, _ := sample(t, s.file)
		if s.kind == "" || a.Exit == 0 || blank(a.Stderr) {
			continue
		}
		a.Exit = 0
		if m, ok := Explain(a); ok {
			t.Errorf("%s with exit status 0 is understood: %s", s.file, m.Meaning)
		}
	}
	a := answer.Answer{Argv: []string{"weave", "stop"}, Stderr: "WARNING: something odd\n"}
	if m, ok := Explain(a); !ok || !strings.Contains(m.Meaning, "something odd") {
		t.Errorf("a warning beside success is %t, %q", ok, m.Meaning)
	}
}
