package main

import (
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

const (
	peers = "aa:bb:cc:00:00:01(my host (old))\n   -> 192.168.7.2:6783      aa:bb:cc:00:00:02(ü)                 established\n" +
		"aa:bb:cc:00:00:02(ü)\n   <- 192.168.7.1:40000     aa:bb:cc:00:00:01(my host (old))                 established\n"
	absent = "weave container is not present. Have you launched it?\n"
	kept   = "command: weave status peers\nexit: 0\n-- stdout --\n" + peers + "-- stderr --\n"
)

// TestExplain is what people paste, and what it means.
func TestExplain(t *testing.T) {
	w := newWorld(t)
	errs := w.write("errors", absent)
	for _, c := range []struct {
		args           []string
		stdin          string
		exit           int
		stdout, stderr string
	}{
		{[]string{"--command", "weave status peers", "--exit", "0"}, peers, 0, "weave status peers: 2 peers in the mesh: my host (old) (aa:bb:cc:00:00:01), ü", ""},
		{[]string{"--command", "sudo weave status peers"}, peers, 0, "Every pair is connected", ""},
		{[]string{"--command", "docker exec -it cn vernemq ping"}, "pong\r\n", 0, "vernemq ping: The broker process answers", ""},
		{[]string{"--command", "weave status peers", "--exit", "1"}, absent, 0, "Weave is not launched on this host", ""},
		{[]string{"--command", "weave status peers", "--exit=1", "--stderr", errs}, "", 0, "Weave is not launched on this host", ""},
		{[]string{"--command", "weave status peers"}, peers[:len(peers)-30], 1, "", `the answer of "weave status peers" is not recognized: it was cut short`},
		{[]string{"--command", "weave status peers"}, absent, 1, "", "its words are those of exit status 1 and not of 0"},
		{[]string{"--command", "vernemq ping", "--exit", "1"}, "pong\n", 1, "", "its words are those of exit status 0 and not of 1"},
		{[]string{"--command", "vernemq ping"}, "", 1, "", "it is empty, with exit status 0"},
		{[]string{"--command", "ls -l"}, "total 0\n", 1, "", `bot: not recognized: the command "ls -l" is not one of weave`},
		{[]string{"--command", "weave ps; weave status"}, "\n", 1, "", "is 2 commands in one"},
		{[]string{"--command", "vmq-admin api-key add key=hunter2"}, "x", 1, "", `the answer of "vmq-admin api-key add" is not`},
		{nil, "", 2, "", "explain wants --command and an answer on standard input, or files"},
		{[]string{"--command", " "}, "", 2, "", "explain wants --command"},
		{[]string{"--command", "weave ps", "x.txtar"}, "", 2, "", "takes --command or files, not both"},
		{[]string{"--exit", "1", "x.txtar"}, "", 2, "", "takes --exit and --stderr with --command only"},
		{[]string{"--command", "weave ps", "--exit", "256"}, "", 2, "", "wants an exit status from 0 to 255, not 256"},
		{[]string{"--command", "weave ps", "--exit", "-1"}, "", 2, "", "wants an exit status from 0 to 255, not -1"},
		{[]string{"--command", "weave ps", "--exit", "one"}, "", 2, "", `invalid value "one" for flag -exit`},
		{[]string{"--command", "weave ps", "--stderr", "no/such"}, "", 2, "", "The file with the error output cannot be read"},
		{[]string{"no/such.txtar"}, "", 2, "", "no/such.txtar: no such file or directory"},
	} {
		w.wants(w.paste(c.stdin, append([]string{"explain"}, c.args...)...), c.exit, c.stdout, c.stderr)
	}
}

// TestExplainFiles: each file is said, whatever is wrong with the others.
func TestExplainFiles(t *testing.T) {
	w := newWorld(t)
	good, cut := w.write("good.txtar", kept), w.write("cut.txtar", kept[:100])
	other := w.write("other.txtar", "command: ls\nexit: 0\n-- stdout --\n")
	w.wants(w.bot("explain", good), 0, "weave status peers: 2 peers", "")
	w.wants(w.bot("explain", cut), 1, "", "cut.txtar: the answer of \"weave status peers\" is not recognized")
	w.wants(w.bot("explain", other), 1, "", `other.txtar is not recognized: the command "ls"`)
	s := w.bot("explain", cut, good, other, good)
	w.wants(s, 1, good+": weave status peers: 2 peers", "other.txtar is not recognized")
	if strings.Count(s.stdout, "\n") != 2 || strings.Count(s.stderr, "\n") != 2 {
		t.Errorf("%+v", s)
	}
	w.wants(w.bot("explain", filepath.Join(w.dir, "nope"), good), 2, "2 peers", "nope: no such file")
}

// TestExplainJSON is the interface for scripts.
func TestExplainJSON(t *testing.T) {
	w := newWorld(t)
	good := w.write("good.txtar", kept)
	for _, args := range [][]string{{"--json", good}, {good, "--json"}} {
		s := w.bot(append([]string{"explain"}, args...)...)
		var got map[string]any
		if err := oneJSON(s.stdout, &got); err != nil || s.exit != 0 || s.stderr != "" {
			t.Fatalf("%v: %v, %+v", args, err, s)
		}
		facts, _ := got["facts"].(map[string]any)
		meaning, _ := got["meaning"].(string)
		if len(got) != 4 || got["tool"] != "weave" || got["verb"] != "status peers" || meaning == "" || facts["ready"] != true {
			t.Errorf("%v", got)
		}
		all, _ := facts["peers"].([]any)
		if len(all) != 2 {
			t.Fatalf("%v", facts)
		}
		want := map[string]any{"name": "aa:bb:cc:00:00:02", "nickname": "ü", "connections": []any{map[string]any{
			"direction": "inbound", "address": "192.168.7.1:40000", "state": "established", "peer": "aa:bb:cc:00:00:01", "nickname": "my host (old)"}}}
		if !reflect.DeepEqual(all[1], want) {
			t.Errorf("got %v, want %v", all[1], want)
		}
	}
	s := w.bot("explain", "--json", good, good)
	lines := strings.Split(strings.TrimSpace(s.stdout), "\n")
	if len(lines) != 2 || !strings.HasPrefix(lines[1], `{"file":"`+good+`","tool":"weave"`) {
		t.Errorf("%s", s.stdout)
	}
	s = w.paste("-> 10.78.0.254:6783       failed      dial tcp :0->10.78.0.254:6783: connect: connection refused, retry: never \n", "explain", "--json", "--command", "weave status connections")
	if !strings.Contains(s.stdout, "failed (dial tcp :0->10.78.0.254:6783: connect") {
		t.Errorf("it is escaped for HTML: %s", s.stdout)
	}
	s = w.paste("<html>", "explain", "--json", "--command", "weave ps")
	if s.exit != 1 || s.stdout != "" {
		t.Errorf("%+v", s)
	}
}
