package script_test

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"vmqbot/lab/broker"
	"vmqbot/lab/broker/conf"
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
	ended := make(chan error, 1)
	var out bytes.Buffer
	env := &script.Env{Etc: dir, Data: filepath.Join(dir, "data"), Log: filepath.Join(dir, "log"), Root: "/usr/lib/vernemq", Version: "1.6.1",
		Wait: int(patience.Seconds()), Stdout: &out, Stderr: &out, Network: broker.RealNetwork{}, Timing: broker.RealTiming().Scaled(0.02)}
	env.Timing.NetTick, env.Timing.Unreachable, env.Timing.RPC = patience, patience, patience
	env.Spawn = func() error {
		c, err := conf.Load(os.DirFS(dir), dir, true)
		if err != nil {
			return err
		}
		n, err := broker.New(broker.Options{Version: env.Version, Config: c, Etc: dir, Data: env.Data, Logs: env.Log,
			Timing: env.Timing, DistHost: ip, PID: 77})
		if err == nil {
			go func() { ended <- n.Run(context.Background()) }()
		}
		return err
	}
	env.Alive = func(int) bool { return len(ended) == 0 }
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
	case err := <-ended:
		if err != nil {
			t.Errorf("the node ended with %v", err)
		}
	case <-time.After(patience):
		t.Error("the node runs on")
	}
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
