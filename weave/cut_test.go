package weave

import (
	"reflect"
	"strings"
	"testing"

	"vmqbot/answer"
)

// complete is written without the parsers: whether a piece of an answer is
// itself a whole answer of the verb (see the package comment).
func complete(verb, piece, whole string) bool {
	if strings.HasSuffix(piece, "\n") && strings.TrimSpace(piece) == strings.TrimSpace(whole) && verb != "status" {
		return true
	}
	switch verb {
	case "connect", "forget", "stop", "reset", "status ipam":
		return piece == ""
	case "status connections", "status targets", "status dns":
		return piece == "" || strings.HasSuffix(piece, "\n")
	case "ps":
		return strings.HasSuffix(piece, "\n")
	case "status peers":
		first, _, _ := strings.Cut(whole, "\n")
		return piece == first+"\n"
	case "status":
		return strings.HasSuffix(piece, "\n\n") && strings.Contains(piece, "TrustedSubnets: ")
	case "report":
		return strings.TrimSpace(piece) == strings.TrimSpace(whole)
	}
	return false
}

// A recorded answer that is cut anywhere is refused, unless the piece is a
// whole answer; then it holds the first facts of the whole and no others.
func TestCutAnswers(t *testing.T) {
	for _, s := range samples {
		a, _ := sample(t, s.file)
		if s.kind != "" || a.Exit != 0 {
			continue
		}
		step := 1 + len(a.Stdout)/900
		for i := 0; i < len(a.Stdout); i += step {
			piece := a
			piece.Stdout = a.Stdout[:i]
			m, ok := Explain(piece)
			want := complete(s.verb, piece.Stdout, a.Stdout)
			if ok != want {
				t.Fatalf("%s cut after %d bytes: recognized %t, want %t:\n%s", s.file, i, ok, want, piece.Stdout)
			}
			if ok && !strings.HasPrefix(s.facts, brief(m.Facts)) && s.verb != "status dns" && s.verb != "status targets" {
				t.Errorf("%s cut after %d bytes: %q does not begin %q", s.file, i, brief(m.Facts), s.facts)
			}
		}
	}
}

// What stands on standard error changes the meaning too.
func TestCutStandardError(t *testing.T) {
	for _, s := range samples {
		a, _ := sample(t, s.file)
		for i := 1; i < len(a.Stderr)-1; i += 1 + len(a.Stderr)/300 {
			piece := a
			piece.Stderr = a.Stderr[:i]
			m, ok := Explain(piece)
			if !ok || strings.TrimSpace(piece.Stderr) == strings.TrimSpace(a.Stderr) {
				continue
			}
			// A refusal may lose words that are not part of its meaning, and the
			// usage page its last line; a typed answer may lose nothing.
			whole, _ := Explain(a)
			if !reflect.DeepEqual(m, whole) || s.kind == "" && s.verb != "help" {
				t.Fatalf("%s: standard error cut after %d bytes is taken for an answer: %+v\n%s", s.file, i, m, piece.Stderr)
			}
		}
	}
}

// Lines of one answer that come in another order or twice mean the same or
// nothing at all.
func TestGarbledAnswers(t *testing.T) {
	for _, s := range samples {
		a, _ := sample(t, s.file)
		if s.kind != "" || a.Exit != 0 || blank(a.Stdout) {
			continue
		}
		for name, change := range map[string]func(string) string{
			"a NUL byte":         func(s string) string { return s[:1] + "\x00" + s[1:] },
			"broken UTF-8":       func(s string) string { return s + "\xff\n" },
			"an escape sequence": func(s string) string { return "\x1b[1m" + s },
			"a strange line":     func(s string) string { return s + "Segmentation fault (core dumped)\n" },
			"a strange start":    func(s string) string { return "{]\n" + s },
			"no first character": func(s string) string { s = strings.TrimSpace(s) + "\n"; return s[4:] },
		} {
			bad := a
			bad.Stdout = change(a.Stdout)
			if m, ok := Explain(bad); ok && !harmless(s.verb, name) {
				t.Errorf("%s with %s was understood: %s", s.file, name, brief(m.Facts))
			}
		}
		failed := a
		failed.Exit = 137
		if m, ok := Explain(failed); ok {
			t.Errorf("%s: an answer of a killed command was understood: %s", s.file, m.Meaning)
		}
	}
}

// harmless names the changes that leave an answer which means something:
// docker's words before the identifier of a launch, and a shorter target.
func harmless(verb, change string) bool {
	return verb == "launch" && change == "a strange start" || verb == "status targets" && change == "no first character"
}

func TestNotWeave(t *testing.T) {
	for _, argv := range [][]string{nil, {}, {"docker", "ps"}, {"weaver", "status"}, {"vernemq", "ping"}} {
		if m, ok := Explain(answer.Answer{Argv: argv}); ok {
			t.Errorf("%q was explained: %+v", argv, m)
		}
	}
	for _, argv := range [][]string{{"weave"}, {"weave", "expose"}, {"weave", "status", "connections", "peers"}} {
		if m, ok := Explain(answer.Answer{Argv: argv, Stdout: "something\n"}); ok {
			t.Errorf("%q was explained: %+v", argv, m)
		}
	}
}
