package script_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"vmqbot/lab/broker"
	"vmqbot/lab/broker/script"
)

// The scripts without processes, as a simulator uses them: start runs the
// node in a goroutine.
func TestScriptsInOneProcess(t *testing.T) {
	t.Parallel()
	ip := base(t) + "1"
	dir := t.TempDir()
	text := "nodename = VerneMQ@" + ip + "\nlistener.vmq.clustering = " + ip + ":44053\nlistener.http.default = " + ip + ":8888\n"
	if err := os.WriteFile(filepath.Join(dir, "vernemq.conf"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	env := &script.Env{Etc: dir, Data: filepath.Join(dir, "data"), Log: filepath.Join(dir, "log"), Root: "/usr/lib/vernemq", Version: "1.6.1",
		Wait: int(patience.Seconds()), Stdout: &out, Stderr: &out, Network: broker.RealNetwork{}, Timing: broker.RealTiming().Scaled(0.02), DistHost: ip}
	env.Timing.NetTick, env.Timing.Unreachable, env.Timing.RPC = patience, patience, patience
	daemon := *env
	system := &goroutine{beam: &daemon, ended: make(chan int, 1)}
	env.System, daemon.System = system, system
	daemon.Stdout, daemon.Stderr = io.Discard, io.Discard
	for _, c := range []struct {
		argv string
		exit int
		want string
	}{
		{"ping", 1, "not responding to pings"},
		{"start", 0, "vmq_cluster_node_sup\n"},
		{"ping", 0, "pong\n"},
		{"getpid", 0, "77\n"},
		{"stop", 0, "Administrative stop"},
		{"version", 0, "1.6.1\n"},
	} {
		out.Reset()
		if code := env.VerneMQ(t.Context(), strings.Fields(c.argv)); code != c.exit || !strings.Contains(out.String(), c.want) {
			t.Errorf("vernemq %s: exit %d %q", c.argv, code, out.String())
		}
		if c.argv == "getpid" {
			until(t, "the commands", func() bool {
				out.Reset()
				return env.Admin(t.Context(), []string{"cluster", "show"}) == 0 && strings.Contains(out.String(), "|VerneMQ@"+ip+"| true  |\n")
			})
		}
	}
	select {
	case code := <-system.ended:
		if code != 0 {
			t.Errorf("the node ended with %d", code)
		}
	case <-time.After(patience):
		t.Error("the node runs on")
	}
	if !strings.Contains(system.argv, "/usr/lib/vernemq/erts-10/bin/beam.smp -P 256000") {
		t.Errorf("started %s", system.argv)
	}
}

// goroutine is an operating system whose one process is a goroutine.
type goroutine struct {
	beam  *script.Env
	argv  string
	ended chan int
}

func (*goroutine) PID() int                     { return 77 }
func (*goroutine) OpenFiles() (uint64, bool)    { return 0, false }
func (g *goroutine) Alive(pid int) bool         { return pid == 77 && len(g.ended) == 0 }
func (*goroutine) Become([]string) (int, error) { return 1, errors.ErrUnsupported }
func (*goroutine) Adopt() script.Family         { panic("nobody is PID 1 here") }

func (*goroutine) Asked(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithCancel(ctx)
}

func (g *goroutine) Spawn(argv []string, _ string) error {
	g.argv = strings.Join(argv, " ")
	go func() { g.ended <- g.beam.Run(context.Background(), argv) }()
	return nil
}

// Wrong environments are told in words.
func TestEnvironment(t *testing.T) {
	for key, value := range map[string]string{
		"VERNEMQ_VERSION": "3.0", "WAIT_FOR_ERLANG": "long", "VERNEMQ_PACE": "-1", "VERNEMQ_START_SECONDS": "soon",
	} {
		t.Run(key, func(t *testing.T) {
			t.Setenv(key, value)
			if _, err := script.FromEnviron(); err == nil || !strings.Contains(err.Error(), key) {
				t.Errorf("%s=%s: %v", key, value, err)
			}
		})
	}
	if code := script.Main([]string{"standin", "frobnicate"}); code != 2 {
		t.Errorf("an unknown program exits with %d", code)
	}
	if code := script.Main([]string{"standin", "vernemq", "version"}); code != 0 {
		t.Errorf("by its first argument: exit %d", code)
	}
}
