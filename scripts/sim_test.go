package scripts

import (
	"cmp"
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
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
	slices.SortStableFunc(scripts, func(a, b string) int { return cmp.Compare(turn(a), turn(b)) })
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

// longest are the scripts that wait for the longest: for the lock of a bot that was
// killed, for a host that does not answer, for a watch that must not speak yet. They
// begin first, or all would wait for the one of them that began last.
var longest = []string{"27-", "28-", "44-", "33-", "07-", "19-", "21-", "37-", "39-", "38-", "36-", "16-", "15-", "53-", "43-", "52-", "20-", "23-"}

// turn is when a script begins, among all of them.
func turn(script string) int {
	at := slices.IndexFunc(longest, func(number string) bool { return strings.HasPrefix(filepath.Base(script), number) })
	if at < 0 {
		return len(longest)
	}
	return at
}

// TestTheLongestAreThere: a script that got another number is not among them any more.
func TestTheLongestAreThere(t *testing.T) {
	for _, number := range longest {
		if of, err := filepath.Glob(number + "*.txtar"); err != nil || len(of) == 0 {
			t.Errorf("longest names %q, and no script has that number: %v", number, err)
		}
	}
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
// soaks more than they work. With ten of them on a busy machine hosts miss deadlines
// of their own.
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
