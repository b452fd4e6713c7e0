package scripts

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"sync"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"vmqbot/sim"
	"vmqbot/sim/guarded"
)

// TestSim runs every script against a simulated fleet of its own, several at a
// time (see TestMain).
func TestSim(t *testing.T) {
	bin := program(t)
	scripts := found(t)
	slices.Reverse(scripts) // the longest are among the last: they begin first
	each(t, scripts, func(t *testing.T, script string) {
		t.Parallel()
		w := &world{bin: bin}
		dir := t.TempDir()
		// Not before the script's turn has come: testscript makes it wait.
		w.begin = func(env *testscript.Env) error {
			f, err := sim.Up(context.Background(), sim.Options{Dir: dir, Pace: pace, Native: guarded.Main})
			if err == nil {
				w.place = simPlace{f}
				env.Defer(f.Close)
			}
			return err
		}
		tell(t, script, w)
	})
}

// pace is how much faster than the real ones the machines of the scripts are.
// They are not faster still because a busy test machine must keep up.
const pace = 0.2

// program builds the bot once.
func program(t *testing.T) string {
	t.Helper()
	build.Do(func() {
		if builtDir, buildErr = os.MkdirTemp("", "vmqbot-scripts-"); buildErr != nil {
			return
		}
		cmd := exec.Command("go", "build", "-trimpath", "-o", filepath.Join(builtDir, "bot"), "vmqbot/cmd/bot")
		cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Errorf("go build: %s", out)
			buildErr = err
		}
	})
	if buildErr != nil {
		t.Fatal(buildErr)
	}
	return builtDir
}

var (
	build    sync.Once
	builtDir string
	buildErr error
)

// atOnce is how many scripts run at a time: they wait for brokers, leases and
// soaks more than they work.
const atOnce = "6"

// TestMain removes what was built.
func TestMain(m *testing.M) {
	flag.Parse()
	asked := false
	flag.Visit(func(f *flag.Flag) { asked = asked || f.Name == "test.parallel" })
	if !asked {
		if err := flag.Set("test.parallel", atOnce); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(2)
		}
	}
	exit := m.Run()
	if builtDir != "" {
		_ = os.RemoveAll(builtDir)
	}
	os.Exit(exit)
}

// simPlace is a simulated fleet.
type simPlace struct{ *sim.Fleet }

func (p simPlace) fleet() string { return p.FleetFile() }

func (p simPlace) do(ctx context.Context, stdout, stderr io.Writer, args ...string) (int, error) {
	return p.Do(ctx, sim.Streams{Out: stdout, Err: stderr}, args...), nil
}

func (p simPlace) client(region string) (string, bool) { return p.MQTT(region) }
