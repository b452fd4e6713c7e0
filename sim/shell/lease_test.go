package shell_test

import (
	"os"
	"strings"
	"sync"
	"testing"

	"vmqbot/sim/kernel"
)

// lease runs executor/lease/lease.sh, as executor/lease does.
func (b *box) lease(verb string, words ...string) (string, int) {
	b.t.Helper()
	text, err := os.ReadFile("../../executor/lease/lease.sh")
	if err != nil {
		b.t.Fatal(err)
	}
	argv := append([]string{"sh", "-c", string(text), "vmqbot-lease", verb, "/run/x.lease"}, words...)
	for len(argv) < 10 { // holder, epoch, time and reason, of which a release says less
		argv = append(argv, "-")
	}
	argv = append(argv, "10", "75", "/var/run/docker.sock")
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

// A full disk does not touch /run, which is in memory. A lease elsewhere is
// neither renewed nor left half written.
func TestLeaseOnAFullDisk(t *testing.T) {
	b := newBox(t)
	if err := os.MkdirAll(b.dir+"/srv", 0o755); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile("../../executor/lease/lease.sh")
	if err != nil {
		t.Fatal(err)
	}
	lease := func(verb, file, epoch string) (int, string) {
		r := b.start(kernel.Spec{Argv: []string{"sh", "-c", string(text), "vmqbot-lease", verb, file, "me", epoch, "60", "x", "10", "75", "/var/run/docker.sock"}})
		return ends(t, r.Process), r.out.String()
	}
	for _, file := range []string{"/run/x.lease", "/srv/x.lease"} {
		if exit, out := lease("acquire", file, "0"); exit != 0 || !strings.HasPrefix(out, "ok 1 ") {
			t.Fatalf("%s: exit %d, stdout %q", file, exit, out)
		}
	}
	b.m.Full.Store(true)
	if exit, out := lease("renew", "/run/x.lease", "1"); exit != 0 || !strings.HasPrefix(out, "ok 1 ") {
		t.Errorf("in memory: exit %d, stdout %q", exit, out)
	}
	if exit, out := lease("renew", "/srv/x.lease", "1"); exit != 73 || out != "" {
		t.Errorf("exit %d, stdout %q", exit, out)
	}
	if left, _, _ := b.sh("", "ls /srv"); left != "x.lease\nx.lock\n" {
		t.Errorf("left in /srv: %q", left)
	}
}
