//go:build bench

package bench

import (
	"context"
	"crypto/rand"
	"flag"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"vmqbot/alerts"
	"vmqbot/control"
	"vmqbot/executor"
	"vmqbot/ops"
	"vmqbot/store"
	"vmqbot/watch"
)

var restarts = flag.Int("restarts", 5, "how often TestHeals restarts the container of cn; a figure wants 100, which takes 80 minutes")

// TestHeals restarts the container of cn in the lab, which takes its address, as often
// as it is told, and measures from the container's start: until it is told, until the
// address is back, until everything is proven. The budget and the flapping of the
// fleet file are raised for it.
func TestHeals(t *testing.T) {
	h := watchLab(t)
	var told, back, proven []float64
	for i := range *restarts {
		h.expect()
		lab(t, "exec", "cn", "docker", "restart", "vernemq-release-cn-1")
		started, err := time.Parse(time.RFC3339Nano, strings.TrimSpace(lab(t, "exec", "cn", "docker", "inspect", "--format", "{{.State.StartedAt}}", "vernemq-release-cn-1")))
		if err != nil {
			t.Fatal(err)
		}
		m := h.await(t, 3*time.Minute)
		fmt.Printf("restart %d: told %.2f s, address %.2f s, proven %.2f s\n", i+1, m.told.Sub(started).Seconds(), m.back.Sub(started).Seconds(), m.proven.Sub(started).Seconds())
		told, back, proven = append(told, ms(m.told, started)), append(back, ms(m.back, started)), append(proven, ms(m.proven, started))
	}
	table(t, fmt.Sprintf("An address lost by docker restart, %d times in the lab, from the container's start", *restarts), []figure{{name: "told", ms: told}, {name: "the address is back", ms: back}, {name: "all is proven", ms: proven}})
	for name, all := range map[string][]float64{"told": told, "address": back, "proven": proven} {
		slices.Sort(all)
		fmt.Printf("%s: 99th percentile %.2f s\n", name, all[(len(all)*99+99)/100-1]/1000)
	}
}

func ms(at, since time.Time) float64 { return float64(at.Sub(since)) / 1e6 }

// moments are when things happened in one loss.
type moments struct{ told, back, proven, over time.Time }

// healing is a watch of the lab in this process.
type healing struct {
	mu  sync.Mutex
	now moments
}

func watchLab(t *testing.T) *healing {
	t.Helper()
	f := labFleet(t)
	f.Checks.Budget.Hour, f.Checks.Budget.Day, f.Checks.Budget.Pause, f.Checks.Flapping = 1000, 1000, time.Second, 10000
	st, err := store.Open(t.Context(), filepath.Join(t.TempDir(), "bot.db"), clock{})
	if err != nil {
		t.Fatal(err)
	}
	hosts := executor.Open(f, executor.Options{Home: os.Getenv("HOME")})
	h := &healing{}
	w := &watch.Watch{
		Service: &control.Service{
			Fleet: f, Looker: hosts.Looker, Runner: hosts.Runner(f, st, st, clock{}), Journal: st, History: st, Audit: st, AuditLog: st, Approvals: st, Keys: st,
			Leases: st, HostLeases: hosts.Leases, Book: st, Wishes: st, Clock: clock{}, Redactor: f.Redactor(), Holder: "bench", NewToken: rand.Text, LockWait: time.Minute,
			NewID: func() string { return strings.ToLower(rand.Text())[:6] },
		},
		Hints: hosts.Hints, Book: st, Wishes: st, Speaker: h, Stage: h, Logger: slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn})),
	}
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- w.Run(ctx) }()
	t.Cleanup(func() {
		stop()
		if err := <-done; err != nil {
			t.Error(err)
		}
		_, _ = hosts.Close(), st.Close()
	})
	time.Sleep(20 * time.Second) // until it has settled
	return h
}

func (h *healing) expect() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.now = moments{}
}

// await waits until a loss is over.
func (h *healing) await(t *testing.T, limit time.Duration) moments {
	t.Helper()
	for end := time.Now().Add(limit); time.Now().Before(end); time.Sleep(100 * time.Millisecond) {
		h.mu.Lock()
		m := h.now
		h.mu.Unlock()
		if !m.over.IsZero() {
			return m
		}
	}
	t.Fatalf("not over within %v: %+v", limit, h.now)
	return moments{}
}

// Speak notes when the loss was told, and when it was told to be over.
func (h *healing) Speak(_ context.Context, s alerts.Say, _ alerts.Message, _ bool) (string, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	switch {
	case s.Group != "ip/cn":
	case strings.Contains(s.Text, "resolved after"):
		h.now.over = time.Now()
	case h.now.told.IsZero(): // a new message, or an edit of the one that tells of the loss before
		h.now.told = time.Now()
	}
	return "here", nil
}

// Show notes when the address was given back, and when all of it was proven.
func (h *healing) Show(ops.Unattended) func(ops.Event) {
	return func(e ops.Event) {
		h.mu.Lock()
		defer h.mu.Unlock()
		switch {
		case e.Kind == ops.StepNow && e.State == ops.Done && strings.HasPrefix(e.Title, "Attach "):
			h.now.back = e.At
		case e.Kind == ops.Finished && e.State == ops.Done:
			h.now.proven = e.At
		}
	}
}

func lab(t *testing.T, args ...string) string {
	t.Helper()
	out, err := exec.Command("../.bin/lab", args...).CombinedOutput()
	if err != nil {
		t.Fatalf("lab %q: %v: %s", args, err, out)
	}
	return string(out)
}
