package do

import (
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"vmqbot/answer"
	"vmqbot/ops"
)

// sample is an answer of a real VerneMQ.
func sample(t *testing.T, name string) answer.Answer {
	t.Helper()
	f, err := txtar.ParseFile(filepath.Join("..", "..", "vernemq", "testdata", name+".txtar"))
	if err != nil {
		t.Fatal(err)
	}
	var a answer.Answer
	for line := range strings.Lines(string(f.Comment)) {
		switch key, value, _ := strings.Cut(strings.TrimSpace(line), ": "); key {
		case "command":
			_, command, _ := strings.Cut(value, "vmq-admin ")
			a.Argv = append([]string{"vmq-admin"}, strings.Fields(command)...)
		case "exit":
			a.Exit, _ = strconv.Atoi(value)
		}
	}
	for _, part := range f.Files {
		switch part.Name {
		case "stdout":
			a.Stdout = string(part.Data)
		case "stderr":
			a.Stderr = string(part.Data)
		}
	}
	return a
}

func said(command, stdout string) answer.Answer {
	return answer.Answer{Argv: strings.Fields(command), Stdout: stdout}
}

const (
	setTwo = "vmq-admin set allow_publish_during_netsplit=on allow_register_during_netsplit=on"
	start  = "vmq-admin listener start address=0.0.0.0 port=1883"
	leave  = "vmq-admin cluster leave node=VerneMQ@10.0.0.4 -k"
)

// TestJudges: what VerneMQ says, mostly with exit status 0, and whether that
// is what was wanted. "soon" may succeed in a moment, "unseen" may have.
func TestJudges(t *testing.T) {
	for _, c := range []struct {
		judge ops.Judge
		a     answer.Answer
		want  string // "", "soon", "unseen", or a part of the sentence of a failure
	}{
		{ops.Joined, sample(t, "2.1.2/join-ok"), ""},
		{ops.Joined, sample(t, "2.1.2/join-ok-json"), ""},
		{ops.Joined, sample(t, "1.6.1/join-ok"), ""},
		{ops.Joined, sample(t, "2.1.2/join-already"), "not empty is the node"}, // in the words of a node that has clients
		{ops.Joined, sample(t, "2.1.2/join-nonempty-json"), "not empty is the node"},
		{ops.Joined, sample(t, "1.6.1/join-not-reachable"), "could not reach"},
		{ops.Joined, sample(t, "2.1.2/join-wrong-cookie"), "another cookie"},
		{ops.Joined, sample(t, "1.6.1/join-self"), "cannot join itself"},
		{ops.Joined, sample(t, "2.1.2/join-no-args"), "needs a node"},
		{ops.Joined, sample(t, "2.1.2/join-when-down"), "soon"},
		{ops.Joined, said("vmq-admin cluster join discovery-node=VerneMQ@10.0.0.1", "Error: Usage information not found for the given command\n"), "soon"},
		{ops.Joined, said("vmq-admin cluster join discovery-node=VerneMQ@10.0.0.1", "RPC to 'VerneMQ@10.0.0.2' failed: timeout\n"), "unseen"},
		{ops.Joined, said("vmq-admin cluster join discovery-node=VerneMQ@10.0.0.1", ""), "not a whole answer"},

		{ops.Left, sample(t, "2.1.2/leave-online-with-k"), ""},
		{ops.Left, sample(t, "2.1.2/leave-again"), ""},
		{ops.Left, sample(t, "1.6.1/leave-done"), ""},
		{ops.Left, said(leave, "Node 'VerneMQ@10.0.0.4' wasn't part of the cluster\n"), ""},
		{ops.Left, sample(t, "2.1.2/leave-online-without-k"), "is still a member"},
		{ops.Left, sample(t, "1.6.1/leave-inconsistent-online"), "nothing was moved"},
		{ops.Left, sample(t, "1.6.1/leave-inconsistent-dead"), "queues were not restored"},
		{ops.Left, sample(t, "1.6.1/leave-already-started"), "already under way"},
		{ops.Left, sample(t, "2.1.2/leave-dead-while-another-down"), "unseen"},
		{ops.Leaving, sample(t, "2.1.2/leave-dead-while-another-down"), ""},
		{ops.Leaving, sample(t, "2.1.2/leave-again"), ""},
		{ops.Leaving, sample(t, "1.6.1/leave-inconsistent-dead"), "queues were not restored"},
		{ops.Leaving, sample(t, "1.6.1/leave-already-started"), "already under way"},
		{ops.Left, answer.Answer{Argv: strings.Fields(leave), Exit: 126, Stdout: `OCI runtime exec failed: exec failed: unable to start container process: exec: "vmq-admin": executable file not found in $PATH: unknown` + "\r\n"}, "vmq-admin"},

		{ops.Set, sample(t, "2.1.2/set-config"), ""},
		{ops.Set, sample(t, "2.1.2/set-all-one-stopped"), ""},
		{ops.Set, sample(t, "1.6.1/set-silent"), ""},
		{ops.Set, said(setTwo, "allow_publish_during_netsplit set to \"on\"\nallow_register_during_netsplit set to \"on\"\n"), ""},
		{ops.Set, said(setTwo, "allow_publish_during_netsplit set to \"on\"\n"), "allow_register_during_netsplit was changed: look with"},
		{ops.Set, said(setTwo+" --all", `{"table":[{"Node":"VerneMQ@10.0.0.2","Node Down/Unreachable":true,"Result":""}],"type":"table"}`), "VerneMQ@10.0.0.2 could not be reached"},
		{ops.Set, sample(t, "2.1.2/set-config-unknown"), "not a setting"},
		{ops.Set, sample(t, "2.1.2/set-config-bad"), "does not take this value"},
		{ops.Set, answer.Answer{Argv: strings.Fields(setTwo), Exit: 1, Stderr: "Node 'VerneMQ@10.0.0.1' not responding to pings.\n"}, "soon"},

		{ops.Opened, said(start, "Done\n"), ""},
		{ops.Opened, said(start, "can't start listener due to 'already_started'\n"), ""},
		{ops.Opened, said(start, "Can't start listener due to '{already_started,<0.1234.0>}'\n"), ""},
		{ops.Opened, said(start, "can't start listener due to 'eaddrinuse'\n"), "something else holds the port"},
		{ops.Opened, said(start, "can't start listener due to 'eaddrnotavail'\n"), "the address is not there"},
		{ops.Opened, said(start, "can't start listener due to '{not_already_started,1}'\n"), "it was not done"},
		{ops.Opened, said(start, "RPC to 'VerneMQ@10.0.0.1' failed: {'EXIT',{badarg,[{ets,lookup,[vmq_config_cache,x],[]}]}}\n"), "soon"},
		{ops.Opened, answer.Answer{Argv: strings.Fields(start), Exit: 1, Stdout: "Done\n"}, "not a whole answer"},
	} {
		read, err := readExec(c.judge, c.a)
		if err != nil {
			t.Errorf("%s: %v", c.judge, err)
		}
		err = judge("cn.example.net in vernemq-cn-1", read, c.a)
		got := ""
		switch {
		case ops.IsSoon(err):
			got = "soon"
		case err != nil && ops.CodeOf(err) == ops.Unseen:
			got = "unseen"
		case err != nil:
			got = err.Error()
		}
		if got != c.want && (c.want == "" || c.want == "soon" || c.want == "unseen" || !strings.Contains(got, c.want)) {
			t.Errorf("%s: %s\n%s%s\nis judged as %q, want %q", c.judge, c.a.Command(), c.a.Stdout, c.a.Stderr, got, c.want)
		}
	}
}

