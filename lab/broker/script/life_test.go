package script_test

import (
	"context"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
)

// Start, restart, stop, and what the scripts say meanwhile.
func TestLife(t *testing.T) {
	t.Parallel()
	in := newInstall(t, base(t)+"4")
	in.replay("start-n4-in-cluster")
	for _, name := range []string{"ping-up", "ping-own-ip-back", "getpid-up", "start-when-running"} {
		in.replay(name)
	}
	pid, err := strconv.Atoi(strings.TrimSpace(in.must("vernemq", "getpid")))
	if err != nil || len(in.pids()) != 1 || in.pids()[0] != pid {
		t.Errorf("getpid says %d, ps %v", pid, in.pids())
	}
	args, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(pid), "cmdline"))
	if want := "\x00-name\x00VerneMQ@" + in.ip + "\x00-setcookie\x00vmqlab\x00"; err != nil || !strings.Contains(string(args), want) {
		t.Errorf("ps shows %q", args)
	}
	if out := in.must("vernemq", "restart"); !strings.Contains(out, "ok\n=INFO REPORT====") || !strings.HasSuffix(out, "vmq_cluster_node_sup\n") {
		t.Errorf("restart: %q", out)
	}
	if again := in.pids(); len(again) != 1 || again[0] == pid {
		t.Errorf("restart kept process %d: %v", pid, again)
	}

	t.Run("conf edited while it runs", func(t *testing.T) {
		in.conf("distributed_cookie = other")
		in.replay("ping-cookie-edited-not-restarted")
		in.replay("cluster-show-cookie-edited-not-restarted")
		in.replay("stop-cookie-edited-not-restarted")
		in.env = []string{"WAIT_FOR_ERLANG=1"}
		in.replay("start-cookie-edited-while-old-runs")
		in.env = nil
		in.conf()
		until(t, "the second broker to give up", func() bool { return len(in.pids()) == 1 })
		if got := in.must("vernemq", "ping"); got != "pong\n" {
			t.Errorf("the old broker did not survive: %q", got)
		}
	})
	t.Run("restart with a bad conf leaves it down", func(t *testing.T) {
		in.conf("allow_anonymos = on")
		in.env = []string{"WAIT_FOR_ERLANG=1"}
		if a := in.run("vernemq", "restart"); a.exit != 1 || !strings.Contains(a.stdout, "failed to start within 1 seconds") {
			t.Errorf("restart: exit %d %q", a.exit, a.stdout)
		}
		in.replay("ping-after-start-unknown-key")
		in.replay("start-unknown-key")
		in.env = nil
		in.conf()
	})
	in.must("vernemq", "start")
	in.replay("stop-when-running")
	if left := in.pids(); len(left) != 0 {
		t.Errorf("stop leaves %v", left)
	}
}

// Without its address a broker starts, and every script says that it did not.
func TestOwnAddressGone(t *testing.T) {
	t.Parallel()
	b := base(t)
	in := newInstall(t, "192.0.2.77")
	in.here = b + "2"
	in.ip = b + "77" // nothing answers there, at once
	in.conf("listener.vmq.clustering = 192.0.2.77:44053")
	in.env = []string{"WAIT_FOR_ERLANG=1"}
	in.replay("start-own-ip-gone", "vernemq", "start")
	in.replay("ping-own-ip-gone")
	in.replay("cluster-show-own-ip-gone")
	in.replay("stop-own-ip-gone-getpid")
	if len(in.pids()) != 1 {
		t.Fatal("the broker does not run")
	}
	log := filepath.Join(in.dir, "log", "error.log")
	until(t, "the cause in error.log", func() bool {
		b, err := os.ReadFile(log)
		return err == nil && strings.Contains(string(b), "can't reconfigure vmq listener({192,0,2,77}, 44053)")
	})
}

// nodetool by hand, as a repair calls it.
func TestNodetool(t *testing.T) {
	t.Parallel()
	in := newInstall(t, base(t)+"2")
	in.must("vernemq", "start")
	until(t, "the cluster port", func() bool {
		return strings.Contains(in.run("vmq-admin", "listener", "show", "--format=csv").stdout, "vmq,running")
	})
	bind := "vmq. {" + strings.ReplaceAll(in.ip, ".", ",") + "}. 44053. []. "
	tool := []string{"/usr/lib/vernemq/erts-10/bin/nodetool", "-name", "VerneMQ@" + in.ip, "-setcookie", "vmqlab", "rpcterms"}
	for _, c := range []struct {
		args []string
		exit int
		out  string
		err  string
	}{
		{[]string{"vmq_ranch_config", "start_listener", bind}, 0, "{error,{already_started,<", ""},
		{[]string{"vmq_ranch_config", "start_listener", "vmq. {192,0,2,9}. 44053. []. "}, 0, "{error,{{shutdown,{failed_to_start_child,ranch_acceptors_sup,{listen_error,{{192,0,2,9},44053},eaddrnotavail}}},", ""},
		{[]string{"vmq_ranch_config", "start_listener", "vmq, {192,0,2,9}, 44053, []."}, 127, "", "escript: exception error: "},
		{[]string{"vmq_config", "get_env", "listeners. "}, 0, "[{mqtt,[{{{", ""},
		{[]string{"no_such", "thing", "a. "}, 1, "", "RPC to 'VerneMQ@" + in.ip + "' failed: {'EXIT',{undef,"},
	} {
		for _, front := range [][]string{{"vernemq", "escript"}, {"escript"}} {
			a := in.run(append(append(front, tool...), c.args...)...)
			if a.exit != c.exit || !strings.HasPrefix(a.stdout, c.out) || !strings.HasPrefix(a.stderr, c.err) {
				t.Errorf("%v: exit %d %q %q", c.args, a.exit, a.stdout, a.stderr)
			}
		}
	}
	tool[4] = "wrong"
	if a := in.run(append([]string{"escript"}, append(tool, "ping")...)...); a.exit != 1 || !strings.Contains(a.stderr, "not responding to pings") {
		t.Errorf("with a wrong cookie: exit %d %q", a.exit, a.stderr)
	}
}

