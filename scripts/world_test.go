package scripts

import (
	"context"
	"errors"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"vmqbot/lab/traffic"
)

var only = flag.String("script", "*", "run only the scripts that match this pattern")

// found are the scripts.
func found(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob(*only + ".txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no script matches %q: %v", *only, err)
	}
	return files
}

// each runs scripts as tests of their own.
func each(t *testing.T, scripts []string, run func(t *testing.T, script string)) {
	t.Helper()
	for _, f := range scripts {
		t.Run(strings.TrimSuffix(filepath.Base(f), ".txtar"), func(t *testing.T) { run(t, f) })
	}
}

// tell runs one script in a world.
func tell(t *testing.T, script string, w *world) {
	t.Helper()
	w.jobs = map[string]*job{}
	testscript.Run(t, testscript.Params{
		Files:               []string{script},
		Setup:               w.setup,
		Cmds:                w.commands(),
		RequireExplicitExec: true,
	})
}

func (w *world) setup(env *testscript.Env) error {
	if err := w.begin(env); err != nil {
		return err
	}
	env.Setenv("FLEET", w.place.fleet())
	env.Setenv("XDG_STATE_HOME", filepath.Join(env.WorkDir, "state"))
	env.Setenv("HOME", env.WorkDir)
	env.Setenv("USER", "ana")
	env.Setenv("PATH", w.bin+":"+os.Getenv("PATH"))
	return nil
}

// world is a place as the scripts' language sees it.
type world struct {
	place place
	begin func(*testscript.Env) error // makes the place healthy
	bin   string                      // where the bot is
	exit  int                         // of the last bot
	jobs  map[string]*job
	was   map[string]string // containers by host, as "remember" saw them

	failures []failure // what the script has found

	slack   *slackRoom      // while the bot serves it
	traffic *traffic.Run    // while it flows
	report  *traffic.Report // of the traffic that was stopped last
}

func (w *world) commands() map[string]func(*testscript.TestScript, bool, []string) {
	return map[string]func(*testscript.TestScript, bool, []string){
		"bot":         w.bot,
		"vmq":         w.vmq,
		"status":      w.status,
		"fleet":       w.fleet,
		"on":          w.on,
		"broker-up":   w.brokerUp,
		"views-agree": w.viewsAgree,
		"message":     w.message,
		"bg-vmq":      w.start,
		"bg-watch":    w.watch,
		"eventually":  w.eventually,
		"take":        w.take,
		"address":     w.address,
		"wait-vmq":    w.wait,
		"one-of":      w.oneOf,
		"end-vmq":     w.end,
		"gone":        w.gone,
		"kill-vmq":    w.kill,
		"said":        w.said,
		"traffic":     w.flow,
		"retain":      w.retain,
		"retained":    w.retained,
		"offline":     w.offline,
		"await":       w.await,
		"ask":         w.ask,
		"answer":      w.answer,
		"remember":    w.remember,
		"unchanged":   w.unchanged,
		"fleet-with":  w.fleetWith,
		"kept":        w.kept,
		"disk":        w.disk,
		"interrupt":   w.interrupt,
		"freeze":      w.freeze,
		"thaw":        w.thaw,
		"slack":       w.chat,
		"found":       w.finds,
		"repaired":    w.mends,

		"offline-received":  w.offlineReceived,
		"running-operation": w.runningOperation,
	}
}

// run runs a program of .bin and holds it against what the script expects.
func (w *world) run(ts *testscript.TestScript, neg bool, name string, args []string) {
	err := ts.Exec(name, args...)
	var ended *exec.ExitError
	switch {
	case err == nil:
		w.exit = 0
	case errors.As(err, &ended):
		w.exit = ended.ExitCode()
	default:
		ts.Fatalf("%s: %v", name, err)
	}
	if (w.exit != 0) != neg {
		ts.Fatalf("%s %s: exit status %d", name, strings.Join(args, " "), w.exit)
	}
}

// bot runs the program as typed.
func (w *world) bot(ts *testscript.TestScript, neg bool, args []string) { w.run(ts, neg, "bot", args) }

// vmq is short for "bot run --config $FLEET OPTIONS -- VERB ARGS".
func (w *world) vmq(ts *testscript.TestScript, neg bool, args []string) {
	w.run(ts, neg, "bot", vmqArgs(ts, args))
}

func vmqArgs(ts *testscript.TestScript, args []string) []string {
	line := []string{"run", "--config", ts.Getenv("FLEET")}
	for len(args) > 0 && strings.HasPrefix(args[0], "--") {
		line, args = append(line, args[0]), args[1:]
	}
	return append(append(line, "--"), args...)
}

// status holds the exit status of the last bot against a number.
func (w *world) status(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 || strconv.Itoa(w.exit) != args[0] {
		ts.Fatalf("the last bot ended with exit status %d, not %s", w.exit, args)
	}
}

// fleet breaks or mends something: "fleet host stop us".
func (w *world) fleet(ts *testscript.TestScript, neg bool, args []string) {
	exit, err := w.place.do(context.Background(), ts.Stdout(), ts.Stderr(), args...)
	ts.Check(err)
	if w.exit = exit; (exit != 0) != neg {
		ts.Fatalf("fleet %s: exit status %d", strings.Join(args, " "), exit)
	}
}

// on runs a program on a host, as root: "on cn docker ps".
func (w *world) on(ts *testscript.TestScript, neg bool, args []string) {
	w.fleet(ts, neg, append([]string{"exec"}, args...))
}

// until polls a condition for at most three minutes: two is what the kernel takes to forget a dead container's network.
func until(ts *testscript.TestScript, what string, ok func() bool) {
	deadline := time.Now().Add(3 * time.Minute)
	for !ok() {
		if time.Now().After(deadline) {
			ts.Fatalf("waited three minutes for %s", what)
		}
		<-time.After(300 * time.Millisecond)
	}
}

// container is the broker's container on a host.
func container(host string) string { return "vernemq-release-" + host + "-1" }

// brokerUp waits until the broker of a host accepts MQTT connections: it
// starts by itself with its container, with or without its address.
func (w *world) brokerUp(ts *testscript.TestScript, neg bool, args []string) {
	until(ts, "the broker of "+args[0]+" to listen on 1883", func() bool {
		out, err := w.onHost(args[0], "docker", "exec", container(args[0]), "cat", "/proc/net/tcp")
		return err == nil && strings.Contains(out, ":075B 00000000:0000 0A")
	})
}

// address waits until the container of a host has a weave address, as weave on
// the host itself tells: the bot may not come there.
func (w *world) address(ts *testscript.TestScript, neg bool, args []string) {
	until(ts, "the container of "+args[0]+" to have its weave address", func() bool {
		out, err := w.onHost(args[0], "weave", "ps", container(args[0]))
		return err == nil && strings.Contains(out, "10.0.0.")
	})
}

// viewsAgree waits until every node's own view shows four running nodes.
func (w *world) viewsAgree(ts *testscript.TestScript, neg bool, args []string) {
	for _, host := range regions {
		until(ts, "the view of "+host, func() bool {
			out, err := w.onHost(host, "docker", "exec", container(host), "vmq-admin", "cluster", "show", "--format=json")
			return err == nil && strings.Count(out, `"Running":true`) == 4
		})
	}
}
