//go:build bench

package bench

import (
	"bufio"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"testing"
	"time"
)

// TestSweeps takes what the watch's look at a whole fleet costs at several sizes, and
// the memory of `bot watch`, a process of its own beside the simulated fleet. It needs
// no lab:
//
//	go test -tags bench -count=1 -v -timeout 30m -run TestSweeps ./bench
func TestSweeps(t *testing.T) {
	atSizes(t, "Sweeps", "a sweep, median of 5 | fastest | slowest | memory of the watch | its processor time for one", func(t *testing.T, bot string, nodes int) string {
		took, mb, cpu := sweeps(t, bot, nodes)
		return fmt.Sprintf("%.2f s | %.2f | %.2f | %.0f MB | %.2f s", took.median()/1e3, slices.Min(took.ms)/1e3, slices.Max(took.ms)/1e3, mb, cpu)
	})
}

var (
	listening = regexp.MustCompile(`msg=listening address=(\S+)`)
	sweepSum  = regexp.MustCompile(`(?m)^vmqbot_sweep_duration_seconds_sum\{lane="sweep"\} (\S+)$`)
	sweepMany = regexp.MustCompile(`(?m)^vmqbot_sweep_duration_seconds_count\{lane="sweep"\} (\S+)$`)
	cpuSpent  = regexp.MustCompile(`(?m)^process_cpu_seconds_total (\S+)$`)
)

// sweeps watches one simulated fleet for as many sweeps as there are rounds, without
// repairing anything, and reads its own /metrics. The first sweep, which dials, is
// none of them.
func sweeps(t *testing.T, bot string, nodes int) (took figure, mb, cpu float64) {
	t.Helper()
	dir := t.TempDir()
	simFleet(t, bot, dir, nodes)
	watch := exec.Command(bot, "watch", "--idle", "--config", filepath.Join(dir, "fleet.yaml"), "--listen", "127.0.0.1:0")
	watch.Env = append(os.Environ(), "XDG_STATE_HOME="+dir)
	stderr, err := watch.StderrPipe()
	begin(t, watch, err)
	var url string
	for lines := bufio.NewScanner(stderr); url == "" && lines.Scan(); {
		if m := listening.FindStringSubmatch(lines.Text()); m != nil {
			url = "http://" + m[1] + "/metrics"
		}
	}
	go func() { _, _ = io.Copy(io.Discard, stderr) }() // ends with the process
	var count, sum, spent float64
	for end := time.Now().Add(8 * time.Minute); len(took.ms) < rounds; time.Sleep(300 * time.Millisecond) {
		text := page(t, url)
		n, s, c := number(sweepMany, text), number(sweepSum, text), number(cpuSpent, text)
		if n == count+1 && count > 0 {
			took.ms = append(took.ms, (s-sum)*1e3)
			cpu += (c - spent) / float64(rounds)
		}
		if n > count {
			count, sum, spent = n, s, c
		}
		if time.Now().After(end) {
			t.Fatalf("%d sweeps in 8 minutes:\n%s", len(took.ms), text)
		}
	}
	return took, resident(t, watch.Process.Pid), cpu
}

func page(t *testing.T, url string) string {
	t.Helper()
	r, err := http.Get(url) //nolint:gosec,noctx // the address that the process itself told
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	text, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func number(re *regexp.Regexp, text string) float64 {
	m := re.FindStringSubmatch(text)
	if m == nil {
		return 0
	}
	f, _ := strconv.ParseFloat(m[1], 64) // one that is none counts as not told
	return f
}
