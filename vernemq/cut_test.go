package vernemq

import (
	"strings"
	"testing"

	"vmqbot/answer"
)

// TestCutAnswersAreRefused cuts every recorded answer at every byte. What is
// left must not be understood, unless it says the same still, or is itself
// something that the command can print.
func TestCutAnswersAreRefused(t *testing.T) {
	for file, row := range meanings {
		if row.is == notOurs || row.is == garbledAnswer {
			continue
		}
		a, _ := sample(t, file)
		whole, _ := Explain(a)
		want := asJSON(t, whole.Facts)
		step := 1 + len(a.Stdout)/400
		for n := 0; n < len(a.Stdout); n += step {
			b := a
			b.Stdout = a.Stdout[:n]
			checkCut(t, file, b, row.is, whole, want)
		}
		for n := range len(a.Stderr) {
			b := a
			b.Stderr = a.Stderr[:n]
			checkCut(t, file, b, row.is, whole, want)
		}
	}
}

func checkCut(t *testing.T, file string, b answer.Answer, is string, whole answer.Meaning, want string) {
	t.Helper()
	m, ok := Explain(b)
	if !ok {
		return
	}
	r, refused := m.Facts.(Details)
	switch w, _ := whole.Facts.(Details); {
	case asJSON(t, m.Facts) == want:
	case refused && (r.Refusal == w.Refusal || r.Refusal == Unconfirmed):
	case is == facts && printable(m.Verb, b.Stdout) && (!wantsJSON(b.Argv) || b.Stdout != ""):
	default:
		t.Errorf("%s cut to %q is understood as %s", file, tail(b.Stdout+b.Stderr), asJSON(t, m.Facts))
	}
}

// printable are the beginnings of answers that are whole answers themselves.
func printable(verb, out string) bool {
	shown := strings.TrimRight(out, " \n")
	switch {
	case strings.HasSuffix(shown, "-+"): // a table that ends with its rule is a table
		return true
	case shown == "":
		return verb == "session show" || verb == "webhooks show" || verb == "plugin show" || verb == "retain show" || verb == "start"
	}
	switch verb {
	case "start":
		return strings.HasSuffix(shown, "\n!!!!") // 1.x says no more
	case "stop", "restart":
		return shown == "ok"
	case "cluster leave":
		return strings.HasSuffix(out, "Done\n") || strings.HasPrefix(shown, "Usage: vmq-admin")
	case "metrics show", "config effective", "/metrics": // any number of lines, each with its newline
		return strings.HasSuffix(out, "\n")
	case "session show", "cluster join", "help":
		return strings.HasPrefix(shown, "Usage: vmq-admin")
	}
	return false
}

func tail(s string) string {
	if len(s) > 60 {
		return "…" + s[len(s)-60:]
	}
	return s
}

// TestGarbledAnswersAreRefused: an answer to another question, a wrong exit
// status, or a page of something else is not understood.
func TestGarbledAnswersAreRefused(t *testing.T) {
	junk := []string{"", " ", "{", "{}", "[]", "null", "pong pong", "<html></html>", "+--+\n", "Done Done", "true",
		`{"table":[{"Node":1}],"type":"table"}`, `{"type":"text"}`, `{"text":"Done","type":"text"}{"text":"Done","type":"text"}`,
		"+---+\n| a |\n+---+\n", "a,b\n1\n", "\x00\x01", "ok!", "OKAY", "{error,", "HTTP/1.1 200 OK\n", "HTTP/1.1 200 OK\n\n"}
	for _, v := range verbs() {
		argv := append([]string{v.tool}, strings.Fields(v.name)...)
		if v.tool == "curl" {
			argv = []string{"curl", "-i", "http://127.0.0.1:8888" + v.name}
		}
		for _, out := range junk {
			m, ok := Explain(answer.Answer{Argv: argv, Stdout: out})
			if ok && !printable(v.name, out) && !legitEmpty(v.name, out) {
				t.Errorf("%v: %q is understood as %+v", argv, out, m)
			}
		}
		if m, ok := Explain(answer.Answer{Argv: argv, Exit: 137}); ok {
			t.Errorf("%v: exit status 137 without a word is understood as %+v", argv, m)
		}
	}
}

// legitEmpty are the few answers of one word or none.
func legitEmpty(verb, out string) bool {
	switch strings.TrimSpace(out) {
	case "":
		return verb == "set" || verb == "api-key show"
	case "[]":
		return verb == "rpcterms vmq_config get_env"
	}
	return strings.HasPrefix(out, `{"table":[{`) && (verb == "" || verb == "/api/v1") // any table will do
}
