package look

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/tools/txtar"

	"vmqbot/facts"
	"vmqbot/regions"
	"vmqbot/secret"
)

// box is a folder of programs: a container's image as far as the script can see.
func box(t *testing.T, programs ...string) string {
	t.Helper()
	dir := t.TempDir()
	for _, name := range append([]string{"cat", "grep", "timeout"}, programs...) {
		real, err := exec.LookPath(name)
		if err != nil {
			t.Fatalf("this machine has no %s: make prerequisites installs it", name)
		}
		if err := os.Symlink(real, filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// program puts a script into a box.
func program(t *testing.T, dir, name, text string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(dir, name), []byte("#!/bin/sh\n"+text), 0o755); err != nil {
		t.Fatal(err)
	}
}

// askInside runs the script of a look in a box, under a shell of this machine.
func askInside(t *testing.T, shell, dir string, args ...string) map[string]part {
	t.Helper()
	real, err := exec.LookPath(strings.Fields(shell)[0])
	if err != nil {
		t.Fatalf("this machine has no %s: make prerequisites installs it", shell)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	c := exec.CommandContext(ctx, real, append(append(strings.Fields(shell)[1:], "-c", insideScript, "vmqbot-inside"), args...)...)
	c.Env = []string{"PATH=" + dir}
	var out, errs bytes.Buffer
	c.Stdout, c.Stderr = &out, &errs
	if err := c.Run(); err != nil {
		t.Fatalf("%s: %v\n%s%s", shell, err, out.String(), errs.String())
	}
	said, whole := parts(out.String())
	if !whole {
		t.Fatalf("%s: not whole:\n%s%s", shell, out.String(), errs.String())
	}
	return said
}

func sample(t *testing.T, name, file string) string {
	t.Helper()
	a, err := txtar.ParseFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range a.Files {
		if f.Name == file {
			return string(f.Data)
		}
	}
	t.Fatalf("%s has no %s", name, file)
	return ""
}

var shells = []string{"dash", "bash --posix", "busybox sh"}

// TestCounters come over HTTP or from vmq-admin, and mean the same.
func TestCounters(t *testing.T) {
	_, body, _ := strings.Cut(strings.ReplaceAll(sample(t, "http-metrics.txtar", "stdout"), "\r\n", "\n"), "\n\n")
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, body) }))
	defer s.Close()
	show := filepath.Join(t.TempDir(), "show")
	if err := os.WriteFile(show, []byte(sample(t, "metrics-show.txtar", "stdout")), 0o600); err != nil {
		t.Fatal(err)
	}
	v := view{seat: &seat{name: "cn.example.net"}, node: regions.Node{Name: "cn-1", Container: "vernemq-cn-1"}}
	for _, shell := range shells {
		for name, c := range map[string]struct {
			tools []string
			url   string
		}{
			"curl": {[]string{"curl"}, s.URL}, "wget": {[]string{"wget"}, s.URL}, "neither": {nil, s.URL}, "nobody serves them": {[]string{"curl", "wget"}, "http://127.0.0.1:1/metrics"},
		} {
			dir := box(t, c.tools...)
			program(t, dir, "vmq-admin", `[ "$1 $2" = "metrics show" ] && cat `+show)
			m, ok := v.metrics(askInside(t, shell, dir, "m", c.url, "-", "0")["0 metrics"]).Get()
			if !ok || m["queue_message_in"] != 4 || m["queue_message_out"] != 4 || len(m) < 8 || len(m) > 12 {
				t.Errorf("%s, %s: %v", shell, name, m)
			}
			if dropped, told := m["cluster_bytes_dropped"]; dropped != 0 || !told {
				t.Errorf("%s, %s: %v", shell, name, m)
			}
		}
		dir := box(t)
		program(t, dir, "vmq-admin", `echo "Node 'VerneMQ@10.0.0.1' not responding to pings." >&2; exit 1`)
		if got := v.metrics(askInside(t, shell, dir, "m", s.URL, "-", "0")["0 metrics"]); got.OK() {
			t.Errorf("%s: a broker that is down counts %v", shell, got)
		}
	}
}

