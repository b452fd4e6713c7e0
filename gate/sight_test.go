package gate_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"vmqbot/gate"
)

// process is one process of a box as the host sees it.
type process struct {
	pid        int // on the host
	comm, args string
	zombie     bool
}

// processes lists what runs in a box, but for the first process.
func (b *box) processes() []process {
	ns, err := os.Readlink("/proc/" + b.pid() + "/ns/pid")
	if err != nil {
		return nil // the box has ended
	}
	dirs, _ := filepath.Glob("/proc/[0-9]*") // the pattern is well formed
	var list []process
	for _, dir := range dirs {
		at, err := os.Readlink(dir + "/ns/pid")
		if err != nil || at != ns || filepath.Base(dir) == b.pid() {
			continue
		}
		pid, _ := strconv.Atoi(filepath.Base(dir)) // digits only
		comm, _ := os.ReadFile(dir + "/comm")      // nothing when it has just ended
		args, _ := os.ReadFile(dir + "/cmdline")
		stat, _ := os.ReadFile(dir + "/stat")
		list = append(list, process{pid, strings.TrimSpace(string(comm)), string(bytes.ReplaceAll(args, []byte{0}, []byte(" "))), bytes.Contains(stat, []byte(") Z "))})
	}
	return list
}

// brokers lists the pids of living brokers.
func (b *box) brokers() []int {
	var pids []int
	for _, p := range b.processes() {
		if p.comm == "beam.smp" && !p.zombie && strings.Contains(p.args, "-progname vernemq") {
			pids = append(pids, p.pid)
		}
	}
	return pids
}

// broker is the only one.
func (b *box) broker() int {
	b.t.Helper()
	pids := b.brokers()
	if len(pids) != 1 {
		b.t.Fatalf("brokers: %v", pids)
	}
	return pids[0]
}

// kill is kill -9.
func (b *box) kill(pid int) { b.t.Helper(); b.must(syscall.Kill(pid, syscall.SIGKILL)) }

// state is the line that the gate wrote last, or nothing.
func (b *box) state() string {
	text, _ := os.ReadFile("/proc/" + b.pid() + "/root" + gate.StateFile) // nothing before the first one
	return strings.TrimSpace(string(text))
}

// says waits until the gate writes a state.
func (b *box) says(want string) {
	b.t.Helper()
	b.until(fmt.Sprintf("the state %q", want), func() bool { return b.state() == want })
	if _, err := gate.ParseState(want); err != nil {
		b.t.Error(err)
	}
}

// told waits until the gate has been in a state, however shortly.
func (b *box) told(want string) {
	b.t.Helper()
	b.until(fmt.Sprintf("the state %q in the log", want), func() bool { return strings.Contains(b.log.String(), "vmqbot-gate: "+want+"\n") })
}

// crashes is the count in the state.
func (b *box) crashes() int {
	b.t.Helper()
	for {
		if s, err := gate.ParseState(b.state()); err == nil { // not while it is being written
			return s.Crashes
		}
	}
}

// logged counts in the brokers' own log.
func (b *box) logged(what string, times int) bool {
	text, _ := os.ReadFile(b.path("log/console.log")) // nothing before the first one
	if n := strings.Count(string(text), what); n != times {
		b.t.Errorf("console.log says %q %d times, not %d", what, n, times)
		return false
	}
	return true
}

// health is what Docker's check would find.
func (b *box) health() (exit int, out string) {
	b.t.Helper()
	return b.exec(gate.Health()[1:]...)
}

// listens is true while a port of the box listens.
func (b *box) listens(port int) bool {
	text, _ := os.ReadFile("/proc/" + b.pid() + "/net/tcp") // nothing when the box has ended
	return slices.ContainsFunc(strings.Split(string(text), "\n"), func(row string) bool {
		f := strings.Fields(row)
		return len(f) > 3 && f[3] == "0A" && strings.HasSuffix(f[1], fmt.Sprintf(":%04X", port))
	})
}

// stop is `docker stop`: what the gate ends with, and how long it took.
func (b *box) stop() (exit int, took time.Duration) {
	b.t.Helper()
	begun := time.Now()
	b.must(b.cmd.Process.Signal(syscall.SIGTERM))
	select {
	case <-b.done:
	case <-time.After(30 * time.Second):
		b.t.Fatalf("does not end: %s", b.state())
	}
	return b.cmd.ProcessState.ExitCode(), time.Since(begun)
}

func (b *box) until(what string, ok func() bool) { b.t.Helper(); until(b.t, what, ok) }

// patience is the limit of what is sure to come, however busy this machine is.
const patience = 2 * time.Minute

func until(t *testing.T, what string, ok func() bool) {
	t.Helper()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for end := time.Now().Add(patience); !ok(); <-tick.C {
		if time.Now().After(end) {
			t.Fatalf("waited %s for %s", patience, what)
		}
	}
}

// during holds a rule against the box until an event.
func (b *box) during(event func() bool, what string, rule func() bool) {
	b.t.Helper()
	b.until("the end of: "+what, func() bool {
		if !rule() {
			b.t.Errorf("not so: %s (%s)", what, b.state())
			return true
		}
		return event()
	})
}
