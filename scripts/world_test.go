//go:build lab

package scripts

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"vmqbot/lab/traffic"
)

// world is the lab as the scripts' language sees it.
type world struct {
	root string // of the repository
	exit int    // of the last bot
	jobs map[string]*job
	was  map[string]string // containers by host, as "remember" saw them

	traffic *traffic.Run    // while it flows
	report  *traffic.Report // of the traffic that was stopped last
}

func (w *world) commands() map[string]func(*testscript.TestScript, bool, []string) {
	return map[string]func(*testscript.TestScript, bool, []string){
		"bot":         w.bot,
		"vmq":         w.vmq,
		"status":      w.status,
		"lab":         w.lab,
		"broker-up":   w.brokerUp,
		"views-agree": w.viewsAgree,
		"message":     w.message,
		"bg-vmq":      w.start,
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
		"freeze":      w.freeze,
		"thaw":        w.thaw,

		"offline-received":  w.offlineReceived,
		"running-operation": w.runningOperation,
	}
}

// reset brings the lab back to health before a script.
func (w *world) reset() error {
	out, err := w.labCommand("reset").CombinedOutput()
	if err != nil {
		return fmt.Errorf("lab reset: %w\n%s", err, out)
	}
	return nil
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

// lab breaks or mends something.
func (w *world) lab(ts *testscript.TestScript, neg bool, args []string) {
	// It works from inside the repository, and its cache is that of who runs the tests.
	env := []string{"--chdir=" + w.root, "HOME=" + os.Getenv("HOME"), "LAB_CACHE=" + os.Getenv("LAB_CACHE")}
	w.run(ts, neg, "env", append(append(env, "lab"), args...))
}

// labCommand is the lab's command outside of the script's own output.
func (w *world) labCommand(args ...string) *exec.Cmd {
	cmd := exec.Command(filepath.Join(w.root, ".bin", "lab"), args...)
	cmd.Dir = w.root
	return cmd
}

// until polls a condition for at most a minute.
func until(ts *testscript.TestScript, what string, ok func() bool) {
	deadline := time.Now().Add(time.Minute)
	for !ok() {
		if time.Now().After(deadline) {
			ts.Fatalf("waited a minute for %s", what)
		}
		<-time.After(300 * time.Millisecond)
	}
}

// onHost runs a program on a lab host and returns what it printed.
func (w *world) onHost(host string, argv ...string) (string, error) {
	out, err := w.labCommand(append([]string{"exec", host}, argv...)...).Output()
	return string(out), err
}

// container is the broker's container on a lab host.
func container(host string) string { return "vernemq-release-" + host + "-1" }

// brokerUp waits until the broker of a host accepts MQTT connections: it
// starts by itself with its container, with or without its address.
func (w *world) brokerUp(ts *testscript.TestScript, neg bool, args []string) {
	until(ts, "the broker of "+args[0]+" to listen on 1883", func() bool {
		out, err := w.onHost(args[0], "docker", "exec", container(args[0]), "cat", "/proc/net/tcp")
		return err == nil && strings.Contains(out, ":075B 00000000:0000 0A")
	})
}

// viewsAgree waits until every node's own view shows four running nodes.
func (w *world) viewsAgree(ts *testscript.TestScript, neg bool, args []string) {
	for _, host := range []string{"cn", "sg", "us", "eu"} {
		until(ts, "the view of "+host, func() bool {
			out, err := w.onHost(host, "docker", "exec", container(host), "vmq-admin", "cluster", "show", "--format=json")
			return err == nil && strings.Count(out, `"Running":true`) == 4
		})
	}
}
