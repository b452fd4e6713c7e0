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
	bot := build(t, "../cmd/bot")
	var b strings.Builder
	b.WriteString("### Simulated fleets\n\n| nodes | ready | memory then | per node | status all, median of 5 | exit | memory after |\n|---|---|---|---|---|---|---|\n")
	for _, nodes := range []int{0, 50, 100, 200} {
		ready, mb, after, seen := simulated(t, bot, nodes)
		count := max(nodes, 4)
		row := fmt.Sprintf("| %d | %.1f s | %.0f MB | %.2f MB | %.1f s | %d | %.0f MB |\n", count, ready.Seconds(), mb, mb/float64(count), seen.median()/1e3, seen.exit, after)
		t.Log(row) // a run that is cut off has told what it took
		b.WriteString(row)
	}
	fmt.Println(b.String())
	if err := os.MkdirAll("out", 0o755); err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join("out", "simulated-fleets.md"), b.String(), 0o644)
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
	cmd := exec.Command(bot, "sim", "--dir", dir, "--nodes", strconv.Itoa(nodes))
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	start := time.Now()
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() {
		_ = cmd.Process.Signal(syscall.SIGTERM) // it may have ended
		_ = cmd.Wait()
	}()
	if line, err := bufio.NewReader(out).ReadString('\n'); err != nil {
		t.Fatalf("bot sim --nodes %d: %q %v", nodes, line, err)
	}
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