// TestCallsFromInside: with whatever the image has to call with.
func TestCallsFromInside(t *testing.T) {
	held, err := net.Listen("tcp4", "127.0.0.1:0") // it accepts, says nothing and holds the line
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = held.Close() }) // the calls are made side by side
	gone, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_ = gone.Close()
	port := func(l net.Listener) string { return strconv.Itoa(l.Addr().(*net.TCPAddr).Port) }
	v := view{seat: &seat{name: "cn.example.net"}, node: regions.Node{Name: "cn-1", Container: "vernemq-cn-1"}}
	for _, c := range []struct {
		tool    string
		refused string
	}{{"bash", "Connection refused"}, {"curl", "connection refused"}, {"nc", "refused"}, {"", ""}} {
		t.Run("with "+c.tool, func(t *testing.T) {
			t.Parallel()
			var dir string
			switch c.tool {
			case "":
				dir = box(t)
			case "nc": // the lab's image has busybox's
				dir = box(t, "busybox")
				program(t, dir, "nc", `exec busybox nc "$@"`)
			default:
				dir = box(t, c.tool)
			}
			said := askInside(t, "dash", dir, "-", "-", "-", "2", "127.0.0.1", port(held), "127.0.0.1", port(gone))
			reached, refused := v.dialed(said, nil, 1), v.dialed(said, nil, 2)
			if c.tool == "" {
				if reached.OK() || refused.OK() || !strings.Contains(reached.Why(), "has no bash, no curl and no nc") {
					t.Errorf("nobody can call, and yet: %v, %v", reached, refused)
				}
				return
			}
			yes, _ := reached.Get()
			no, known := refused.Get()
			if !yes.Connected || !known || no.Connected || !strings.Contains(no.Says, c.refused) {
				t.Errorf("%+v, %+v\n%v", yes, no, said)
			}
		})
	}
}

// TestPingsFromInside go out together and come back with their numbers.
func TestPingsFromInside(t *testing.T) {
	dir := box(t)
	program(t, dir, "ping", `for to; do :; done
case $to in
10.0.0.3) echo "ping: socket: Operation not permitted" >&2; exit 2;;
10.0.0.4) printf 'PING\n\n3 packets transmitted, 0 received, 100%% packet loss, time 408ms\n\n'; exit 1;;
*) printf '3 packets transmitted, 3 received, 0%% packet loss, time 406ms\nrtt min/avg/max/mdev = 0.020/0.084/0.194/0.077 ms\n';;
esac`)
	for _, shell := range shells {
		said := askInside(t, shell, dir, "-", "-", "-", "0", "10.0.0.2", "10.0.0.3", "10.0.0.4")
		if e, ok := readEcho(said["1 ping"].text); !ok || e.Received != 3 {
			t.Errorf("%s: %q", shell, said["1 ping"].text)
		}
		if e, ok := readEcho(said["2 ping"].text); ok {
			t.Errorf("%s: not permitted, and yet %+v", shell, e)
		}
		if e, ok := readEcho(said["3 ping"].text); !ok || e.Sent != 3 || e.Received != 0 {
			t.Errorf("%s: %q", shell, said["3 ping"].text)
		}
	}
	cannot := box(t) // busybox's and inetutils', which know no -M
	program(t, cannot, "ping", `case $* in *-M*) echo "ping: invalid option -- 'M'" >&2; exit 1;; *"-s 1348 10.0.0.2") ;; *) echo "got $*"; exit 9;; esac
printf '3 packets transmitted, 3 packets received, 0%% packet loss\nround-trip min/avg/max = 0.075/0.142/0.277 ms\n'`)
	for _, shell := range shells {
		said := askInside(t, shell, cannot, "-", "-", "-", "0", "10.0.0.2/1348")
		if e, ok := readEcho(said["1 ping"].text); !ok || e.Received != 3 || !e.MayBeCut || said["1 ping"].status != 0 {
			t.Errorf("%s: %+v", shell, said["1 ping"])
		}
	}
	// However many end in the same moment, each answer is whole.
	many := []string{"-", "-", "-", "0"}
	for i := range 60 {
		many = append(many, "10.0.1."+strconv.Itoa(i))
	}
	for _, shell := range shells {
		said := askInside(t, shell, dir, many...)
		for i := range 60 {
			if e, ok := readEcho(said[strconv.Itoa(i+1)+" ping"].text); !ok || e.Received != 3 {
				t.Errorf("%s: %d: %q", shell, i+1, said[strconv.Itoa(i+1)+" ping"].text)
			}
		}
	}
	none := askInside(t, "dash", box(t), "-", "-", "-", "0", "10.0.0.2")
	if p := none["1 ping"]; p.status != 127 {
		t.Errorf("an image without ping: %+v", p)
	}
}

