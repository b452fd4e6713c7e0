package bot_test

import (
	"bytes"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"vmqbot/bot/slackworld"
	"vmqbot/commands"
	"vmqbot/control"
	"vmqbot/executor"
	"vmqbot/ops"
	"vmqbot/regions"
	"vmqbot/sim"
)

// pace is how much faster than real ones the machines of the fleet are; at
// more than that a busy test machine does not keep up.
const pace = 0.2

// fleets are the simulated fleets that may run at a time: unlike the tests beside
// them they work more than they wait.
var fleets = make(chan struct{}, 2)

// simulated puts a fleet of hosts, Docker, weave and brokers behind the bot.
func simulated(t *testing.T) (*sim.Fleet, func(*world)) {
	t.Helper()
	fleets <- struct{}{}
	t.Cleanup(func() { <-fleets }) // after the fleet is closed
	began := time.Now()
	f, err := sim.Up(t.Context(), sim.Options{Dir: t.TempDir(), Pace: pace})
	for tries := 1; err != nil; tries++ {
		if tries == 3 {
			t.Fatal(err)
		}
		t.Logf("the fleet missed a deadline of its own on this machine: %v", err)
		f, err = sim.Up(t.Context(), sim.Options{Dir: t.TempDir(), Pace: pace})
	}
	t.Logf("the fleet is up after %s", time.Since(began).Round(time.Millisecond))
	t.Cleanup(f.Close)
	return f, func(w *world) {
		w.fleet = fleetOf(w.t, f.FleetFile())
		w.hosts = executor.Open(w.fleet, executor.Options{Home: w.t.TempDir()})
		w.t.Cleanup(func() {
			if err := w.hosts.Close(); err != nil {
				w.t.Error(err)
			}
		})
	}
}

// fleetOf reads a fleet file, and writes into it who may do what in Slack.
func fleetOf(t *testing.T, path string) *regions.Fleet {
	t.Helper()
	src, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	f, err := regions.Load(path, src, func(_, ref string) (string, error) {
		b, err := os.ReadFile(ref)
		return strings.TrimSpace(string(b)), err
	})
	if err != nil {
		t.Fatal(err)
	}
	f.Slack = regions.Slack{Channel: slackworld.Channel, Team: slackworld.Team}
	f.Roles = map[string][]string{"viewer": {"S0EVERYONE"}, "operator": {"S0ONCALL"}, "admin": {slackworld.Admin}}
	f.Approval = map[string]regions.Approval{}
	for _, verb := range []string{"deploy", "reattach"} {
		f.Approval[verb] = regions.Approval{Approvers: []string{"S0ONCALL"}, Count: 1, Expires: time.Hour}
	}
	return f
}

// on runs a program on a host of the simulated fleet.
func on(t *testing.T, f *sim.Fleet, host string, argv ...string) string {
	t.Helper()
	var out bytes.Buffer
	if exit := f.Do(t.Context(), sim.Streams{Out: &out, Err: &out}, append([]string{"exec", host}, argv...)...); exit != 0 {
		t.Fatalf("%q on %s: exit status %d: %s", argv, host, exit, out.String())
	}
	return out.String()
}

// terminal does a line as somebody does it from a terminal on the same store.
func (w *world) terminal(line string) (control.Result, error) {
	c, r, err := commands.Parse(strings.Fields(line), w.fleet)
	if err != nil {
		return control.Result{}, err
	}
	r.Actor = "terminal:ana"
	var said []string
	res, err := w.service().Do(w.t.Context(), c, r, control.Door{AnyYes: true, Role: ops.Admin, Emit: func(e ops.Event) {
		said = append(said, fmt.Sprint(e.Step, " ", e.Node, " ", e.State, " ", e.Text))
	}})
	if err != nil {
		w.t.Logf("%s:\n%s", line, strings.Join(said, "\n"))
	}
	return res, err
}
