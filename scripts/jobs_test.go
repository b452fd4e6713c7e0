package scripts

import (
	"bytes"
	"encoding/json"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"

	"github.com/rogpeppe/go-internal/testscript"
)

// job is one bot that runs beside the script.
type job struct {
	cmd *exec.Cmd
	out bytes.Buffer
}

// start runs a bot beside the script under a name.
func (w *world) start(ts *testscript.TestScript, neg bool, args []string) {
	j := &job{cmd: exec.Command(filepath.Join(w.bin, "bot"), vmqArgs(ts, args[1:])...)}
	for _, name := range []string{"XDG_STATE_HOME", "HOME", "PATH"} {
		j.cmd.Env = append(j.cmd.Env, name+"="+ts.Getenv(name))
	}
	j.cmd.Env = append(j.cmd.Env, "USER="+args[0])
	j.cmd.Stdout, j.cmd.Stderr = &j.out, &j.out
	ts.Check(j.cmd.Start())
	w.jobs[args[0]] = j
}

// wait waits for a bot that must succeed.
func (w *world) wait(ts *testscript.TestScript, neg bool, args []string) {
	j := w.jobs[args[0]]
	err := j.cmd.Wait()
	ts.Logf("%s:\n%s", args[0], j.out.String())
	ts.Check(err)
}

// oneOf wants a pattern in the output of exactly one of two bots.
func (w *world) oneOf(ts *testscript.TestScript, neg bool, args []string) {
	re := regexp.MustCompile(args[2])
	a, b := re.Match(w.jobs[args[0]].out.Bytes()), re.Match(w.jobs[args[1]].out.Bytes())
	if a == b {
		ts.Fatalf("%q was said by %s: %v, by %s: %v; want exactly one", args[2], args[0], a, args[1], b)
	}
}

// end waits for a bot that must end with an exit status.
func (w *world) end(ts *testscript.TestScript, neg bool, args []string) {
	j := w.jobs[args[0]]
	_ = j.cmd.Wait() // the status is what counts
	ts.Logf("%s:\n%s", args[0], j.out.String())
	if got := strconv.Itoa(j.cmd.ProcessState.ExitCode()); got != args[1] {
		ts.Fatalf("%s ended with exit status %s, want %s", args[0], got, args[1])
	}
}

// kill ends a bot with SIGKILL, as a power failure does.
func (w *world) kill(ts *testscript.TestScript, neg bool, args []string) {
	j := w.jobs[args[0]]
	ts.Check(j.cmd.Process.Kill())
	_ = j.cmd.Wait() // it was killed
	ts.Logf("%s:\n%s", args[0], j.out.String())
}

// said wants a pattern in the output of a bot that has ended.
func (w *world) said(ts *testscript.TestScript, neg bool, args []string) {
	if regexp.MustCompile(args[1]).Match(w.jobs[args[0]].out.Bytes()) == neg {
		ts.Fatalf("%s said:\n%s", args[0], w.jobs[args[0]].out.String())
	}
}

// runningOperation waits until the journal shows a running operation and puts
// its identity into a variable.
func (w *world) runningOperation(ts *testscript.TestScript, neg bool, args []string) {
	until(ts, "an operation to run", func() bool {
		cmd := exec.Command(filepath.Join(w.bin, "bot"), "run", "--config", ts.Getenv("FLEET"), "--json", "--", "history")
		for _, name := range []string{"XDG_STATE_HOME", "HOME", "PATH"} {
			cmd.Env = append(cmd.Env, name+"="+ts.Getenv(name))
		}
		out, err := cmd.Output()
		if err != nil {
			return false
		}
		var got struct {
			View struct {
				Data []struct{ ID, State string }
			}
		}
		ts.Check(json.Unmarshal(out, &got))
		for _, o := range got.View.Data {
			if o.State == "running" {
				ts.Setenv(args[0], o.ID)
				return true
			}
		}
		return false
	})
}
