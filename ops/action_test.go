package ops_test

import (
	"encoding/json"
	"os/exec"
	"strings"
	"testing"

	"vmqbot/ops"
	"vmqbot/secret"
)

// TestLine is how words look to a reader: as one would type them.
func TestLine(t *testing.T) {
	for want, words := range map[string][]ops.Word{
		"":                              nil,
		"''":                            {{}},
		"weave ps":                      secret.Words("weave", "ps"),
		"weave attach 10.0.0.1/24 c":    secret.Words("weave", "attach", "10.0.0.1/24", "c"),
		"vmq-admin set a=b":             secret.Words("vmq-admin", "set", "a=b"),
		"nodetool -name a@b":            secret.Words("nodetool", "-name", "a@b"),
		`x 'a b' '$HOME' '~' '*'`:       secret.Words("x", "a b", "$HOME", "~", "*"),
		`x 'it'\''s' '"' '\'`:           secret.Words("x", "it's", `"`, `\`),
		`x '$(reboot)' ';' '|' '&'`:     secret.Words("x", "$(reboot)", ";", "|", "&"),
		`x 'a$' '$a' 'ü' '#'`:           secret.Words("x", "a$", "$a", "ü", "#"),
		`x $'a\n 2. b\x1b[1m\'"\u202e'`: secret.Words("x", "a\n 2. b\x1b[1m'\"\u202e"),
		"x -P [redacted] y":             {secret.Plain("x"), secret.Plain("-P"), secret.Hidden("a b"), secret.Plain("y")},
	} {
		if got := ops.Line(words); got != want {
			t.Errorf("%v is shown as %s, want %s", secret.Reveal(words), got, want)
		}
	}
}

// What is shown would be taken apart into the same words by a shell.
func TestLineIsTruthful(t *testing.T) {
	words := []string{"a", "", "a b", "it's", "$HOME", "`id`", "\\", "\\\\n", "\"", "*", "?", "~", "!", "a=b", "#x", ";", "&", "(", "{a,b}", "<", "ü", "%s", "--", "[x]"}
	out, err := exec.Command("sh", "-c", "printf '%s\\0' "+ops.Line(secret.Words(words...))).Output()
	if got := strings.Split(strings.TrimSuffix(string(out), "\x00"), "\x00"); err != nil || strings.Join(got, "|") != strings.Join(words, "|") {
		t.Errorf("a shell reads %q, %v, want %q", got, err, words)
	}
}

func TestActions(t *testing.T) {
	for want, a := range map[string]ops.Action{
		"$ weave ps":                   ops.Run{Argv: secret.Words("weave", "ps")},
		"$ docker exec c vernemq ping": ops.Exec{Container: "c", Argv: secret.Words("vernemq", "ping"), Judge: ops.Ping},
		"$ docker start 'my c'":        ops.StartContainer{Container: "my c"},
		"wait for both directions":     ops.Wait{For: "both directions"},
		"write '/etc/a b' (2 bytes, mode 0644, sha256 8f434346648f6b96df89dda901c5176b10a6d83961dd3c1ac88b59b2dc327aa4)": ops.WriteFile{Path: "/etc/a b", Content: []byte("hi"), Mode: 0o644},
		"cancel 4f2a91":                    ops.CancelOperation{ID: "4f2a91"},
		"$ docker exec c x -P [redacted]":  ops.Exec{Container: "c", Argv: append(secret.Words("x", "-P"), secret.Hidden("hunter2"))},
		"$ docker exec '; reboot' vernemq": ops.Exec{Container: "; reboot", Argv: secret.Words("vernemq")},
	} {
		if a.String() != want {
			t.Errorf("%#v is shown as %s, want %s", a, a, want)
		}
		if b, err := json.Marshal(a); err != nil || strings.Contains(string(b), "hunter2") {
			t.Errorf("%s as JSON is %s, %v", want, b, err)
		}
	}
}

// Showing an action must not write into the words that it holds.
func TestStringKeepsTheWords(t *testing.T) {
	words := make([]ops.Word, 1, 9)
	words[0] = secret.Plain("ps")
	e := ops.Exec{Container: "c", Argv: words}
	if one, two := e.String(), e.String(); one != two || words[:2][1] != (ops.Word{}) {
		t.Errorf("%s, then %s, %v", one, two, words[:2])
	}
}
