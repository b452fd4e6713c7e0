package watch_test

import (
	"bytes"
	"crypto/rand"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"vmqbot/control"
	"vmqbot/executor"
	"vmqbot/regions"
	"vmqbot/sim"
	"vmqbot/store"
	"vmqbot/watch"
)

// house is everything at work in a bubble of time: the watch with its store, its
// ssh connections and its repairs, before a simulated fleet. Only the speaker is
// the test's.
type house struct {
	*world
	sim   *sim.Fleet
	store *store.Store
}

// newHouse brings all of it up and begins to watch; the returned function ends it.
// The fleet file is the simulated fleet's with what the test changes.
func newHouse(t *testing.T, change func(*regions.Fleet)) (*house, func()) {
	t.Helper()
	f, err := sim.Up(t.Context(), sim.Options{Dir: t.TempDir(), Shut: true})
	if err != nil {
		t.Fatal(err)
	}
	src, err := os.ReadFile(f.FleetFile())
	if err != nil {
		t.Fatal(err)
	}
	fleet, err := regions.Load(f.FleetFile(), src, func(_, ref string) (string, error) {
		b, err := os.ReadFile(ref)
		return strings.TrimSpace(string(b)), err
	})
	if err != nil {
		t.Fatal(err)
	}
	if change != nil {
		change(fleet)
	}
	hosts := executor.Open(fleet, executor.Options{Home: t.TempDir(), Dial: f.Dial})
	st, err := store.Open(t.Context(), filepath.Join(t.TempDir(), "bot.db"), clock{})
	if err != nil {
		t.Fatal(err)
	}
	h := &house{&world{t: t, fleet: fleet}, f, st}
	s := &control.Service{
		Fleet: fleet, Looker: hosts.Looker, Runner: hosts.Runner(fleet, st, st, clock{}), Journal: st, History: st, Audit: st, AuditLog: st,
		Approvals: st, Keys: st, Leases: st, HostLeases: hosts.Leases, Book: st, Wishes: st, Clock: clock{}, Redactor: fleet.Redactor(),
		Holder: "bot#1", NewID: func() string { return strings.ToLower(rand.Text())[:6] }, NewToken: rand.Text, LockWait: time.Minute,
	}
	h.watch = &watch.Watch{Service: s, Hints: hosts.Hints, Book: st, Wishes: st, Speaker: h, Logger: slog.New(slog.DiscardHandler)}
	end := h.run(h.watch)
	return h, func() {
		end()
		if err := errors.Join(hosts.Close(), st.Close()); err != nil {
			t.Error(err)
		}
		f.Close()
	}
}

// do does a verb of the simulated fleet, and returns what it printed.
func (h *house) do(argv ...string) string {
	h.t.Helper()
	var out bytes.Buffer
	if exit := h.sim.Do(h.t.Context(), sim.Streams{Out: &out, Err: &out}, argv...); exit != 0 {
		h.t.Fatalf("%q: exit status %d: %s", argv, exit, out.String())
	}
	return out.String()
}

// until waits for something that the fleet or the watch does by itself.
func (h *house) until(what string, limit time.Duration, ok func() bool) {
	h.t.Helper()
	for end := time.Now().Add(limit); !ok(); time.Sleep(50 * time.Millisecond) {
		if time.Now().After(end) {
			h.t.Fatalf("within %v not seen: %s\n%s", limit, what, h.story())
		}
	}
}