func TestConfFromInside(t *testing.T) {
	file := filepath.Join(t.TempDir(), "vernemq.conf")
	text := "nodename = x\n\ndistributed_cookie = hunter2" // no last line end
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	v := view{seat: &seat{name: "cn.example.net"}, node: regions.Node{Container: "vernemq-cn-1"}}
	for _, shell := range shells {
		got, ok := v.conf(askInside(t, shell, box(t), "c", "-", file, "0")["0 conf"]).Get()
		if !ok || got.Reveal() != text+"\n" || strings.Contains(fmt.Sprintf("%v %+v %#v", got, got, got), "hunter2") {
			t.Errorf("%s: %q", shell, got.Reveal())
		}
		if none := v.conf(askInside(t, shell, box(t), "c", "-", file+".none", "0")["0 conf"]); none.Blind() != facts.Absent {
			t.Errorf("%s: %s", shell, none.Why())
		}
	}
}

func TestParts(t *testing.T) {
	whole := "a\nb\n@0 metrics 0\n@1 hook 1 refused it\n@0 end 0\n"
	got, ok := parts(whole)
	if !ok || got["0 metrics"] != (part{"a\nb\n", 0}) || got["1 hook"] != (part{"refused it", 1}) {
		t.Errorf("%v %v", got, ok)
	}
	for i := range len(whole) {
		if _, ok := parts(whole[:i]); ok {
			t.Errorf("%q passes for whole", whole[:i])
		}
	}
	if _, ok := parts(whole + "more\n"); ok {
		t.Error("what follows the end is not noticed")
	}
}

// TestHalfAnAnswer: what is missing is not seen, and never zero.
func TestHalfAnAnswer(t *testing.T) {
	v := view{seat: &seat{name: "cn.example.net"}, node: regions.Node{Name: "cn-1", Container: "vernemq-cn-1"}}
	d, _ := v.vitals(map[string]part{}, nil, []regions.Webhook{{Host: "h", Port: 1}}).Get()
	if d.Metrics.OK() || d.Hooks["h:1"].OK() {
		t.Errorf("%+v", d)
	}
	if c, ok := d.Conf.Get(); ok && c.Reveal() != "" {
		t.Errorf("%+v", d)
	}
	d, _ = v.vitals(nil, errors.New("cut"), nil).Get()
	if d.Metrics.OK() || d.Conf.OK() {
		t.Errorf("%+v", d)
	}
	if m := v.metrics(part{text: "vernemq_cluster_bytes_dropped{node=\"VerneMQ@10.0.0.1\"} 4\nvernemq_queue_mess"}); m.OK() {
		t.Errorf("cut, and yet %v", m)
	}
	if got := words("vmqbot: connect: Connection refused\nx: line 1: /dev/tcp/x: Connection refused\n"); got != "Connection refused" {
		t.Errorf("%q", got)
	}
}

