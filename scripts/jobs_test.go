package scripts

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"syscall"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// job is one bot that runs beside the script.
type job struct {
	cmd  *exec.Cmd
	out  heard
	keys *os.File // of the terminal that it asks on; nil without one
}

// start runs a bot beside the script under a name.
func (w *world) start(ts *testscript.TestScript, neg bool, args []string) {
	w.jobs[args[0]] = w.launch(ts, args[0], args[1:], nil)
}

// launch starts a bot for a user. With a terminal as its standard input it can
// be asked for consent.
func (w *world) launch(ts *testscript.TestScript, user string, words []string, stdin *os.File) *job {
	return w.beside(ts, user, vmqArgs(ts, words), stdin)
}

// watch starts "bot watch" beside the script under a name.
func (w *world) watch(ts *testscript.TestScript, neg bool, args []string) {
	w.jobs[args[0]] = w.beside(ts, args[0], append([]string{"watch", "--config", ts.Getenv("FLEET")}, args[1:]...), nil)
}

// beside starts the program beside the script.
func (w *world) beside(ts *testscript.TestScript, user string, args []string, stdin *os.File) *job {
	j := &job{cmd: exec.Command(filepath.Join(w.bin, "bot"), args...)}
	for _, name := range []string{"XDG_STATE_HOME", "HOME", "PATH"} {
		j.cmd.Env = append(j.cmd.Env, name+"="+ts.Getenv(name))
	}
	j.cmd.Env = append(j.cmd.Env, "USER="+user)
	j.cmd.Stdout, j.cmd.Stderr = &j.out, &j.out
	if stdin != nil {
		j.cmd.Stdin = stdin
	}
	ts.Check(j.cmd.Start())
	ts.Defer(func() { _ = j.cmd.Process.Kill() }) // a script that fails leaves no bot behind
	return j
}

// await waits until a bot that runs beside the script has said something.
func (w *world) await(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 || w.jobs[args[0]] == nil {
		ts.Fatalf("usage: await NAME PATTERN")
	}
	if j := w.jobs[args[0]]; !j.out.await(regexp.MustCompile(args[1]), 3*time.Minute) {
		ts.Fatalf("waited three minutes for %s to say %q; it said:\n%s", args[0], args[1], j.out.String())
	}
}

// ask starts a bot on a terminal of its own: "ask NAME VERB ARGS...".
func (w *world) ask(ts *testscript.TestScript, neg bool, args []string) {
	keys, screen, err := terminal()
	ts.Check(err)
	j := w.launch(ts, args[0], args[1:], screen)
	j.keys = keys
	ts.Check(screen.Close())
	ts.Defer(func() { _ = keys.Close() })
	w.jobs[args[0]] = j
}

// answer types a line on that terminal.
func (w *world) answer(ts *testscript.TestScript, neg bool, args []string) {
	_, err := w.jobs[args[0]].keys.WriteString(args[1] + "\n")
	ts.Check(err)
}

// eventually types a verb that shows something until it shows a pattern, for
// three minutes at most; its exit status does not matter: "eventually PATTERN VERB ARGS...".
func (w *world) eventually(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: eventually PATTERN VERB ARGS...")
	}
	re := regexp.MustCompile(args[0])
	until(ts, fmt.Sprintf("%q to be shown", args[0]), func() bool {
		_ = ts.Exec("bot", vmqArgs(ts, args[1:])...) // what it shows is what counts
		return re.MatchString(ts.ReadFile("stdout"))
	})
}

// take puts a part of what the last command showed into a variable: "take NAME
// PATTERN", where the part stands in parentheses.
func (w *world) take(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: take NAME PATTERN")
	}
	m := regexp.MustCompile(args[1]).FindStringSubmatch(ts.ReadFile("stdout"))
	if len(m) != 2 {
		ts.Fatalf("the last command did not show %q", args[1])
	}
	ts.Setenv(args[0], m[1])
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

// gone waits for a bot to end, however.
func (w *world) gone(ts *testscript.TestScript, neg bool, args []string) {
	j := w.jobs[args[0]]
	_ = j.cmd.Wait() // what is there afterwards is what counts
	ts.Logf("%s ended with exit status %d:\n%s", args[0], j.cmd.ProcessState.ExitCode(), j.out.String())
}

// kill ends a bot with SIGKILL, as a power failure does.
func (w *world) kill(ts *testscript.TestScript, neg bool, args []string) {
	j := w.jobs[args[0]]
	ts.Check(j.cmd.Process.Kill())
	_ = j.cmd.Wait() // it was killed
	ts.Logf("%s:\n%s", args[0], j.out.String())
}

// interrupt is Ctrl-C.
func (w *world) interrupt(ts *testscript.TestScript, neg bool, args []string) {
	ts.Check(w.jobs[args[0]].cmd.Process.Signal(os.Interrupt))
}

// freeze stops a bot's process where it is, so that a script can change the
// world between two of its steps; thaw lets it go on.
func (w *world) freeze(ts *testscript.TestScript, neg bool, args []string) {
	ts.Check(w.jobs[args[0]].cmd.Process.Signal(syscall.SIGSTOP))
}

func (w *world) thaw(ts *testscript.TestScript, neg bool, args []string) {
	ts.Check(w.jobs[args[0]].cmd.Process.Signal(syscall.SIGCONT))
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
