package engine_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"vmqbot/executor/engine"
	"vmqbot/executor/engine/enginetest"
	"vmqbot/executor/wire"
	"vmqbot/facts"
	"vmqbot/secret"
)

var docker *enginetest.Docker

func TestMain(m *testing.M) { enginetest.Main(m, func(d *enginetest.Docker) { docker = d }) }

func open(t *testing.T, h *enginetest.Host) *engine.Engine {
	t.Helper()
	enginetest.Need(t)
	h.Docker = docker
	e := engine.New("cn.example.net", h)
	t.Cleanup(e.Close)
	return e
}

func TestAContainerIsDescribed(t *testing.T) {
	e := open(t, &enginetest.Host{})
	begun := time.Now()
	docker.Container(t, "vernemq-cn-1")
	c, err := e.Container(t.Context(), "vernemq-cn-1")
	if err != nil {
		t.Fatal(err)
	}
	if c.Name != "vernemq-cn-1" || !c.Running || c.PID == 0 || c.State != "running" || c.Image != enginetest.Image ||
		!strings.HasPrefix(c.ImageID, "sha256:") || c.StartedAt.Before(begun) || !c.FinishedAt.IsZero() ||
		c.NetworkMode != "none" || c.Cmd[0] != "/bin/beam.smp" || c.RestartPolicy != "no" {
		t.Errorf("%+v", c)
	}
	all, err := e.Containers(t.Context())
	i := slices.IndexFunc(all, func(l facts.Container) bool { return l.ID == c.ID })
	if err != nil || i < 0 || all[i].Name != c.Name || !strings.HasPrefix(all[i].Status, "Up ") || !all[i].Running {
		t.Errorf("%+v %v", all, err)
	}
	images, err := e.Images(t.Context())
	if err != nil || len(images) != 1 || !slices.Contains(images[0].Tags, enginetest.Image) || images[0].Size == 0 || images[0].ID != c.ImageID {
		t.Errorf("%+v %v", images, err)
	}
	version, api, err := e.Version(t.Context())
	said, cli := docker.Command(t.Context(), "version", "--format", "{{.Server.Version}} {{.Server.APIVersion}}")
	if err != nil || cli != nil || version+" "+api != said {
		t.Errorf("%q %q %v, and docker version says %q %v", version, api, err, said, cli)
	}
}

func TestAStoppedContainerIsStarted(t *testing.T) {
	e := open(t, &enginetest.Host{})
	name := docker.Container(t, "vernemq-cn-1")
	if _, err := docker.Command(t.Context(), "kill", name); err != nil {
		t.Fatal(err)
	}
	if c, err := e.Container(t.Context(), name); err != nil || c.Running || c.PID != 0 || c.ExitCode != 137 || c.State != "exited" {
		t.Errorf("%+v %v", c, err)
	}
	for range 2 { // starting twice is fine
		if err := e.Start(t.Context(), name); err != nil {
			t.Fatal(err)
		}
	}
	if c, err := e.Container(t.Context(), name); err != nil || !c.Running {
		t.Errorf("%+v %v", c, err)
	}
}

func TestTheProcessIsFoundWithoutItsCookie(t *testing.T) {
	e := open(t, &enginetest.Host{})
	name := docker.Container(t, "vernemq-cn-1")
	wait(t, func() bool { l, _ := e.Logs(t.Context(), name, 1); return len(l) == 1 }) // Docker says earlier that it runs
	p, err := e.Process(t.Context(), name)
	if want := (facts.Process{PID: p.PID, Root: "/usr/lib/vernemq", Name: "VerneMQ@10.0.0.1"}); err != nil || p != want || p.PID == 0 {
		t.Errorf("%+v %v", p, err)
	}
}

func TestLogsHoldBothStreams(t *testing.T) {
	e := open(t, &enginetest.Host{})
	name := docker.Container(t, "vernemq-cn-1")
	wait(t, func() bool { l, _ := e.Logs(t.Context(), name, 10); return len(l) == 2 })
	if _, err := docker.Command(t.Context(), "kill", name); err != nil { // a dead container has a log too
		t.Fatal(err)
	}
	both, err := e.Logs(t.Context(), name, 10)
	if err != nil || len(both) != 2 || !slices.Contains(both, "first line, on standard output") || !slices.Contains(both, "second line, on standard error") {
		t.Errorf("%q %v", both, err)
	}
	if last, err := e.Logs(t.Context(), name, 1); err != nil || !slices.Equal(last, both[1:]) {
		t.Errorf("%q %v", last, err)
	}
}

func TestWhatIsMissingHasAName(t *testing.T) {
	e := open(t, &enginetest.Host{})
	name := docker.Container(t, "stopped")
	if _, err := docker.Command(t.Context(), "kill", name); err != nil {
		t.Fatal(err)
	}
	running := docker.Container(t, "running")
	for _, c := range []struct {
		what string
		do   func(context.Context) error
		want facts.Blind
		says string
	}{
		{"inspect of no container", func(ctx context.Context) error { _, err := e.Container(ctx, "nobody"); return err }, facts.Absent, "No such container: nobody"},
		{"exec in no container", func(ctx context.Context) error {
			_, err := e.Exec(ctx, "nobody", secret.Words("true"), nil)
			return err
		}, facts.Absent, "nobody"},
		{"exec in a stopped container", func(ctx context.Context) error { _, err := e.Exec(ctx, name, secret.Words("true"), nil); return err }, facts.Down, "is not running"},
		{"processes of a stopped container", func(ctx context.Context) error { _, err := e.Process(ctx, name); return err }, facts.Down, "is not running"},
		{"start of no container", func(ctx context.Context) error { return e.Start(ctx, "nobody") }, facts.Absent, "nobody"},
		{"log of no container", func(ctx context.Context) error { _, err := e.Logs(ctx, "nobody", 3); return err }, facts.Absent, "nobody"},
		{"a command that takes too long", func(ctx context.Context) error {
			return whileItRuns(ctx, func(ctx context.Context) error {
				_, err := e.Exec(ctx, running, secret.Words("guest", "hang"), nil)
				return err
			})
		}, facts.TooLate, "look before doing it again"},
	} {
		err := c.do(t.Context())
		var own *engine.Error
		if !errors.As(err, &own) || own.Blind != c.want || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v", c.what, err)
		}
	}
}

// whileItRuns ends the time of a command that does not end, with twice the time
// when it had not begun by then.
func whileItRuns(ctx context.Context, do func(context.Context) error) error {
	for limit := time.Second; ; limit *= 2 {
		ctx, cancel := context.WithTimeout(ctx, limit)
		err := do(ctx)
		cancel()
		var own *engine.Error
		if errors.As(err, &own) && own.Unknown || limit > patience {
			return err
		}
	}
}

func TestRefusalsOfTheConnectionKeepTheirName(t *testing.T) {
	e := open(t, &enginetest.Host{Refuse: &wire.Error{Blind: facts.BadHostKey, Tried: "connecting"}})
	_, err := e.Containers(t.Context())
	var ssh *wire.Error
	if !errors.As(err, &ssh) || ssh.Blind != facts.BadHostKey {
		t.Errorf("%v", err)
	}
}

// patience is the limit of what is sure to come, however busy this machine is.
const patience = time.Minute

func wait(t *testing.T, until func() bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for !until() {
		select {
		case <-tick.C:
		case <-ctx.Done():
			t.Fatalf("it did not come in %v", patience)
		}
	}
}
