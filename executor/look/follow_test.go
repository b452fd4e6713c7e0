package look

import (
	"bufio"
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"vmqbot/executor/engine"
	"vmqbot/executor/engine/enginetest"
	"vmqbot/executor/wire"
	"vmqbot/executor/wire/sshdtest"
	"vmqbot/facts"
	"vmqbot/ops"
	"vmqbot/regions"
)

// followed is a folder of this machine whose logs are followed, round by round.
type followed struct {
	t     *testing.T
	dir   string
	f     *following
	heard []string // "console.log: line", with a "*" before what was there before
}

func follows(t *testing.T, from int64) *followed {
	t.Helper()
	x := &followed{t: t, dir: t.TempDir()}
	n := regions.Node{Name: "cn-1", Volumes: regions.Volumes{Log: x.dir}}
	x.f = &following{
		seat: &seat{name: "cn.example.net", host: &enginetest.Host{Docker: &enginetest.Docker{}}}, node: n, now: time.Now, begun: map[string]bool{}, first: true,
		spots: []spot{{name: "console", was: "-", from: from}, {name: "crash", was: "-", from: from}},
		hear: func(h ops.Heard) {
			for _, line := range h.Lines {
				mark := map[bool]string{true: "*"}[h.Begin]
				x.heard = append(x.heard, mark+strings.TrimSuffix(h.File, ".log")+": "+line)
			}
		},
	}
	t.Cleanup(func() {
		if x.f.pipe != nil {
			_ = x.f.pipe.Close()
		}
	})
	return x
}

func (x *followed) write(name, text string, flags int) {
	x.t.Helper()
	f, err := os.OpenFile(filepath.Join(x.dir, name), os.O_CREATE|os.O_WRONLY|flags, 0o644) //nolint:gosec // a test's own
	if err == nil {
		_, err = f.WriteString(text)
	}
	if err == nil {
		err = f.Close()
	}
	if err != nil {
		x.t.Fatal(err)
	}
}

func (x *followed) add(name, text string) { x.t.Helper(); x.write(name, text, os.O_APPEND) }

func (x *followed) move(from, to string) {
	x.t.Helper()
	if err := os.Rename(filepath.Join(x.dir, from), filepath.Join(x.dir, to)); err != nil {
		x.t.Fatal(err)
	}
}

// hears asks until nothing more comes, and wants exactly these lines.
func (x *followed) hears(want ...string) {
	x.t.Helper()
	x.heard = nil
	for more := true; more; {
		var err error
		if more, err = x.f.round(x.t.Context()); err != nil {
			x.t.Fatal(err)
		}
	}
	if !slices.Equal(x.heard, want) {
		x.t.Errorf("heard %q, want %q", x.heard, want)
	}
}

func TestALogIsFollowed(t *testing.T) {
	x := follows(t, 1<<20)
	x.add("console.log", "one\n\n@end\n two\nthr")
	x.hears("*console: one", "*console: ", "*console: @end", "*console:  two")
	x.add("console.log", "ee\n")
	x.hears("console: three")
	x.hears()
	x.add("crash.log", "a report\n") // a file that comes later is new
	x.hears("crash: a report")

	x.add("console.log", "last\nunended") // rotated: the rest under the old name, then the new one
	x.move("console.log", "console.log.0")
	x.hears("console: last")
	x.add("console.log", "first\n")
	x.hears("console: unended", "console: first")

	x.write("console.log", "anew\n", os.O_TRUNC) // emptied in place
	x.hears("console: anew")
	x.write("console.log", "", os.O_TRUNC)
	x.hears()
	x.add("console.log", "again\n")
	x.hears("console: again")
}

// Whoever was cut goes on at the byte at which they were, also in a file that has
// got another name meanwhile.
func TestACutLosesNothingAndRepeatsNothing(t *testing.T) {
	x := follows(t, 1<<20)
	x.add("console.log", "one\nha")
	x.hears("*console: one")
	_ = x.f.pipe.Close()
	if _, err := x.f.round(t.Context()); err == nil || x.f.pipe != nil {
		t.Fatalf("a cut was not noticed: %v", err)
	}
	x.add("console.log", "lf\ntwo\n")
	x.move("console.log", "console.log.0")
	x.add("console.log", "three\n")
	x.hears("console: half", "console: two", "console: three")
}

func TestOnlyTheEndOfALongLogIsRead(t *testing.T) {
	x := follows(t, 10)
	x.add("console.log", "first\nsecond\nthird\n")
	x.hears("*console: third")
	x.add("console.log", strings.Repeat("x", 3*mostFollowed)+"\nend\n") // more than an answer holds
	x.hears("console: "+strings.Repeat("x", 3*mostFollowed), "console: end")
}

func TestALogThatMayNotBeRead(t *testing.T) {
	x := follows(t, 10)
	x.f.pipe = &canned{strings.NewReader(""), nil}
	x.f.out = bufio.NewReader(strings.NewReader("@denied\n@end\n"))
	_, err := x.f.round(t.Context())
	if blind(err) != facts.Denied || !strings.Contains(err.Error(), "console.log on cn.example.net cannot be read") {
		t.Errorf("%v", err)
	}
}

func TestAnAnswerOfAFollowedLogThatIsNotUnderstood(t *testing.T) {
	for _, text := range []string{"", "sudo: no\n", "@at 1:2 x\n", "@at 1:2 0\nno blank\n@end\n", "@at 1:2 0\n half"} {
		s := spot{name: "console", was: "-", from: 9}
		if _, err := s.ask(&strings.Builder{}, bufio.NewReader(strings.NewReader(text))); err == nil || s.was != "-" {
			t.Errorf("%q: %v, and now at %+v", text, err, s)
		}
	}
}

// Over a real sshd whose connection is cut: said once, and gone on with.
func TestFollowThroughARealSSHD(t *testing.T) {
	s := sshdtest.Start(t, sshdtest.Config{})
	proxy := sshdtest.NewProxy(t, s.Addr())
	pool := wire.New(wire.Options{})
	t.Cleanup(func() { _ = pool.Close() })
	n := proxy.Node(t, s)
	x := follows(t, 1<<20)
	x.add("console.log", "one\n")
	n.Name, n.Volumes.Log = "cn-1", x.dir
	dial := func(n regions.Node) engine.Host { return engine.OnWire(pool.Host(n)) }
	engines := engine.NewPool(dial)
	t.Cleanup(engines.Close)
	l := New(dial, engines, regions.MQTT{}, Options{Follow: time.Millisecond})
	t.Cleanup(l.Close)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var story []string
	tell := func(what string) bool {
		story = append(story, what)
		return len(story) > 1 && story[len(story)-2] == what
	}
	l.Follow(ctx, n, ops.Tail{Files: []string{"console"}, From: 1 << 20}, func(h ops.Heard) {
		switch {
		case h.Trouble != "":
			if !tell("trouble") {
				x.add("console.log", "two\n")
			}
		case len(h.Lines) > 0:
			tell(h.Lines[0])
			switch h.Lines[0] {
			case "one":
				proxy.Cut()
			case "two":
				cancel()
			}
		}
	})
	story = slices.Compact(story)
	if want := []string{"one", "trouble", "two"}; !slices.Equal(story, want) {
		t.Errorf("%q, want %q", story, want)
	}
}
