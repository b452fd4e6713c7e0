//go:build bench

package bench

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"vmqbot/commands"
	"vmqbot/control"
	"vmqbot/executor"
	"vmqbot/ops"
	"vmqbot/regions"
	"vmqbot/store"
)

// poll is the runner's pause between two looks.
const poll = 500 * time.Millisecond

// deploys is how often: one takes longer than all other figures together.
const deploys = 3

// TestDeployTime tells how much of a deploy is neither Docker's, weave's nor
// the broker's: one node goes from image to image, without a soak.
func TestDeployTime(t *testing.T) {
	f := labFleet(t)
	deploy(t, f, "airdroid/vernemq:2.1.2") // whatever it was
	var ours, all []float64
	for i := range deploys {
		image := []string{"airdroid/vernemq:2.1.3", "airdroid/vernemq:2.1.2"}[i%2]
		l := deploy(t, f, image)
		share := 100 * float64(l.rest) / float64(l.total)
		fmt.Printf("| %s | %.2f s | %.2f | %.2f | %.2f | %.2f | %.1f %% |\n", image, l.total.Seconds(), l.docker.Seconds(), l.broker.Seconds(), l.looked.Seconds(), l.rest.Seconds(), share)
		for _, s := range l.steps {
			fmt.Println("    " + s)
		}
		ours, all = append(ours, float64(l.rest)/1e6), append(all, float64(l.total)/1e6)
	}
	table(t, "Deploy of one node", []figure{{name: "all of it", ms: all}, {name: "ours", ms: ours}})
}

// deploy runs one deploy of cn in this process and tells where its time went.
func deploy(t *testing.T, f *regions.Fleet, image string) ledger {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	defer cancel()
	st, err := store.Open(ctx, filepath.Join(t.TempDir(), "journal.db"), clock{})
	if err != nil {
		t.Fatal(err)
	}
	hosts := executor.Open(f, executor.Options{Home: os.Getenv("HOME")})
	tr := &trace{}
	hosts.Looker, hosts.Doer = tracedLooker{hosts.Looker, tr}, tracedDoer{hosts.Doer, tr}
	s := &control.Service{
		Fleet: f, Looker: hosts.Looker, Runner: hosts.Runner(f, st, st, clock{}), HostLeases: hosts.Leases, Journal: st, History: st,
		Audit: st, Leases: st, Clock: clock{}, Holder: "bench", NewID: func() string { return "bench" }, Redactor: f.Redactor(),
	}
	c, r, err := commands.Parse(strings.Fields("deploy cn --soak 0 --image "+image), f)
	if err != nil {
		t.Fatal(err)
	}
	var l ledger
	var begun time.Time
	all := span{from: time.Now()}
	_, err = s.Do(ctx, c, r, control.Door{AnyYes: true, Role: ops.Admin, Emit: func(e ops.Event) {
		if e.Kind != ops.StepNow {
			return
		}
		if e.State == ops.Running {
			begun = e.At
			return
		}
		before := l
		l.account(tr, span{begun, e.At}, poll)
		l.steps = append(l.steps, fmt.Sprintf("%-60.60s %6.2f s: done in %.2f, awaited %.2f", e.Title, e.At.Sub(begun).Seconds(), (l.docker-before.docker).Seconds(), (l.broker-before.broker).Seconds()))
	}})
	all.to = time.Now()
	if err != nil {
		t.Fatalf("the deploy failed: %v", err)
	}
	if err := hosts.Close(); err != nil {
		t.Fatal(err)
	}
	if err := st.Close(); err != nil {
		t.Fatal(err)
	}
	l.close(tr, all)
	return l
}

func labFleet(t *testing.T) *regions.Fleet {
	t.Helper()
	path := "../lab/fleet.yaml"
	src, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("the lab is not up: %v; run make lab-up", err)
	}
	f, err := regions.Load(path, src, func(_, ref string) (string, error) {
		if !filepath.IsAbs(ref) {
			ref = filepath.Join("../lab", ref)
		}
		b, err := os.ReadFile(ref)
		return strings.TrimSpace(string(b)), err
	})
	if err != nil {
		t.Fatal(err)
	}
	return f
}

type clock struct{}

func (clock) Now() time.Time                         { return time.Now() }
func (clock) After(d time.Duration) <-chan time.Time { return time.After(d) }