// Leaving for one of two dead nodes: nodetool gives up, the member is gone.
// kill -9 is no obstacle to coming back with all data.
func TestKillAndLeave(t *testing.T) {
	t.Parallel()
	b := base(t)
	var in [3]*install
	started := make(chan bool, len(in))
	for i := range in {
		in[i] = newInstall(t, b+strconv.Itoa(i+1))
		in[i].env = []string{"VERNEMQ_START_SECONDS=", "VERNEMQ_PACE=0.05"} // nodetool gives up after a minute
		go func() { started <- in[i].run("vernemq", "start").exit == 0 }()
	}
	for range in {
		if !<-started {
			t.Fatal("a node did not start")
		}
	}
	show := func(i int) string { return in[i].run("vmq-admin", "cluster", "show", "--format=csv").stdout }
	for i := 1; i < 3; i++ {
		until(t, "node to join", func() bool {
			return in[i].run("vmq-admin", "cluster", "join", "discovery-node=VerneMQ@"+in[0].ip).stdout == "Done\n"
		})
	}
	until(t, "three nodes", func() bool { return strings.Count(show(0), ",true") == 3 })
	in[1].kill()
	in[2].kill()
	until(t, "two dead nodes", func() bool { return strings.Count(show(0), ",false") == 2 })
	in[0].replay("leave-dead-while-another-down", "vmq-admin", "cluster", "leave", "node=VerneMQ@"+in[1].ip, "--timeout=10")
	until(t, "the membership of the dead node to be gone", func() bool { return strings.Count(show(0), "VerneMQ") == 2 })
	in[2].must("vernemq", "start")
	until(t, "the killed node to be back", func() bool { return strings.Contains(show(0), in[2].ip+",true") })
}

// The foreground form, as a supervisor runs it: the process is beam.smp.
func TestConsole(t *testing.T) {
	t.Parallel()
	in := newInstall(t, base(t)+"1")
	in.conf("log.console = console")
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	cmd := in.command(ctx, "vernemq", "console", "-noshell", "-noinput")
	var out strings.Builder
	cmd.Stdout = &out
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	until(t, "the command line", func() bool { return in.run("vmq-admin", "cluster", "show").exit == 0 })
	if pids := in.pids(); len(pids) != 1 || pids[0] != cmd.Process.Pid {
		t.Errorf("beam.smp is %v, the script was %d", pids, cmd.Process.Pid)
	}
	if a := in.run("vernemq", "console"); a.exit != 1 || a.stdout != "Node is already running - use 'vernemq attach' instead\n" {
		t.Errorf("a second console: exit %d %q", a.exit, a.stdout)
	}
	if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Wait(); err != nil {
		t.Errorf("ended with %v", err)
	}
	if !strings.Contains(out.String(), "Administrative stop") {
		t.Errorf("log.console = console writes nothing to the console: %q", out.String())
	}
	in.conf("allow_anonymos = on")
	if a := in.run("vernemq", "console"); a.exit != 1 || !strings.HasPrefix(a.stderr, "Error generating config with cuttlefish") {
		t.Errorf("with a bad conf: exit %d %q", a.exit, a.stderr)
	}
}

// The first process of a container: the broker may come and go, TERM ends it.
func TestInit(t *testing.T) {
	t.Parallel()
	in := newInstall(t, base(t)+"1")
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	cmd := in.command(ctx, "start_vernemq")
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	pong := func() bool { return in.run("vernemq", "ping").exit == 0 }
	until(t, "pong", pong)
	in.must("vernemq", "stop")
	select {
	case err := <-ended:
		t.Fatalf("ended with the broker: %v", err)
	default:
	}
	in.must("vernemq", "start")
	until(t, "pong", pong)
	if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := <-ended; err != nil {
		t.Errorf("ended with %v", err)
	}
	until(t, "the broker to be gone", func() bool { return len(in.pids()) == 0 })
}
