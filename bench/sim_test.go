//go:build bench

package bench

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// TestSimulatedFleets takes what `bot sim` costs at several sizes: how long it
// takes to be ready, its memory when it is, and how long `status` of all its
// nodes takes, in a process of its own. It needs no lab:
//
//	go test -tags bench -count=1 -v -timeout 30m -run TestSimulatedFleets ./bench
func TestSimulatedFleets(t *testing.T) {
	atSizes(t, "Simulated fleets", "ready | memory then | per node | status all, median of 5 | exit | memory after", func(t *testing.T, bot string, nodes int) string {
		ready, mb, after, seen := simulated(t, bot, nodes)
		return fmt.Sprintf("%.1f s | %.0f MB | %.2f MB | %.1f s | %d | %.0f MB", ready.Seconds(), mb, mb/float64(max(nodes, 4)), seen.median()/1e3, seen.exit, after)
	})
}

// atSizes prints and keeps a table with a row for each size of a simulated fleet. Each
// row is a test of its own, so that its processes end before the next begin.
func atSizes(t *testing.T, title, columns string, row func(t *testing.T, bot string, nodes int) string) {
	t.Helper()
	bot := build(t, "../cmd/bot")
	var b strings.Builder
	fmt.Fprintf(&b, "### %s\n\n| nodes | %s |\n|---%s|\n", title, columns, strings.Repeat("|---", strings.Count(columns, "|")+1))
	for _, nodes := range []int{0, 50, 100, 200} {
		t.Run(strconv.Itoa(nodes), func(t *testing.T) {
			line := fmt.Sprintf("| %d | %s |\n", max(nodes, 4), row(t, bot, nodes))
			t.Log(line) // a run that is cut off has told what it took
			b.WriteString(line)
		})
	}
	fmt.Println(b.String())
	if err := os.MkdirAll("out", 0o755); err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join("out", strings.ReplaceAll(strings.ToLower(title), " ", "-")+".md"), b.String(), 0o644)
}

// simFleet runs a simulated fleet until the test ends, and returns when it is ready.
func simFleet(t *testing.T, bot, dir string, nodes int) *exec.Cmd {
	t.Helper()
	fleet := exec.Command(bot, "sim", "--dir", dir, "--nodes", strconv.Itoa(nodes))
	ready, err := fleet.StdoutPipe()
	begin(t, fleet, err)
	if line, err := bufio.NewReader(ready).ReadString('\n'); err != nil {
		t.Fatalf("bot sim --nodes %d: %q %v", nodes, line, err)
	}
	return fleet
}

// begin starts a process that the test's end ends.
func begin(t *testing.T, c *exec.Cmd, err error) {
	t.Helper()
	if err == nil {
		err = c.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = c.Process.Signal(syscall.SIGTERM) // it may have ended
		_ = c.Wait()
	})
}

// seenFleet is how long status took, and with what exit status it ended last.
type seenFleet struct {
	figure
	exit int
}

// simulated runs one fleet from its start to its end.
func simulated(t *testing.T, bot string, nodes int) (ready time.Duration, mb, after float64, seen seenFleet) {
	t.Helper()
	dir := t.TempDir()
	start := time.Now()
	cmd := simFleet(t, bot, dir, nodes)
	ready, mb = time.Since(start), resident(t, cmd.Process.Pid)
	for range rounds {
		began := time.Now()
		look := exec.Command(bot, "run", "--config", filepath.Join(dir, "fleet.yaml"), "--", "status", "all")
		_ = look.Run() // nodes of a large fleet are not joined; its exit status is told
		seen.ms = append(seen.ms, float64(time.Since(began))/1e6)
		seen.exit = look.ProcessState.ExitCode()
	}
	return ready, mb, resident(t, cmd.Process.Pid), seen
}

var vmRSS = regexp.MustCompile(`VmRSS:\s+(\d+) kB`)

// resident is the memory of a process in MB.
func resident(t *testing.T, pid int) float64 {
	t.Helper()
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		t.Fatal(err)
	}
	m := vmRSS.FindSubmatch(text)
	if m == nil {
		t.Fatal("the kernel tells no resident memory")
	}
	kb, err := strconv.ParseFloat(string(m[1]), 64)
	if err != nil {
		t.Fatal(err)
	}
	return kb / 1e3
}
