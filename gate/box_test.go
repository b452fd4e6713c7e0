package gate_test

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"maps"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"vmqbot/gate"
	"vmqbot/lab/broker/script"
)

// TestMain lets the test binary be the stand-in for VerneMQ: the scripts start
// it under the names of VerneMQ's programs. Most of a test is waiting, so more
// of them run at a time than there are processors.
func TestMain(m *testing.M) {
	switch filepath.Base(os.Args[0]) {
	case "vernemq", "vmq-admin", "beam.smp":
		os.Exit(script.Main(os.Args))
	}
	flag.Parse()
	if err := flag.Set("test.parallel", "24"); err != nil {
		panic(err)
	}
	os.Exit(m.Run())
}

const address = "10.77.0.1"

// shells are those that are sh in images: Debian's, Alpine's, CentOS's. sleep
// is the shell's companion.
var shells = map[string][2]string{
	"dash":    {"dash", "sleep"},
	"busybox": {"busybox", "busybox"},
	"bash":    {"bash", "sleep"},
}

// inEachShell tells one story in three boxes, one for each shell.
func inEachShell(t *testing.T, story func(*testing.T, *box)) {
	t.Parallel()
	for _, name := range slices.Sorted(maps.Keys(shells)) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			story(t, newBox(t, name))
		})
	}
}

// box is a container: namespaces of its own in which the gate is the first
// process, and no program but those of its folder bin.
type box struct {
	t    *testing.T
	dir  string
	env  map[string]string
	uid  uint32
	cmd  *exec.Cmd
	log  log
	done chan struct{} // closed when the gate has ended
}

func newBox(t *testing.T, shell string) *box {
	t.Helper()
	b := &box{t: t, dir: t.TempDir(), done: make(chan struct{})}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	b.env = map[string]string{
		"PATH": b.path("bin"), "VERNEMQ_ETC": b.path("etc"), "VERNEMQ_DATA": b.path("data"), "VERNEMQ_LOG": b.path("log"),
		"VERNEMQ_ROOT": b.path("root"), "VERNEMQ_PACE": "0.05", "WAIT_FOR_ERLANG": "5", "VMQBOT_LISTENERS": b.path("etc/" + gate.DoorsFile),
	}
	for _, e := range gate.Env(netip.MustParseAddr(address)) {
		name, value, _ := strings.Cut(e, "=")
		b.env[name] = value
	}
	for _, d := range []string{"bin", "etc", "data", "log", "root/erts-10/bin"} {
		b.must(os.MkdirAll(b.path(d), 0o755))
	}
	beam := b.path("root/erts-10/bin/beam.smp")
	b.link(self, beam)
	b.link(beam, b.path("bin/vernemq"))
	b.link(beam, b.path("bin/vmq-admin"))
	b.link(tool(t, shells[shell][0]), b.path("bin/sh"))
	b.link(tool(t, shells[shell][1]), b.path("bin/sleep"))
	b.link(tool(t, "rm"), b.path("bin/rm"))
	b.conf()
	return b
}

// tool finds a program of this machine.
func tool(t *testing.T, name string) string {
	t.Helper()
	at, err := exec.LookPath(name)
	if err != nil {
		t.Fatalf("%s is needed for this test: install %s", name, map[string]string{
			"busybox": "busybox", "dash": "dash", "bash": "bash", "ip": "iproute2", "mount": "mount", "nsenter": "util-linux", "setpriv": "util-linux"}[name])
	}
	return at
}

// conf writes vernemq.conf: no MQTT port, as deploy renders it, and more lines.
func (b *box) conf(lines ...string) {
	b.t.Helper()
	b.write("etc/vernemq.conf", fmt.Sprintf("nodename = VerneMQ@%s\ndistributed_cookie = vmqlab\nallow_anonymous = on\nlistener.vmq.clustering = %s:44053\n%s\n",
		address, address, strings.Join(lines, "\n")), 0o644)
}

func (b *box) write(name, text string, mode os.FileMode) {
	b.t.Helper()
	b.must(os.WriteFile(b.path(name), []byte(text), mode))
}

// program replaces a program of the box by a script; BOX stands for the box.
func (b *box) program(name, text string) {
	b.t.Helper()
	b.must(os.Remove(b.path("bin/" + name)))
	b.write("bin/"+name, strings.ReplaceAll("#!BOX/bin/sh\n"+text+"\n", "BOX", b.dir), 0o755)
}

func (b *box) path(name string) string { return filepath.Join(b.dir, name) }

