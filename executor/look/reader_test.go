package look

import (
	"context"
	"errors"
	"io"
	"net"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"vmqbot/executor/engine"
	"vmqbot/executor/engine/enginetest"
	"vmqbot/facts"
	"vmqbot/secret"
)

// The reader runs on this machine, as it would on a host.
func local(t *testing.T) (*reader, *enginetest.Host) {
	t.Helper()
	h := &enginetest.Host{Docker: &enginetest.Docker{}}
	r := newReader(h)
	t.Cleanup(r.close)
	return r, h
}

func TestReaderReadsTheKernel(t *testing.T) {
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close() //nolint:errcheck // a test's
	at := netip.MustParseAddrPort(l.Addr().String())
	r, h := local(t)
	for range 3 {
		begun := time.Now().Truncate(time.Second) // the clock is read in whole seconds
		got, err := r.read(t.Context(), os.Getpid())
		if err != nil || got.clock.Before(begun) || got.clock.After(time.Now()) {
			t.Fatalf("%v %v", got.clock, err)
		}
		n, ok := got.netns("cn", os.Getpid()).Get()
		if exact, _ := n.Listens(at); !ok || !exact || !n.Has(netip.MustParseAddr("127.0.0.1")) {
			t.Errorf("%+v", n)
		}
	}
	if h.Pipes.Load() != 1 {
		t.Errorf("%d readers for three looks", h.Pipes.Load())
	}
	if got, err := r.read(t.Context(), 0); err != nil || got.fib != "" || got.clock.IsZero() {
		t.Errorf("without a process: %+v %v", got, err)
	}
	gone, err := r.read(t.Context(), 1<<22+1)
	if s := gone.netns("cn", 1<<22+1); err != nil || s.Blind() != facts.Failed || !strings.Contains(s.Why(), "has just ended") {
		t.Errorf("a process that is gone: %s %v", s.Why(), err)
	}
}

func TestADeadReaderIsStartedOnceMore(t *testing.T) {
	r, h := local(t)
	if _, err := r.read(t.Context(), 0); err != nil {
		t.Fatal(err)
	}
	_ = r.pipe.Close()
	if _, err := r.read(t.Context(), 0); err != nil || h.Pipes.Load() != 2 {
		t.Errorf("%d readers, %v", h.Pipes.Load(), err)
	}
}

// answers is a host whose reader says always the same.
type answers struct {
	engine.Host
	text  string
	pipes int
}

func (a *answers) Pipe(context.Context, []secret.Word) (io.ReadWriteCloser, error) {
	a.pipes++
	return &canned{strings.NewReader(a.text), a}, nil
}

type canned struct {
	io.Reader
	a *answers
}

func (c *canned) Write(p []byte) (int, error) { return len(p), nil }
func (c *canned) Close() error                { return nil }

func TestAReaderThatCannotBeUnderstood(t *testing.T) {
	whole := "1700000000\n@1 clock 0\n@1 stale 0\n@1 end 0\n"
	for text, says := range map[string]string{
		"":                                     "middle of clock",
		whole[:len(whole)-4]:                   "middle of end",
		"soon\n@1 clock 0\n":                   `the clock says "soon`,
		"1700000000\n@2 clock 0\n":             "where @1 clock should end",
		"1700000000\n@1 clock 0\n@1 stale x\n": `status "x"`,
		"1700000000\n@1 clock 0\n@1 stale 0\n@1 tcp 0\n":                       "where @1 end should end",
		"1700000000\n" + strings.Repeat("x", longestLine+1) + "\n@1 clock 0\n": "middle of clock",
		"sudo: a password is required\n@1 clock 0\n@1 stale 0\n@1 end 0\n":     "the clock says",
	} {
		a := &answers{text: text}
		_, err := newReader(a).read(t.Context(), 0)
		var own *blindness
		if !errors.As(err, &own) || own.blind != facts.Unreadable || !strings.Contains(err.Error(), says) || a.pipes != 1 {
			t.Errorf("%.40q: %d readers, %v", text, a.pipes, err)
		}
	}
	got, err := newReader(&answers{text: whole}).read(t.Context(), 0)
	if err != nil || got.clock.Unix() != 1700000000 {
		t.Errorf("%+v %v", got, err)
	}
}

func TestAReaderThatHangsIsCut(t *testing.T) {
	h := &enginetest.Host{Docker: &enginetest.Docker{}, RTT: time.Minute}
	r := newReader(h)
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if _, err := r.read(ctx, 0); blind(err) != facts.TooLate {
		t.Errorf("%v", err)
	}
	h.RTT = 0
	if _, err := r.read(t.Context(), 0); err != nil {
		t.Errorf("afterwards: %v", err)
	}
	r.close()
}

// TestStaleVeths runs the script on a folder that stands for /sys/class/net.
func TestStaleVeths(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"eth0", "vethwe-bridge", "vethwepl" + strconv.Itoa(os.Getpid()), "vethwepl99999991", "vethwepl99999992", "vethweplguest", "vethwepl"} {
		if err := os.WriteFile(filepath.Join(dir, name), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	h := &enginetest.Host{Docker: &enginetest.Docker{}}
	pipe, err := h.Pipe(t.Context(), secret.Words("sh", "-c", strings.ReplaceAll(script, "/sys/class/net", dir)))
	if err != nil {
		t.Fatal(err)
	}
	r := newReader(h)
	t.Cleanup(r.close)
	r.adopt(pipe)
	got, err := r.read(t.Context(), 0)
	if err != nil || !slices.Equal(got.stale, []string{"vethwepl99999991", "vethwepl99999992"}) {
		t.Errorf("%q %v", got.stale, err)
	}
}

// TestTheScriptIsPOSIX runs it in every shell that is here.
func TestTheScriptIsPOSIX(t *testing.T) {
	for _, sh := range [][]string{{"dash"}, {"bash", "--posix"}, {"busybox", "sh"}} {
		if _, err := exec.LookPath(sh[0]); err != nil {
			continue
		}
		c := exec.CommandContext(t.Context(), sh[0], append(sh[1:], "-c", script)...)
		c.Stdin = strings.NewReader("1 0\n2 " + strconv.Itoa(os.Getpid()) + "\n")
		out, err := c.CombinedOutput()
		if err != nil || !strings.Contains(string(out), "@1 end 0\n") || !strings.HasSuffix(string(out), "@2 end 0\n") || !strings.Contains(string(out), "@2 fib_trie 0\n") {
			t.Errorf("%s: %v\n%s", sh, err, out)
		}
	}
}
