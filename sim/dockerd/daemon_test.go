package dockerd_test

import (
	"context"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/docker/docker/api/types/container"
	"github.com/docker/docker/api/types/events"
	"github.com/docker/docker/client"

	"vmqbot/sim/dockerd"
	"vmqbot/sim/kernel"
)

// hanging makes a container that runs until it is told to end.
func (w *world) hanging(t *testing.T, name, policy string) *dockerd.Container {
	t.Helper()
	c, err := w.Create(name, container.Config{Image: "guest:1", Entrypoint: []string{"/bin/beam.smp"}}, container.HostConfig{RestartPolicy: container.RestartPolicy{Name: container.RestartPolicyMode(policy)}})
	do(t, "create "+name, err)
	do(t, "start "+name, c.Start())
	await(t, name+" that hears", func() bool { return strings.Count(c.Log(), "\n") == 2 })
	return c
}

// TestWhatTheDaemonsEndDoesToContainers is the table of facts/lab.md: which
// containers are back, and that none keeps its network namespace.
func TestWhatTheDaemonsEndDoesToContainers(t *testing.T) {
	down := func(kill bool) func(*testing.T, *world) {
		return func(t *testing.T, w *world) {
			w.Down(kill)
			w.up(t)
		}
	}
	for _, c := range []struct {
		what string
		do   func(*testing.T, *world)
		back map[string]bool
		exit map[string]int
	}{
		{"dockerd stopped and started", down(false), map[string]bool{"no": false, "unless-stopped": true, "always": true, "on-failure": false}, map[string]int{"no": 0}},
		{"dockerd killed", down(true), map[string]bool{"no": false, "unless-stopped": false, "always": true, "on-failure": false}, map[string]int{"unless-stopped": 0}},
		{"the host restarted", reboot, map[string]bool{"no": false, "unless-stopped": true, "always": true, "on-failure": true}, map[string]int{"no": 255}},
	} {
		w := host(t)
		list := map[string]*dockerd.Container{}
		for policy := range c.back {
			list[policy] = w.hanging(t, "c-"+policy, policy)
		}
		byHand := w.hanging(t, "by-hand", "unless-stopped")
		do(t, "stop", byHand.Stop(-1))
		heard, broke := w.api.Events(t.Context(), events.ListOptions{})
		await(t, "the stream", func() bool {
			select {
			case <-heard:
				return true
			default:
				_, _ = w.api.ContainerTop(t.Context(), "c-no", nil)
				return false
			}
		})
		old := list["always"].Space()
		c.do(t, w)
		for broken := false; !broken; {
			select {
			case <-heard:
			case err := <-broke:
				if broken = true; !errors.Is(err, io.ErrUnexpectedEOF) {
					t.Errorf("%s: the stream ended with %v", c.what, err)
				}
			}
		}
		for policy, back := range c.back {
			if list[policy].Running() != back {
				t.Errorf("%s: %s runs: %v, want %v", c.what, policy, !back, back)
			}
		}
		for policy, exit := range c.exit {
			if got := list[policy].ExitCode(); got != exit {
				t.Errorf("%s: %s exit %d, want %d", c.what, policy, got, exit)
			}
		}
		if byHand.Running() || list["always"].Space() == old || len(old.Addresses()) != 1 {
			t.Errorf("%s: stopped by hand and back: %v, namespace kept: %v", c.what, byHand.Running(), list["always"].Space() == old)
		}
	}
}

// reboot is a power failure and the boot after it.
func reboot(t *testing.T, w *world) {
	t.Helper()
	w.Down(true)
	w.m.Halt()
	w.m = kernel.Boot(w.m.Name, w.f.Space(w.m.Name), w.m.Root)
	w.Board(w.m)
	w.up(t)
}

// TestADaemonThatIsDown answers nothing, and one that boots lets callers wait.
func TestADaemonThatIsDown(t *testing.T) {
	w := host(t)
	c := w.hanging(t, "kept", "always")
	w.Down(true)
	if _, err := w.api.Ping(t.Context()); !client.IsErrConnectionFailed(err) {
		t.Errorf("it answers: %v", err)
	}
	if !c.Running() {
		t.Error("its containers ended with it")
	}
	if err := c.Stop(0); err == nil {
		t.Error("it stopped something")
	}
	do(t, "up", w.Up())
	if _, err := w.api.ContainerList(t.Context(), container.ListOptions{}); err != nil {
		t.Errorf("whoever asks early waits: %v", err)
	}
}

