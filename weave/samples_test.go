package weave

import (
	"strings"
	"testing"

	"vmqbot/answer"
)

// Every recorded run is either in the table of answers, and means what the
// table says, or in the table of other tools. A new file without a row fails.
func TestSamples(t *testing.T) {
	rows := map[string]int{}
	for i, s := range samples {
		rows[s.file] = i
	}
	for _, file := range sampleFiles(t) {
		a, ours := sample(t, file)
		i, listed := rows[file]
		why := notWeaveSamples[file]
		delete(rows, file)
		switch {
		case listed == (why != ""):
			t.Errorf("%s: must be in exactly one of the tables", file)
		case listed != ours:
			t.Errorf("%s: the command %q is in the wrong table", file, a.Command())
		case !ours:
			if m, ok := Explain(a); ok {
				t.Errorf("%s %s, but it was explained: %+v", file, why, m)
			}
		default:
			t.Run(file, func(t *testing.T) { checkSample(t, a, i) })
		}
	}
	for file := range rows {
		t.Errorf("%s is in the table, but there is no such file", file)
	}
}

func checkSample(t *testing.T, a answer.Answer, row int) {
	want := samples[row]
	for name, variant := range pasted(a) {
		m, ok := Explain(variant)
		if !ok {
			t.Fatalf("%s: not recognized", name)
		}
		if m.Tool != "weave" || m.Verb != want.verb {
			t.Errorf("%s: %s %q, want weave %q", name, m.Tool, m.Verb, want.verb)
		}
		kind := ""
		if d, ok := m.Facts.(Details); ok {
			kind = string(d.Refusal)
		}
		if got := brief(m.Facts); kind != want.kind || got != want.facts {
			t.Errorf("%s:\n got %q %s\nwant %q %s", name, kind, got, want.kind, want.facts)
		}
		if !strings.HasSuffix(m.Meaning, ".") || strings.Contains(m.Meaning, "  ") || strings.Contains(m.Meaning, "%!") {
			t.Errorf("%s: the meaning is no sentence: %q", name, m.Meaning)
		}
	}
}

// pasted gives an answer as terminals, chats and editors pass it on.
func pasted(a answer.Answer) map[string]answer.Answer {
	crlf := a
	crlf.Stdout = strings.ReplaceAll(a.Stdout, "\n", "\r\n")
	crlf.Stderr = strings.ReplaceAll(a.Stderr, "\n", "\r\n")
	trailing := a
	if a.Stdout != "" {
		trailing.Stdout += "\n \n\n"
	}
	all := map[string]answer.Answer{"as recorded": a, "with CRLF": crlf, "with blank lines at the end": trailing}
	if a.Exit != 0 {
		merged := a
		merged.Stdout, merged.Stderr = a.Stderr+a.Stdout, ""
		all["both streams in one"] = merged
	}
	return all
}
