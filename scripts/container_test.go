package scripts

import (
	"os"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
)

// remember notes which container runs on a host and since when.
func (w *world) remember(ts *testscript.TestScript, neg bool, args []string) {
	if w.was == nil {
		w.was = map[string]string{}
	}
	w.was[args[0]] = w.running(ts, args[0])
}

// unchanged wants the same container, running without a break since
// "remember"; "! unchanged cn" wants another, or one that was started again.
func (w *world) unchanged(ts *testscript.TestScript, neg bool, args []string) {
	if now := w.running(ts, args[0]); (now == w.was[args[0]]) == neg {
		ts.Fatalf("the container of %s was %s, and is %s", args[0], w.was[args[0]], now)
	}
}

func (w *world) running(ts *testscript.TestScript, host string) string {
	out, err := w.onHost(host, "docker", "inspect", "--format", "{{.Id}} {{.State.StartedAt}} {{.State.Running}}", container(host))
	ts.Check(err)
	return strings.TrimSpace(out)
}

// kept puts the name of the container that was kept last on a host into a
// variable: "kept cn OLD".
func (w *world) kept(ts *testscript.TestScript, neg bool, args []string) {
	out, err := w.onHost(args[0], "docker", "ps", "--all", "--format", "{{.Names}}", "--filter", "name=^/"+container(args[0])+"[.]")
	ts.Check(err)
	names := strings.Fields(out)
	if len(names) == 0 {
		ts.Fatalf("no container is kept on %s", args[0])
	}
	ts.Setenv(args[1], names[0])
}

// fleetWith writes a fleet file that differs from the world's and makes it the
// one that is used: "fleet-with OLD NEW [OLD NEW...]". OLD must be there, and \n
// is a line's end.
func (w *world) fleetWith(ts *testscript.TestScript, neg bool, args []string) {
	text, err := os.ReadFile(w.place.fleet())
	ts.Check(err)
	fleet := string(text)
	for i := 0; i+1 < len(args); i += 2 {
		old, next := strings.ReplaceAll(args[i], `\n`, "\n"), strings.ReplaceAll(args[i+1], `\n`, "\n")
		if !strings.Contains(fleet, old) {
			ts.Fatalf("the fleet file does not say %q", old)
		}
		fleet = strings.ReplaceAll(fleet, old, next)
	}
	path := ts.MkAbs("fleet.yaml")
	ts.Check(os.WriteFile(path, []byte(fleet), 0o600))
	ts.Setenv("FLEET", path)
}
