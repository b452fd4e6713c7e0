package vernemq

import (
	"slices"
	"strings"
	"testing"
)

func TestReading(t *testing.T) {
	for _, row := range []struct{ line, wrong string }{
		{"cluster show", ""},
		{"vmq-admin cluster show --format=json", ""},
		{"session show --client_id=a --is_online --node=" + Self, ""},
		{"retain show --topic", ""},
		{"show allow_register_during_netsplit --all", ""},
		{"log show config", ""},
		{"", "which command"},
		{"vmq-admin", "which command"},
		{"cluster leave node=VerneMQ@10.0.0.1", "`cluster leave` is none that only reads. Allowed is cluster show"},
		{"cluster", "`cluster` is none"},
		{"clustershow", "none that only reads"},
		{"session disconnect client-id=a", "none that only reads"},
		{"metrics reset", "none that only reads"},
		{"set allow_register_during_netsplit=on", "none that only reads"},
		{"node stop", "none that only reads"},
		{"log show", "none that only reads"},
		{"api-key show", "prints the keys themselves"},
		{"trace client client-id=a", "goes on until it is stopped"},
		{"retain show", "retain show --topic"},
		{"retain show --limit=5 --topic=a/b", "retain show --topic"},
		{"retain show --topic --payload", "--payload"},
		{"session show --payload", "--payload"},
		{"session show --payload=~secret", "--payload"},
	} {
		argv, err := Reading(row.line)
		switch {
		case row.wrong == "" && err != nil:
			t.Errorf("%q: %v", row.line, err)
		case row.wrong == "" && argv[0] != "vmq-admin":
			t.Errorf("%q runs %q", row.line, argv)
		case row.wrong != "" && (err == nil || !strings.Contains(err.Error(), row.wrong)):
			t.Errorf("%q: got %q, %v; want %q", row.line, argv, err, row.wrong)
		}
	}
}

// Every recorded command is either read or refused, and none that the lines of
// Readings do not begin is let through: by what it was recorded to do.
func TestWhatWasRecordedIsReadOrRefused(t *testing.T) {
	let := 0
	for _, version := range []string{"1.6.1", "2.1.2"} {
		for _, file := range samples(t, version) {
			a, _ := sample(t, file)
			if len(a.Argv) < 2 || a.Argv[0] != "vmq-admin" {
				continue
			}
			_, err := Reading(strings.Join(a.Argv[1:], " "))
			changes := slices.ContainsFunc(a.Argv, func(w string) bool {
				return slices.Contains(strings.Fields("join leave set start stop restart delete register deregister enable disable disconnect create add reset"), w)
			})
			if err == nil && changes {
				t.Errorf("%s: %q is let through", file, a.Argv)
			}
			if err == nil {
				let++
			}
		}
	}
	if let < 30 {
		t.Errorf("only %d of the recorded commands are let through", let)
	}
}

func TestPlainHasNoColors(t *testing.T) {
	a, _ := sample(t, "2.1.2/session-show.txtar")
	if got := Plain(a.Stdout); strings.Contains(got, "\x1b") || !strings.Contains(got, "| client_id | is_online |") {
		t.Errorf("got %s", got)
	}
}
