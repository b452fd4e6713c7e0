package scripts

import (
	"encoding/json"
	"errors"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"

	"vmqbot/checks"
)

// failure is a row of the failure catalog as a script names it: F31, or F31:volumes
// where it matters which check tells it.
type failure struct{ row, check string }

func failuresOf(ts *testscript.TestScript, args []string) []failure {
	all := make([]failure, len(args))
	for i, a := range args {
		all[i].row, all[i].check, _ = strings.Cut(a, ":")
	}
	if len(all) == 0 {
		ts.Fatalf("usage: found F1..., repaired F1...")
	}
	return all
}

// finds wants diagnose or doctor to tell each of these failures now. What it has
// shown, docs/runbooks/failures.md says of the script.
func (w *world) finds(ts *testscript.TestScript, neg bool, args []string) {
	if neg {
		ts.Fatalf("usage: found F1...")
	}
	for _, f := range failuresOf(ts, args) {
		until(ts, f.row+" to be found", func() bool { return w.told(ts, f) })
		w.failures = append(w.failures, f)
	}
}

// mends wants what the script has found to be told no more.
func (w *world) mends(ts *testscript.TestScript, neg bool, args []string) {
	if neg {
		ts.Fatalf("usage: repaired F1...")
	}
	for _, f := range failuresOf(ts, args) {
		if !slices.Contains(w.failures, f) {
			ts.Fatalf("%s was never found here, so nobody has repaired it", f.row)
		}
		until(ts, f.row+" to be over", func() bool { return !w.told(ts, f) })
	}
}

// told asks diagnose, and where that does not tell it doctor, for a failure.
func (w *world) told(ts *testscript.TestScript, f failure) bool {
	for _, verb := range []string{"diagnose", "doctor"} {
		for _, o := range w.observations(ts, verb) {
			if o.Verdict == checks.Bad && o.Row == f.row && (f.check == "" || f.check == o.Check) {
				return true
			}
		}
	}
	return false
}

// observations are what one look comes to. Nobody reads them in the log of the test.
func (w *world) observations(ts *testscript.TestScript, verb string) []checks.Observation {
	c := exec.Command(filepath.Join(w.bin, "bot"), "run", "--config", ts.Getenv("FLEET"), "--json", "--", verb)
	for _, name := range []string{"XDG_STATE_HOME", "HOME", "PATH", "USER"} {
		c.Env = append(c.Env, name+"="+ts.Getenv(name))
	}
	out, err := c.Output()
	var ended *exec.ExitError
	if err != nil && !errors.As(err, &ended) { // 1 where something is bad
		ts.Fatalf("%s: %v", verb, err)
	}
	var said struct {
		View struct {
			Data struct{ Observations []checks.Observation }
		}
	}
	if err := json.Unmarshal(out, &said); err != nil || len(said.View.Data.Observations) == 0 {
		ts.Fatalf("%s --json said nothing that can be read: %v\n%s", verb, err, out)
	}
	return said.View.Data.Observations
}