// TestComplaint finds the cause in what a trial prints.
func TestComplaint(t *testing.T) {
	many := strings.Repeat("2026-11-23T04:36:19+00:00 [error] one more\n", 20)
	for _, c := range []struct{ output, want string }{
		{"Error generating config with cuttlefish\n  run `vernemq config generate -l debug` for more information.\n" + sample(t, "2.1.2/config-generate-bad-flag").Stdout,
			`Error transforming datatype for: allow_anonymous | "yes" is not a valid enum value, acceptable values are: on, off`},
		{sample(t, "2.1.2/config-generate-syntax-error").Stdout, "Syntax error in /vernemq/bin/../etc/vernemq.conf after line 10 column 1, parsing incomplete"},
		{"[error] the image has no grep\n", "the image has no grep"},
		{many + "12:00:00.000 [error] the last\n", strings.Repeat("one more | ", 7) + "the last"},
		{"sh: can't open x\n\nlast\n", "sh: can't open x | last"},
		{strings.Repeat("a\n", 9) + "b\n", strings.Repeat("a | ", 7) + "b"},
		{strings.Repeat("x", 400), strings.Repeat("x", 300) + "..."},
		{"exec /bin/sh: exec format error\n", "the image is built for another processor than the host's (exec format error)."},
		{"\n", "it printed nothing."},
	} {
		if got := complaint(c.output); got != c.want {
			t.Errorf("%q\nis told as %q, want %q", c.output, got, c.want)
		}
	}
}