// TestTheReaderMeasuresDisks, also under folders that are not there yet.
func TestTheReaderMeasuresDisks(t *testing.T) {
	r, _ := local(t)
	dir := t.TempDir()
	odd := filepath.Join(dir, `a "name" with $(blanks) \ and more`)
	if err := os.Mkdir(odd, 0o700); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		got, err := r.read(t.Context(), os.Getpid(), dir, odd, filepath.Join(dir, "not/yet"), "/proc")
		disks, ok := got.disks.Get()
		if err != nil || !ok || len(disks) != 4 || disks[dir].Total == 0 || disks[dir].Total != disks[odd].Total || disks[dir].Total != disks[filepath.Join(dir, "not/yet")].Total {
			t.Errorf("%+v %v %s", disks, err, got.disks.Why())
		}
		if plain, err := r.read(t.Context(), 0); err != nil || plain.disks.Blind() != facts.NotAsked {
			t.Errorf("nobody asked: %v %v", plain.disks, err)
		}
	}
}

// TestADiskThatDoesNotAnswer is unknown, and costs no other fact.
func TestADiskThatDoesNotAnswer(t *testing.T) {
	whole := "1700000000\n@1 clock 0\n@1 stale 0\nFilesystem 1024-blocks Used Available Capacity Mounted on\n/dev/vda 100 40 60 40% /\n@1 df 0\n%s@1 df %d\n@1 end 0\n"
	for _, c := range []struct {
		text   string
		status int
		blind  facts.Blind
		says   string
	}{{"", 124, facts.TooLate, "does not answer"}, {"", 143, facts.TooLate, "does not answer"}, {"df: /x: Permission denied\n", 1, facts.Unreadable, "Permission denied"}, {"rubbish\n", 0, facts.Unreadable, "rubbish"}} {
		got, err := newReader(&answers{text: fmt.Sprintf(strings.Replace(whole, "40% /", "40%% /", 1), c.text, c.status)}).read(t.Context(), 0, "/a", "/x")
		if err != nil || got.disks.Blind() != c.blind || !strings.Contains(got.disks.Why(), c.says) || got.clock.Unix() != 1700000000 {
			t.Errorf("%q %d: %v %s", c.text, c.status, err, got.disks.Why())
		}
	}
}

// TestCertificates are read from a listener that nobody here trusts, also from
// one that wants a certificate of ours.
func TestCertificates(t *testing.T) {
	s := httptest.NewTLSServer(http.NotFoundHandler())
	defer s.Close()
	conn, err := net.Dial("tcp", s.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close() //nolint:errcheck // a test's
	want := s.Certificate()
	if c, ok := handshake(t.Context(), conn, "it").Get(); !ok || !c.Ends.Equal(want.NotAfter) || !c.Begins.Equal(want.NotBefore) {
		t.Errorf("%+v, want %s", c, want.NotAfter)
	}
	plain := httptest.NewServer(http.NotFoundHandler())
	defer plain.Close()
	if conn, err = net.Dial("tcp", plain.Listener.Addr().String()); err != nil {
		t.Fatal(err)
	}
	defer conn.Close() //nolint:errcheck // a test's
	if seen := handshake(t.Context(), conn, "listener.ssl.x"); seen.OK() || !strings.Contains(seen.Why(), "listener.ssl.x shows no certificate") {
		t.Errorf("%s", seen.Why())
	}
}

// TestWhereTheCountersAre follows the plan.
func TestWhereTheCountersAre(t *testing.T) {
	for own, want := range map[string]string{"": "http://127.0.0.1:8888/metrics", "127.0.0.1:9999": "http://127.0.0.1:9999/metrics", "0.0.0.0:9998": "http://127.0.0.1:9998/metrics", "x": "http://127.0.0.1:8888/metrics"} {
		v := view{node: regions.Node{Conf: map[string]secret.Word{"listener.http.default": secret.Plain(own)}}}
		if got := v.metricsAt(); got != want {
			t.Errorf("%s: %s", own, got)
		}
	}
}
