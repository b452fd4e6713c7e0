package vernemq

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"vmqbot/answer"
)

// junk are lines that say that something went wrong, and harmless those that
// say nothing of the answer.
var (
	junk = []string{
		"Segmentation fault", "Error: x", "Killed", "command not found", "!!! WARNING", "panic: x", "x | y", "+ set -x", "Node is not running",
		"Invalid format \"x\"!", "=ERROR REPORT==== x", "12", "true", "-", "Connection to 10.0.0.1 closed by remote host.", "Done",
	}
	harmless = []string{
		"", " ", "!!!!", "!!!! WARNING: ulimit -n is 1024; 65536 is the recommended minimum.", `Invalid format "yaml"! Defaulted to human-readable.`,
		"Warning: Permanently added '203.0.113.10' (ED25519) to the list of known hosts.", "Connection to 203.0.113.10 closed.", "real\t0m0.270s",
		"bash: warning: setlocale: LC_ALL: cannot change locale (en_US.UTF-8)", "sudo: unable to resolve host cn-1: Name or service not known",
	}
)

// TestBesideTables puts a line before, after and into every recorded table,
// and on standard error beside it.
func TestBesideTables(t *testing.T) {
	tables := 0
	for _, file := range slices.Sorted(maps.Keys(meanings)) {
		a, _ := sample(t, file)
		if meanings[file].is != facts || !strings.HasPrefix(a.Stdout, "+-") {
			continue
		}
		tables++
		whole, ok := Explain(a)
		if !ok {
			t.Fatalf("%s is not explained", file)
		}
		for _, line := range junk {
			for place, b := range beside(a, line) {
				if m, ok := Explain(b); ok {
					t.Errorf("%s: with %q %s it is understood as %+v", file, line, place, m)
				}
			}
		}
		for _, line := range harmless {
			for place, b := range beside(a, line) {
				if m, ok := Explain(b); !ok || asJSON(t, m) != asJSON(t, whole) {
					t.Errorf("%s: with %q %s it is explained as %+v, %v", file, line, place, m, ok)
				}
			}
		}
	}
	if tables < 30 {
		t.Errorf("only %d tables were found", tables)
	}
}

func beside(a answer.Answer, line string) map[string]answer.Answer {
	before, after, in, errs := a, a, a, a
	before.Stdout = line + "\n" + a.Stdout
	after.Stdout = a.Stdout + line + "\n"
	first, rest, _ := strings.Cut(a.Stdout, "\n")
	in.Stdout = first + "\n" + line + "\n" + rest
	errs.Stderr += line + "\n"
	return map[string]answer.Answer{"before": before, "after": after, "within": in, "on standard error": errs}
}

// TestBesideSuccess: whatever a command answered, success and an unknown line
// on standard error contradict each other.
func TestBesideSuccess(t *testing.T) {
	for file, row := range meanings {
		a, _ := sample(t, file)
		if row.is != facts || a.Exit != 0 {
			continue
		}
		a.Stderr += "Segmentation fault\n"
		if m, ok := Explain(a); ok {
			t.Errorf("%s: with a crash on standard error it is understood as %+v", file, m)
		}
	}
	a := answer.Answer{Argv: Ping(), Stdout: "pong\n", Stderr: "Segmentation fault (core dumped)\n"}
	_, err := ParsePing(a)
	checkKind(t, "pong and a crash", err, answer.Garbled)
	if !strings.Contains(err.Error(), "standard error") {
		t.Errorf("the refusal does not say why: %v", err)
	}
}

// TestTwice: of two rows for one thing nobody knows which holds, in any form,
// whether they agree or not.
func TestTwice(t *testing.T) {
	for command, g := range map[string]grid{
		"vmq-admin cluster show":         {[]string{"Node", "Running"}, [][]any{{"a@10.0.0.1", true}, {"b@10.0.0.2", true}, {"a@10.0.0.1", false}}},
		"vmq-admin  cluster show":        {[]string{"Node", "Running"}, [][]any{{"a@10.0.0.1", true}, {"a@10.0.0.1", true}}},
		"vmq-admin   cluster show":       {[]string{"Node", "Running", "Running"}, [][]any{{"a@10.0.0.1", true, false}}},
		"vmq-admin listener show":        {[]string{"type", "status", "address", "port"}, [][]any{{"vmq", "running", "10.0.0.1", "44053"}, {"mqtt", "running", "10.0.0.1", "44053"}}},
		"vmq-admin show a --all":         {[]string{"node", "a"}, [][]any{{"a@10.0.0.1", "on"}, {"a@10.0.0.1", "off"}}},
		"vmq-admin set a=1 --all":        {[]string{"Node", "Node Down/Unreachable", "Result"}, [][]any{{"a@10.0.0.1", false, `a set to "1"`}, {"a@10.0.0.1", true, "N/A"}}},
		"vmq-admin node status":          {[]string{"Status", "Value"}, [][]any{{"num_online", 1}, {"num_online", 2}}},
		"vmq-admin node swc_sync_status": {[]string{"SWC Partition", "InitSynced"}, [][]any{{"meta1", true}, {"meta1", false}}},
		"vmq-admin session show":         {[]string{"client_id", "is_online", "is_online"}, [][]any{{"a", true, false}}},
		"vmq-admin log show config":      {[]string{"logger", "logger"}, [][]any{{"a", "b"}}},
	} {
		argv, _ := split(command)
		g.inEveryForm(argv, func(form string, a answer.Answer) {
			if m, ok := Explain(a); ok {
				t.Errorf("%s: as %s\n%s\nis understood as %+v", command, form, a.Stdout, m)
			}
		})
	}
	for _, body := range []string{
		`[{"a@10.0.0.1":{"mystatus":{"a@10.0.0.1":true,"a@10.0.0.1":false},"listeners":[]}}]`,
		`[{"a@10.0.0.1":{"mystatus":{"a@10.0.0.1":true},"mystatus":{"a@10.0.0.1":false},"listeners":[]}}]`,
		`{"a@10.0.0.1":{"mystatus":{"a@10.0.0.1":true},"listeners":[]},"a@10.0.0.1":{"mystatus":{"a@10.0.0.1":false},"listeners":[]}}`,
	} {
		_, err := ParseStatusJSON(body)
		checkKind(t, body, err, answer.Garbled)
	}
}