// TestWhoDiesUnderAPolicyComesBack: PID 1 killed from outside, and memory.
func TestWhoDiesUnderAPolicyComesBack(t *testing.T) {
	w := host(t)
	c := w.hanging(t, "phoenix", "unless-stopped")
	space := c.Space()
	first := c.Process()
	first.Signal(kernel.KILL)
	await(t, "its return", func() bool { p := c.Process(); return p != nil && p != first })
	if c.Space() == space || c.Inspect(false).RestartCount != 1 {
		t.Errorf("restarts %d", c.Inspect(false).RestartCount)
	}
	second := c.Process()
	c.OOM()
	await(t, "its return from want of memory", func() bool { p := c.Process(); return p != nil && p != second })
	once := w.hanging(t, "mortal", "no")
	once.OOM()
	await(t, "its end", func() bool { return !once.Running() })
	if s := once.Inspect(false).State; !s.OOMKilled || s.ExitCode != 137 {
		t.Errorf("%+v", s)
	}
}

// TestNetworks gives addresses, hands on ports, and refuses one that is taken.
func TestNetworks(t *testing.T) {
	w := host(t)
	serve := func(p *kernel.Process) int {
		l, err := p.Net.Listen(p.Context(), "0.0.0.0:1883")
		if err != nil {
			p.Errorf("%v\n", err)
			return 1
		}
		p.Printf("listening\n")
		stop := context.AfterFunc(p.Context(), func() { _ = l.Close() })
		defer stop()
		for {
			c, err := l.Accept()
			if err != nil {
				return 0
			}
			_, _ = io.WriteString(c, "hello")
			_ = c.Close()
		}
	}
	_, err := w.AddImage(dockerd.Image{Tags: []string{"server"}, Layers: []dockerd.Layer{{Programs: map[string]dockerd.Program{"/serve": {Name: "serve", Main: serve}}}}})
	do(t, "image", err)
	make := func(name, mode string) *dockerd.Container {
		c, err := w.Create(name, container.Config{Image: "server", Cmd: []string{"/serve"}}, container.HostConfig{NetworkMode: container.NetworkMode(mode), PortBindings: portMap("1883/tcp", "21883")})
		do(t, "create", err)
		return c
	}
	one, two := make("one", ""), make("two", "bridge")
	do(t, "start", one.Start())
	await(t, "its listener", func() bool { return one.Log() == "listening\n" })
	for _, at := range []string{"172.17.0.2:1883", "172.17.0.1:21883"} {
		conn, err := w.m.Net.DialContext(t.Context(), "tcp", at)
		do(t, "dial "+at, err)
		body, err := io.ReadAll(conn)
		if err != nil || string(body) != "hello" {
			t.Errorf("%s: %q %v", at, body, err)
		}
		_ = conn.Close()
	}
	err = two.Start()
	if err == nil || plain(err.Error()) != "driver failed programming external connectivity on endpoint two (ID): Bind for 0.0.0.0:21883 failed: port is already allocated" {
		t.Errorf("a port that is taken: %v", err)
	}
	if s := two.Inspect(false).State; s.Status != "created" || s.ExitCode != 128 || s.Error == "" {
		t.Errorf("%+v", s)
	}
	do(t, "stop one", one.Stop(0))
	do(t, "start two", two.Start())
	if a := two.Inspect(false).NetworkSettings.Networks["bridge"]; a.IPAddress != "172.17.0.2" || a.Gateway != "172.17.0.1" {
		t.Errorf("%+v", a)
	}
	outside := make("outside", "host")
	do(t, "start outside", outside.Start())
	if !outside.HostNet() || outside.Space() != w.m.Net {
		t.Error("it has a network of its own")
	}
	taken := make("taken", "")
	if err := taken.Start(); err == nil {
		t.Error("two and taken share a port")
	}
}
