package script_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"vmqbot/lab/broker/script"
)

// TestMain lets the test binary be the program under test: it is started under
// the names of the scripts, and starts itself as beam.smp.
func TestMain(m *testing.M) {
	switch filepath.Base(os.Args[0]) {
	case "vernemq", "vmq-admin", "nodetool", "escript", "beam.smp", "start_vernemq":
		os.Exit(script.Main(os.Args))
	}
	os.Exit(m.Run())
}

// patience is the limit of what is sure to come, however busy this machine is.
const patience = 2 * time.Minute

// install is one installation of the broker in a directory.
type install struct {
	t    *testing.T
	ip   string // in the node name
	here string // where the distribution listens; the same unless the address is "gone"
	dir  string
	env  []string
}

// base finds a free loopback network for a test: 127.N.1.
func base(t *testing.T) string {
	t.Helper()
	for n := 11; n < 99; n++ {
		b := fmt.Sprintf("127.%d.1.", n)
		hold, err := net.Listen("tcp4", b+"200:4369")
		if err == nil {
			t.Cleanup(func() { hold.Close() })
			return b
		}
	}
	t.Fatal("no free loopback network")
	return ""
}

func newInstall(t *testing.T, ip string) *install {
	t.Helper()
	in := &install{t: t, ip: ip, here: ip, dir: t.TempDir()}
	in.conf()
	t.Cleanup(in.kill)
	return in
}

func (in *install) etc() string { return filepath.Join(in.dir, "etc") }

// conf writes vernemq.conf: the usual lines and some more.
func (in *install) conf(lines ...string) {
	in.t.Helper()
	text := fmt.Sprintf("nodename = VerneMQ@%s\ndistributed_cookie = vmqlab\nallow_anonymous = on\n"+
		"listener.tcp.default = %s:1883\nlistener.vmq.clustering = %s:44053\nlistener.http.default = %s:8888\n",
		in.ip, in.here, in.ip, in.here)
	in.write("vernemq.conf", text+strings.Join(lines, "\n")+"\n")
}

func (in *install) write(name, text string) {
	in.t.Helper()
	path := filepath.Join(in.etc(), name)
	if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, []byte(text), 0o644)); err != nil {
		in.t.Fatal(err)
	}
}

// answer of one command.
type answer struct {
	exit           int
	stdout, stderr string
}

// run calls a script as a process of its own.
func (in *install) run(argv ...string) answer {
	in.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	cmd := in.command(ctx, argv...)
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	err := cmd.Run()
	var ee *exec.ExitError
	if err != nil && !errors.As(err, &ee) {
		in.t.Fatal(err)
	}
	return answer{cmd.ProcessState.ExitCode(), out.String(), errs.String()}
}

func (in *install) command(ctx context.Context, argv ...string) *exec.Cmd {
	in.t.Helper()
	self, err := os.Executable()
	if err != nil {
		in.t.Fatal(err)
	}
	cmd := exec.CommandContext(ctx, self)
	cmd.Args = argv
	cmd.Env = append(os.Environ(), "VERNEMQ_ETC="+in.etc(), "VERNEMQ_DATA="+filepath.Join(in.dir, "data"),
		"VERNEMQ_LOG="+filepath.Join(in.dir, "log"), "VERNEMQ_ROOT="+filepath.Join(in.dir, "root"),
		"VERNEMQ_DIST_HOST="+in.here, "VERNEMQ_START_SECONDS=0.2", "WAIT_FOR_ERLANG=120")
	cmd.Env = append(cmd.Env, in.env...)
	return cmd
}

// must runs a command that has to succeed.
func (in *install) must(argv ...string) string {
	in.t.Helper()
	a := in.run(argv...)
	if a.exit != 0 {
		in.t.Fatalf("%v: exit %d\n%s%s", argv, a.exit, a.stdout, a.stderr)
	}
	return a.stdout
}

// pids finds this installation's broker by its command line, as `ps` would.
func (in *install) pids() []int {
	names, _ := filepath.Glob("/proc/[0-9]*/cmdline") // the pattern is well formed
	var out []int
	for _, name := range names {
		b, err := os.ReadFile(name)
		if err != nil || !bytes.HasPrefix(b, []byte(filepath.Join(in.dir, "root", "erts-10", "bin", "beam.smp"))) {
			continue
		}
		if pid, err := strconv.Atoi(filepath.Base(filepath.Dir(name))); err == nil {
			out = append(out, pid)
		}
	}
	return out
}

// kill is kill -9.
func (in *install) kill() {
	for _, pid := range in.pids() {
		_ = syscall.Kill(pid, syscall.SIGKILL) // gone meanwhile otherwise
	}
	until(in.t, "the broker to be gone", func() bool { return len(in.pids()) == 0 })
}

func until(t *testing.T, what string, ok func() bool) {
	t.Helper()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	end := time.Now().Add(patience)
	for !ok() {
		if time.Now().After(end) {
			t.Fatalf("waited %s for %s", patience, what)
		}
		<-tick.C
	}
}
