package dockerd_test

import (
	"context"
	"io"
	"net"
	"slices"
	"strings"
	"testing"
	"time"

	"vmqbot/answer"
	"vmqbot/executor/engine"
	"vmqbot/ops"
	"vmqbot/secret"
)

// door is a Host of executor/engine that leads to the machine's socket.
type door struct{ w *world }

func (d door) Dial(ctx context.Context, _, addr string) (net.Conn, error) {
	return d.w.m.DialUnix(ctx, addr)
}

func (d door) Run(context.Context, []secret.Word, func(string)) (answer.Answer, error) {
	return answer.Answer{}, net.ErrClosed
}

func (d door) Pipe(context.Context, []secret.Word) (io.ReadWriteCloser, error) {
	return nil, net.ErrClosed
}
func (d door) Ping(context.Context) (time.Duration, bool, error) { return 0, false, nil }

func do(t *testing.T, what string, err error) {
	t.Helper()
	if err != nil {
		t.Fatalf("%s: %v", what, err)
	}
}

// TestTheExecutorsEngine does what a deploy does through executor/engine.
func TestTheExecutorsEngine(t *testing.T) {
	w := host(t)
	e := engine.New("cn", door{w})
	defer e.Close()
	ctx, folder := t.Context(), t.TempDir()
	s := ops.ContainerSpec{
		Name: "vernemq-cn-1", Image: "guest:1", Entrypoint: []string{"/bin/beam.smp", "--", "-root", "/usr/lib/vernemq", "--", "-name", "VerneMQ@10.0.0.1"},
		Restart: "unless-stopped", Publish: []int{1883}, Mounts: []ops.Mount{{From: folder + "/conf", To: "/etc/vernemq"}}, Labels: map[string]string{"a": "b"},
		Health: []string{"/bin/guest", "say", "fine\n", "", "0"}, HealthEach: time.Second, StopAfter: 3 * time.Second, Nofile: 4000,
	}
	do(t, "create", e.Create(ctx, s))
	do(t, "put", e.Put(ctx, s.Name, "/etc/vernemq", []ops.File{{Name: "vernemq.conf", Content: secret.New("a = b\n"), Mode: 0o600}}))
	do(t, "start", e.Start(ctx, s.Name))
	body, err := e.Get(ctx, s.Name, "/etc/vernemq/vernemq.conf")
	if err != nil || string(body) != "a = b\n" {
		t.Errorf("%q %v", body, err)
	}
	c, err := e.Container(ctx, s.Name)
	if err != nil || !c.Running || c.PID == 0 || c.IP.String() != "172.17.0.2" || c.Published[1883] != 1883 || c.Mounts["/etc/vernemq"] != folder+"/conf" {
		t.Errorf("%+v %v", c, err)
	}
	await(t, "health", func() bool { c, _ = e.Container(ctx, s.Name); return c.Health == "healthy" && c.HealthSays == "fine" })
	a, err := e.Exec(ctx, s.Name, secret.Words("guest", "say", "out\n", "err\n", "7"), nil)
	if err != nil || a.Exit != 7 || a.Stdout != "out\n" || a.Stderr != "err\n" {
		t.Errorf("%+v %v", a, err)
	}
	p, err := e.Process(ctx, s.Name)
	if err != nil || p.PID != c.PID || p.Name != "VerneMQ@10.0.0.1" {
		t.Errorf("%+v %v", p, err)
	}
	lines, err := e.Logs(ctx, s.Name, 10)
	if err != nil || len(lines) != 2 || !slices.Contains(lines, "second line, on standard error") {
		t.Errorf("%q %v", lines, err)
	}
	all, err := e.Containers(ctx)
	if err != nil || len(all) != 1 || !strings.HasPrefix(all[0].Status, "Up ") || all[0].State != "running" {
		t.Errorf("%+v %v", all, err)
	}
	do(t, "stop", e.Stop(ctx, s.Name, 3*time.Second))
	if c, err := e.Container(ctx, s.Name); err != nil || c.Running || c.ExitCode != 0 || c.State != "exited" {
		t.Errorf("%+v %v", c, err)
	}
	do(t, "rename", e.Rename(ctx, s.Name, "kept"))
	do(t, "remove", e.Remove(ctx, "kept"))
	if _, err := e.Container(ctx, "kept"); err == nil {
		t.Error("it stays")
	}
	version, api, err := e.Version(ctx)
	images, err2 := e.Images(ctx)
	detail, err3 := e.Image(ctx, "guest:1")
	if err != nil || err2 != nil || err3 != nil || version != "20.10.24" || api != "1.41" || len(images) != 1 || images[0].ID != detail.ID {
		t.Errorf("%s %s %+v %+v %v %v %v", version, api, images, detail, err, err2, err3)
	}
	try, err := e.Try(ctx, ops.ContainerSpec{Name: "try", Image: "guest:1", Network: "none", Entrypoint: []string{"/bin/guest"}, Cmd: []string{"cat", "/bin/x"}}, "/bin", []ops.File{{Name: "x", Content: secret.New("tried"), Mode: 0o644}}, nil)
	if err != nil || try.Stdout != "tried" || try.Exit != 0 {
		t.Errorf("%+v %v", try, err)
	}
}
