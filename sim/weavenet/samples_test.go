package weavenet_test

import (
	"os"
	"strings"
	"testing"
	"testing/synctest"

	"vmqbot/answer"
	"vmqbot/weave"
)

// TestSamples brings a fleet into the situation of each recorded run, repeats
// it and compares. Answers of weave are compared whole; of ip, ping and docker
// what weave has part in. A file without a row fails, and a row without a file.
func TestSamples(t *testing.T) {
	entries, err := os.ReadDir("testdata")
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, e := range entries {
		file := e.Name()
		seen[file] = true
		r, listed := samples[file]
		if !listed {
			t.Errorf("%s: no row says in which situation it was recorded", file)
			continue
		}
		t.Run(strings.TrimSuffix(file, ".txtar"), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) { repeat(t, file, r) })
		})
	}
	for file := range samples {
		if !seen[file] {
			t.Errorf("%s is in the table, but there is no such file", file)
		}
	}
}

// repeat runs one recorded command where it was recorded.
func repeat(t *testing.T, file string, r row) {
	want := readSample(t, file)
	f := newFleet(t)
	r.before(f)
	h := f.hosts[r.host]
	switch {
	case strings.Contains(want.command, ";"):
		compareCrashed(t, h, want)
	case strings.HasPrefix(want.command, "weave "):
		got := h.run(want.command)
		compare(t, h, got, want.ran, r.why != "")
		explained(t, want, got)
	case strings.HasPrefix(want.command, "docker ps"):
		compareContainers(t, h, want.stdout)
	case strings.HasPrefix(want.command, "docker exec c1 ping"):
		comparePing(t, h, want)
	case strings.HasPrefix(want.command, "docker exec c1 ip route"):
		compareRoutes(t, h, want.stdout)
	case strings.HasPrefix(want.command, "docker exec c1 ip "):
		compareInterfaces(t, h.space("c1"), want.stdout)
	case want.command == "ip addr":
		compareInterfaces(t, h.m.Net, want.stdout)
	case want.command == "":
		compareTranscript(t, h, want.stdout, r.why != "")
	default:
		t.Fatalf("nothing compares %q", want.command)
	}
}

func compare(t *testing.T, h *host, got, want ran, anyDialer bool) {
	t.Helper()
	if got.exit != want.exit {
		t.Errorf("exit %d, want %d", got.exit, want.exit)
	}
	for _, stream := range []struct{ name, got, want string }{{"stdout", got.stdout, want.stdout}, {"stderr", got.stderr, want.stderr}} {
		g, w := plain(stream.got, h.ours(), anyDialer), plain(stream.want, recorded, anyDialer)
		if g != w {
			t.Errorf("%s:\n%s\nwant:\n%s", stream.name, g, w)
		}
	}
}

// explained holds an answer against the parsers that read the real one: they
// must see the same thing in both.
func explained(t *testing.T, want sample, got ran) {
	t.Helper()
	argv := strings.Fields(want.command)
	wanted, ok1 := weave.Explain(answer.Answer{Argv: argv, Exit: want.exit, Stdout: want.stdout, Stderr: want.stderr})
	found, ok2 := weave.Explain(answer.Answer{Argv: argv, Exit: got.exit, Stdout: got.stdout, Stderr: got.stderr})
	if !ok1 || !ok2 {
		t.Fatalf("recognized: recorded %t, ours %t", ok1, ok2)
	}
	refusal := func(m answer.Meaning) answer.Kind {
		d, _ := m.Facts.(weave.Details)
		return d.Refusal
	}
	if wanted.Verb != found.Verb || refusal(wanted) != refusal(found) {
		t.Errorf("read as %s %q, want %s %q", found.Verb, refusal(found), wanted.Verb, refusal(wanted))
	}
}