func (b *box) link(to, at string) { b.t.Helper(); b.must(os.Symlink(to, at)) }

func (b *box) must(err error) {
	b.t.Helper()
	if err != nil {
		b.t.Fatal(err)
	}
}

// start starts the gate, without its address.
func (b *box) start() {
	b.t.Helper()
	prelude := fmt.Sprintf("%[1]s --make-rprivate / && %[1]s -t proc proc /proc && %[1]s -t tmpfs tmpfs /dev/shm && %[2]s link set lo up && exec ", tool(b.t, "mount"), tool(b.t, "ip"))
	if b.uid != 0 {
		prelude += fmt.Sprintf("%s --reuid %[2]d --regid %[2]d --clear-groups ", tool(b.t, "setpriv"), b.uid)
	}
	b.cmd = exec.Command(tool(b.t, "dash"), append([]string{"-c", prelude + `"$0" "$@"`}, gate.Entrypoint()...)...)
	b.cmd.Env, b.cmd.Stdout, b.cmd.Stderr = b.environ(), &b.log, &b.log
	b.cmd.SysProcAttr = &syscall.SysProcAttr{Cloneflags: syscall.CLONE_NEWPID | syscall.CLONE_NEWNS | syscall.CLONE_NEWNET, Pdeathsig: syscall.SIGKILL}
	if err := b.cmd.Start(); err != nil {
		b.t.Fatalf("no namespaces for a container: %v (run the tests as root)", err)
	}
	go func() {
		defer close(b.done)
		_ = b.cmd.Wait() // how it ended is asked of ProcessState
	}()
	b.t.Cleanup(func() {
		_ = b.cmd.Process.Kill() // gone already otherwise; its processes end with it
		<-b.done
		if b.t.Failed() {
			b.t.Logf("the container's log:\n%s", b.log.String())
		}
	})
}

func (b *box) environ() []string {
	var env []string
	for name, value := range b.env {
		env = append(env, name+"="+value)
	}
	return env
}

// attach gives the box its address, as `weave attach` does, and detach takes it.
func (b *box) attach() { b.t.Helper(); b.ip("add") }
func (b *box) detach() { b.t.Helper(); b.ip("del") }

func (b *box) ip(verb string) {
	b.t.Helper()
	out, err := exec.Command(tool(b.t, "nsenter"), "-t", b.pid(), "-n", "ip", "addr", verb, address+"/24", "dev", "lo").CombinedOutput()
	if err != nil {
		b.t.Fatalf("%v: %s", err, out)
	}
}

func (b *box) pid() string { return strconv.Itoa(b.cmd.Process.Pid) }

// exec is `docker exec`.
func (b *box) exec(argv ...string) (exit int, out string) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.t.Context(), 20*time.Second)
	defer cancel()
	cmd := b.inside(ctx, argv...)
	var buf bytes.Buffer
	cmd.Stdout, cmd.Stderr = &buf, &buf
	err := cmd.Run()
	var failed *exec.ExitError
	if err != nil && !errors.As(err, &failed) {
		b.t.Fatal(err)
	}
	return cmd.ProcessState.ExitCode(), buf.String()
}

func (b *box) inside(ctx context.Context, argv ...string) *exec.Cmd {
	front := []string{"-t", b.pid(), "-p", "-m", "-n"}
	if b.uid != 0 {
		front = append(front, "-S", strconv.Itoa(int(b.uid)), "-G", strconv.Itoa(int(b.uid)))
	}
	cmd := exec.CommandContext(ctx, tool(b.t, "nsenter"), append(front, argv...)...)
	cmd.Env = b.environ()
	return cmd
}

// background leaves a command running in the box. It ends with the test, or
// with the function that is returned.
func (b *box) background(argv ...string) (end func()) {
	b.t.Helper()
	cmd := b.inside(b.t.Context(), argv...)
	b.must(cmd.Start())
	args := strings.Join(argv, " ")
	find := func() []process {
		return slices.DeleteFunc(b.processes(), func(p process) bool { return strings.TrimSpace(p.args) != args })
	}
	b.until(args, func() bool { return len(find()) == 1 })
	end = sync.OnceFunc(func() {
		for _, p := range find() {
			_ = syscall.Kill(p.pid, syscall.SIGKILL) // gone meanwhile otherwise
		}
		_ = cmd.Wait() // killed
	})
	b.t.Cleanup(end)
	return end
}

// log is what the container wrote.
type log struct {
	mu  sync.Mutex
	buf strings.Builder
}

func (l *log) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.Write(p)
}

func (l *log) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.String()
}
