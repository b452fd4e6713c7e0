package explain_test

import (
	"strings"
	"testing"

	"vmqbot/answer"
	"vmqbot/explain"
)

// TestDoubt is what is said of an answer that nobody can understand.
func TestDoubt(t *testing.T) {
	for _, c := range []struct {
		command     string
		exit        int
		stdout, why string
	}{
		{"vernemq ping", 1, "pong\n", "its words are those of exit status 0 and not of 1"},
		{"weave ps", 0, "weave container is not present. Have you launched it?\n", "its words are those of exit status 1 and not of 0"},
		{"weave ps", 137, "", "it is empty, with exit status 137"},
		{"weave ps", 0, " \n\t", ""},
		{"vernemq ping", 0, "pang\n", "it was cut short or changed on its way"},
		{"weave status peers", 0, "\x00\xff", "it was cut short or changed on its way"},
		{"ip addr", 0, "1: lo\n", "it was cut short or changed on its way"},
	} {
		a := answer.Answer{Argv: strings.Fields(c.command), Exit: c.exit, Stdout: c.stdout}
		if m, ok := explain.Meaning(a); ok && c.why != "" {
			t.Errorf("%s: %q is understood: %+v", c.command, c.stdout, m)
		}
		if why := explain.Doubt(a); !strings.HasPrefix(why, c.why) {
			t.Errorf("%s: %q: %q, want %q", c.command, c.stdout, why, c.why)
		}
	}
}

// TestName leaves out everything that may be a secret.
func TestName(t *testing.T) {
	for command, want := range map[string]string{
		"":                                  "",
		"weave status peers":                "weave status peers",
		"weave attach 10.0.0.1/24 c1":       "weave attach 10.0.0.1/24",
		"vmq-admin set distributed_cookie=": "vmq-admin set",
		"vmq-admin api-key add key=abc":     "vmq-admin api-key add",
		"curl -u abc: http://h:8888/health": "curl",
		"curl http://abc@h:8888/health":     "curl",
		"nodetool -setcookie abc ping":      "nodetool",
	} {
		if got := explain.Name(answer.Answer{Argv: strings.Fields(command)}); got != want {
			t.Errorf("%q is named %q, want %q", command, got, want)
		}
	}
}
