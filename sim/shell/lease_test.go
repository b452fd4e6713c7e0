package shell_test

import (
	"os"
	"strings"
	"sync"
	"testing"

	"vmqbot/sim/kernel"
)

// lease runs executor/lease/lease.sh under flock, as executor/lease does.
func (b *box) lease(verb string, words ...string) (string, int) {
	b.t.Helper()
	text, err := os.ReadFile("../../executor/lease/lease.sh")
	if err != nil {
		b.t.Fatal(err)
	}
	argv := append([]string{"flock", "-w", "10", "-E", "75", "/run/x.lock", "sh", "-c", string(text), "vmqbot-lease", verb, "/run/x.lease"}, words...)
	r := b.start(kernel.Spec{Argv: argv})
	_ = r.in.Close()
	exit := ends(b.t, r.Process)
	if r.err.String() != "" {
		b.t.Errorf("%s: %s", verb, r.err.String())
	}
	return r.out.String(), exit
}

func TestLease(t *testing.T) {
	b := newBox(t)
	say := func(want, verb string, words ...string) {
		t.Helper()
		got, exit := b.lease(verb, words...)
		if got = strings.Join(strings.Fields(got)[:2], " "); exit != 0 || got != want {
			t.Errorf("%s %q: %s, exit %d, want %s", verb, words, got, exit, want)
		}
	}
	say("ok 1", "acquire", "me", "0", "60", "deploy")
	say("held 1", "acquire", "you", "0", "60", "other")
	say("ok 1", "acquire", "me", "0", "60", "deploy")
	say("ok 1", "renew", "me", "1", "60", "deploy")
	say("lost 1", "renew", "you", "1", "60", "deploy")
	say("ok 1", "release", "me", "1", "60", "-")
	say("ok 8", "acquire", "you", "7", "60", "other")
	if err := os.WriteFile(b.dir+"/run/x.lease", []byte("v1 nonsense\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if got, exit := b.lease("renew", "me", "1", "60", "x"); got != "garbled\n" || exit != 0 {
		t.Errorf("%q, exit %d", got, exit)
	}
}

func TestOneOfManyGetsTheLease(t *testing.T) {
	b := newBox(t)
	answers := make([]string, 8)
	var all sync.WaitGroup
	for i := range answers {
		all.Go(func() { answers[i], _ = b.lease("acquire", "bot-"+string(rune('a'+i)), "0", "60", "race") })
	}
	all.Wait()
	won := 0
	for _, a := range answers {
		if strings.HasPrefix(a, "ok 1 ") {
			won++
		}
	}
	if won != 1 {
		t.Errorf("%d got it: %q", won, answers)
	}
}

func TestLeaseOnAFullDisk(t *testing.T) {
	b := newBox(t)
	if _, exit := b.lease("acquire", "me", "0", "60", "x"); exit != 0 {
		t.Fatal(exit)
	}
	b.m.Full.Store(true)
	text, err := os.ReadFile("../../executor/lease/lease.sh")
	if err != nil {
		t.Fatal(err)
	}
	r := b.start(kernel.Spec{Argv: []string{"sh", "-c", string(text), "vmqbot-lease", "renew", "/run/x.lease", "me", "1", "60", "x"}})
	if exit := ends(t, r.Process); exit != 73 {
		t.Errorf("exit %d, stdout %q", exit, r.out.String())
	}
	if left, _, _ := b.sh("", "ls /run"); left != "x.lease\nx.lock\n" {
		t.Errorf("left in /run: %q", left)
	}
}
