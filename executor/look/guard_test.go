package look

import (
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"vmqbot/answer"
	"vmqbot/facts"
	"vmqbot/guard"
	"vmqbot/regions"
)

const stateOf = `{"config":"{\"cluster\":\"release\",\"region\":\"cn\",\"node\":\"cn-1\",\"container\":\"vernemq-release-cn-1\",\"address\":\"10.0.0.1/24\",\"present_ns\":90000000000,\"grace_ns\":10000000000}","program":"ab","version":"v1","pid":7,"began":"2026-03-01T12:00:00Z","looked":"2026-03-01T12:00:00Z","word":"attached","why":"w","given":1,"manager":"systemd","runs":true}`

// asked runs the script in a real shell, with a guard that says something.
func asked(t *testing.T, guard string) answer.Answer {
	t.Helper()
	program := filepath.Join(t.TempDir(), "guard-cn-1")
	if guard != "" {
		if err := os.WriteFile(program, []byte("#!/bin/sh\n"+guard+"\n"), 0o755); err != nil { //nolint:gosec // it must be executable
			t.Fatal(err)
		}
	}
	var said strings.Builder
	c := exec.CommandContext(t.Context(), "sh", "-c", guardScript, "vmqbot-guard", program, "cn-1")
	c.Stderr = &said
	out, err := c.Output()
	if err != nil {
		t.Fatal(err)
	}
	return answer.Answer{Stdout: string(out), Stderr: said.String()}
}

func TestGuardIsAsked(t *testing.T) {
	v := view{node: regions.Node{Name: "cn-1", Container: "vernemq-release-cn-1", Address: netip.MustParsePrefix("10.0.0.1/24")}}
	for name, c := range map[string]struct {
		guard string
		blind facts.Blind // of its state
	}{
		"it answers":             {"echo '" + stateOf + "'", ""},
		"there is none":          {"", facts.Absent},
		"it fails":               {"echo broken >&2; exit 3", facts.Failed},
		"it says half":           {"echo '" + stateOf[:200] + "'", facts.Unreadable},
		"it says nothing":        {"true", facts.Unreadable},
		"it forges the end mark": {"echo '@0 none 0'", facts.Unreadable},
	} {
		a := asked(t, c.guard)
		g, ok := v.parseGuard(facts.Guard{Ours: "ab"}, a).Get()
		if name == "it forges the end mark" && !ok {
			continue // not understood as a whole is right, too
		}
		if !ok || g.State.Blind() != c.blind || !strings.HasPrefix(g.Machine, "Linux ") {
			t.Errorf("%s: %t %+v %q", name, ok, g, g.State.Blind())
		}
	}
	whole := asked(t, "echo '"+stateOf+"'").Stdout
	for i := range whole {
		if g, ok := v.parseGuard(facts.Guard{}, answer.Answer{Stdout: whole[:i]}).Get(); ok {
			t.Errorf("cut at %d it was read: %+v", i, g)
		}
	}
}

// TestEachLookTellsTheGuard: where there is the guard's file, the reader empties it
// at every look; where there is none, nothing is made and nothing said.
func TestEachLookTellsTheGuard(t *testing.T) {
	if !strings.Contains(script, "s="+guard.SeenFile+"\n") {
		t.Fatalf("the reader does not touch %s", guard.SeenFile)
	}
	file := filepath.Join(t.TempDir(), "seen")
	read := func() string {
		c := exec.CommandContext(t.Context(), "sh", "-c", strings.Replace(script, guard.SeenFile, file, 1))
		c.Stdin = strings.NewReader("0 0\n1 0\n")
		out, err := c.CombinedOutput()
		if err != nil || !strings.Contains(string(out), "@1 end 0") {
			t.Fatalf("%v\n%s", err, out)
		}
		return string(out)
	}
	read()
	if _, err := os.Stat(file); err == nil {
		t.Fatal("it made a file that no guard asked for")
	}
	if err := os.WriteFile(file, []byte("no bot has looked yet\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	old := time.Now().Add(-time.Hour)
	if err := os.Chtimes(file, old, old); err != nil {
		t.Fatal(err)
	}
	read()
	i, err := os.Stat(file)
	if err != nil || i.Size() != 0 || time.Since(i.ModTime()) > time.Minute {
		t.Errorf("%v %v", i, err)
	}
}
