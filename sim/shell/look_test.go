package shell_test

import (
	"fmt"
	"net/netip"
	"regexp"
	"strings"
	"testing"

	"vmqbot/sim/fabric"
	"vmqbot/sim/kernel"
)

// container starts a process in a network namespace of its own, with one
// listening socket.
func (b *box) container(t testing.TB) (pid int) {
	t.Helper()
	f := fabric.New()
	net := f.Space("c")
	net.Plug("ethwe", f.Segment("weave", nil), netip.MustParsePrefix("10.0.0.1/24"))
	if _, err := net.Listen(t.Context(), "10.0.0.1:44053"); err != nil {
		t.Fatal(err)
	}
	p, err := b.m.Start(kernel.Spec{Argv: []string{"beam"}, Net: net, Main: func(p *kernel.Process) int { <-p.Context().Done(); return 0 }})
	if err != nil {
		t.Fatal(err)
	}
	b.m.Net.AddDev(fmt.Sprintf("vethwepl%d", p.PID))
	return p.PID
}

func TestReader(t *testing.T) {
	b := newBox(t)
	pid := b.container(t)
	b.m.Net.AddDev("vethwepl99999")
	r := b.start(kernel.Spec{Argv: []string{"sh", "-c", source(t, "executor/look/script.go")("script")}})
	for n := range 3 {
		if _, err := fmt.Fprintf(r.Use(r.in), "%d %d\n", n, pid); err != nil {
			t.Fatal(err)
		}
		r.out.until(t, fmt.Sprintf("@%d end 0\n", n))
	}
	_ = r.in.Close()
	if exit := ends(t, r.Process); exit != 0 || r.err.String() != "" {
		t.Errorf("exit %d, stderr %q", exit, r.err.String())
	}
	want := `^\d+\n@0 clock 0\nvethwepl99999\n@0 stale 0\nMain:\n(?s:.*)10\.0\.0\.1\n +/32 host LOCAL\n(?s:.*)@0 fib_trie 0\n +sl  local_address (?s:.*) 0100000A:AC15 00000000:0000 0A (?s:.*)@0 tcp 0\n@0 tcp6 0\n@0 end 0\n`
	if !regexp.MustCompile(want).MatchString(r.out.String()) {
		t.Errorf("not as %s:\n%s", want, r.out.String())
	}
}

func TestReaderOfNoContainer(t *testing.T) {
	out, _, exit := newBox(t).sh("7 0\n8 4242\n", source(t, "executor/look/script.go")("script"))
	want := `^\d+\n@7 clock 0\n@7 stale 0\n@7 end 0\n\d+\n@8 clock 0\n@8 stale 0\n@8 fib_trie 1\n@8 tcp 2\n@8 tcp6 0\n@8 end 0\n$`
	if exit != 0 || !regexp.MustCompile(want).MatchString(out) {
		t.Errorf("exit %d, not as %s:\n%s", exit, want, out)
	}
}

func TestGround(t *testing.T) {
	b := newBox(t)
	b.m.Used.Store(10 << 30)
	script := source(t, "executor/look/ground_host.go")("groundScript")
	out, said, exit := b.sh("", "mkdir -p /data/full; echo x >/data/full/f; "+`sh -c "$1" vmqbot-ground /data/full /etc/vernemq /data/full`, "x", script)
	want := `^nr_open 1048576\nhard 1048576\nuid_map 0 0 4294967295\nCapBnd:\t[0-9a-f]{16}\n@0 limits 0\n8\t/data/full\n@0 data 0\n` +
		`Filesystem +1024-blocks +Used +Available Capacity Mounted on\n/dev/vda1 +41943040 +10485760 +31457280 +25% /\n@1 df 0\n(?s:.*)@2 df 0\n@0 end 0\n$`
	if exit != 0 || said != "" || !regexp.MustCompile(want).MatchString(out) {
		t.Errorf("exit %d, %s, not as %s:\n%s", exit, said, want, out)
	}
	out, _, _ = b.sh("", `sh -c "$1" vmqbot-ground /nothing/here; sh -c "$1" vmqbot-ground ""`, "x", script)
	if !strings.Contains(out, "0 empty\n@0 data 0\n@0 end 0\n") || !strings.HasSuffix(out, "@0 limits 0\n@0 end 0\n") {
		t.Errorf("of an empty folder and of none:\n%s", out)
	}
}

// BenchmarkReader is one look at one container: design.md, one look, one round
// trip.
func BenchmarkReader(b *testing.B) {
	x := newBox(b)
	pid := x.container(b)
	r := x.start(kernel.Spec{Argv: []string{"sh", "-c", source(b, "executor/look/script.go")("script")}})
	for n := 0; b.Loop(); n++ {
		if _, err := fmt.Fprintf(r.Use(r.in), "%d %d\n", n, pid); err != nil {
			b.Fatal(err)
		}
		r.out.until(b, fmt.Sprintf("@%d end 0\n", n))
		r.out.reset()
	}
	_ = r.in.Close()
	ends(b, r.Process)
}
