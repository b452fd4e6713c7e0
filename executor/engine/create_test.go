package engine_test

import (
	"errors"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"vmqbot/executor/engine"
	"vmqbot/executor/engine/enginetest"
	"vmqbot/facts"
	"vmqbot/ops"
)

// made is a specification of a container that is removed when the test ends.
func made(t *testing.T, name string) ops.ContainerSpec {
	t.Helper()
	docker.Remove(t, name)
	return ops.ContainerSpec{Name: name, Image: enginetest.Image, Entrypoint: []string{"/bin/guest", "hang"}, Network: "none"}
}

func do(t *testing.T, what string, err error) {
	t.Helper()
	if err != nil {
		t.Fatalf("%s: %v", what, err)
	}
}

func TestAContainerIsMadeAsSpecified(t *testing.T) {
	e := open(t, &enginetest.Host{})
	docker.Variant(t, "guest:loud", "CMD [\"must not be appended\"]", "ENV IMAGE=kept", "HEALTHCHECK CMD [\"/bin/nosuch\"]", "USER 7")
	folder := filepath.Join(t.TempDir(), "new", "data")
	s := made(t, "vernemq-cn-1")
	s.Image, s.Hostname, s.User, s.Publish, s.Restart = "guest:loud", "cn-one", "10000", []int{1883, 44053}, "unless-stopped"
	s.Env, s.Labels, s.Nofile = []string{"PATH=/bin", "VMQBOT_ADDRESS=10.0.0.1"}, map[string]string{"vmqbot.gate": "1"}, 4000
	s.StopAfter, s.Mounts = 90*time.Second, []ops.Mount{{From: folder, To: "/var/lib/vernemq"}}
	s.Health, s.HealthEach = []string{"/bin/guest", "say", "running starts=1\n", "", "0"}, time.Second
	do(t, "create", e.Create(t.Context(), s))
	if c, err := e.Container(t.Context(), s.Name); err != nil || c.State != "created" || c.Running || c.Health != "starting" && c.Health != "" {
		t.Errorf("created: %+v %v", c, err)
	}
	do(t, "start", e.Start(t.Context(), s.Name))
	var c facts.Container
	wait(t, func() (healthy bool) { c, _ = e.Container(t.Context(), s.Name); return c.Health == "healthy" })
	if c.HealthSays != "running starts=1" || c.RestartPolicy != "unless-stopped" || c.NetworkMode != "none" || c.Image != "guest:loud" ||
		!slices.Equal(c.Entrypoint, s.Entrypoint) || len(c.Cmd) != 0 || !maps.Equal(c.Labels, s.Labels) ||
		c.Mounts["/var/lib/vernemq"] != folder || !slices.Contains(c.Env, "VMQBOT_ADDRESS=10.0.0.1") || !slices.Contains(c.Env, "IMAGE=kept") {
		t.Errorf("%+v", c)
	}
	if st, err := os.Stat(folder); err != nil || !st.IsDir() {
		t.Errorf("the folder that was missing: %v", err)
	}
	for format, want := range map[string]string{
		"{{.Config.Hostname}} {{.Config.StopTimeout}} {{.Config.Tty}} {{.Config.User}}": "cn-one 90 false 10000",
		"{{json .HostConfig.LogConfig}}":                                                `{"Type":"json-file","Config":{"max-file":"3","max-size":"10m"}}`,
		"{{range .HostConfig.Ulimits}}{{.Name}} {{.Soft}} {{.Hard}}{{end}}":             "nofile 4000 4000",
		"{{json .HostConfig.PortBindings}}":                                             `{"1883/tcp":[{"HostIp":"","HostPort":"1883"}],"44053/tcp":[{"HostIp":"","HostPort":"44053"}]}`,
		"{{json .Config.ExposedPorts}}":                                                 `{"1883/tcp":{},"44053/tcp":{}}`,
		"{{json .Config.Healthcheck.Test}} {{.Config.Healthcheck.Interval}} {{.Args}}":  `["CMD","/bin/guest","say","running starts=1\n","","0"] 1s [hang]`,
	} {
		if got, err := docker.Command(t.Context(), "inspect", "-f", format, s.Name); err != nil || got != want {
			t.Errorf("%s: %s %v, want %s", format, got, err, want)
		}
	}
}

func TestWhatASpecificationLeavesOut(t *testing.T) {
	e := open(t, &enginetest.Host{})
	docker.Variant(t, "guest:full", `CMD ["hang"]`, `ENTRYPOINT ["/bin/guest"]`, `HEALTHCHECK CMD ["/bin/guest", "say", "", "", "0"]`)
	s := made(t, "plain")
	s.Image, s.Entrypoint = "guest:full", nil
	do(t, "create", e.Create(t.Context(), s))
	c, err := e.Container(t.Context(), "plain")
	if err != nil || !slices.Equal(c.Entrypoint, []string{"/bin/guest"}) || !slices.Equal(c.Cmd, []string{"hang"}) || c.RestartPolicy != "no" || len(c.Published) != 0 {
		t.Errorf("%+v %v", c, err)
	}
	if got, err := docker.Command(t.Context(), "inspect", "-f", "{{json .Config.Healthcheck.Test}} {{json .HostConfig.Ulimits}} {{json .Config.StopTimeout}}", "plain"); err != nil ||
		got != `["CMD","/bin/guest","say","","","0"] null null` {
		t.Errorf("%s %v", got, err)
	}
}

// TestTheLifeOfAContainer is a deploy's order of things: the old one is kept
// under another name, the new one takes its place.
func TestTheLifeOfAContainer(t *testing.T) {
	e := open(t, &enginetest.Host{})
	ctx, old, next := t.Context(), made(t, "vernemq-cn-1"), made(t, "vernemq-cn-1.next")
	docker.Remove(t, "vernemq-cn-1.kept")
	old.Restart = "always"
	do(t, "create", e.Create(ctx, old))
	do(t, "start", e.Start(ctx, old.Name))
	do(t, "set restart", e.SetRestart(ctx, old.Name, "no"))
	if err := e.Remove(ctx, old.Name); err == nil || !strings.Contains(err.Error(), "Stop it first with `docker stop`") {
		t.Errorf("a running container is removed: %v", err)
	}
	running, err := e.Container(ctx, old.Name)
	do(t, "look", err)
	do(t, "wait until it listens", enginetest.Hears(ctx, running.PID))
	do(t, "stop", e.Stop(ctx, old.Name, 20*time.Second))
	do(t, "stop again", e.Stop(ctx, old.Name, 20*time.Second))
	if c, err := e.Container(ctx, old.Name); err != nil || c.Running || c.ExitCode != 0 || c.RestartPolicy != "no" {
		t.Errorf("after a clean stop: %+v %v", c, err)
	}
	do(t, "create the next", e.Create(ctx, next))
	do(t, "keep the old", e.Rename(ctx, old.Name, "vernemq-cn-1.kept"))
	do(t, "take its place", e.Rename(ctx, next.Name, old.Name))
	do(t, "start the next", e.Start(ctx, old.Name))
	if c, err := e.Container(ctx, "vernemq-cn-1.kept"); err != nil || c.Running {
		t.Errorf("the old one: %+v %v", c, err)
	}
	do(t, "remove the old", e.Remove(ctx, "vernemq-cn-1.kept"))
	do(t, "remove it again", e.Remove(ctx, "vernemq-cn-1.kept"))
	if _, err := e.Container(ctx, "vernemq-cn-1.kept"); err == nil {
		t.Error("it is still there")
	}
}

// TestAProcessThatDoesNotEndIsKilled counts the grace in whole seconds, up.
func TestAProcessThatDoesNotEndIsKilled(t *testing.T) {
	e := open(t, &enginetest.Host{})
	s := made(t, "deaf")
	s.Entrypoint = []string{"/bin/guest", "deaf"}
	do(t, "create", e.Create(t.Context(), s))
	do(t, "start", e.Start(t.Context(), s.Name))
	wait(t, func() bool { l, _ := e.Logs(t.Context(), s.Name, 1); return len(l) == 1 })
	begun := time.Now()
	do(t, "stop", e.Stop(t.Context(), s.Name, 1100*time.Millisecond))
	if c, err := e.Container(t.Context(), s.Name); err != nil || c.ExitCode != 137 || time.Since(begun) < 2*time.Second {
		t.Errorf("after %v: %+v %v", time.Since(begun), c, err)
	}
}

func TestWhatDockerRefuses(t *testing.T) {
	e := open(t, &enginetest.Host{})
	taken, stopped := made(t, "taken"), made(t, "stopped")
	do(t, "create", e.Create(t.Context(), taken))
	stopped.Entrypoint = []string{"sh", "-c", "true"}
	do(t, "create", e.Create(t.Context(), stopped))
	nosuch, odd, buried := made(t, "nosuch"), made(t, "odd"), made(t, "buried")
	nosuch.Image, odd.Restart, buried.Mounts = "airdroid/vernemq:9", "sometimes", []ops.Mount{{From: "/proc/nowhere/x", To: "/x"}}
	do(t, "create", e.Create(t.Context(), buried))
	for _, c := range []struct {
		what string
		err  error
		want facts.Blind
		says string
	}{
		{"an image that is not there", e.Create(t.Context(), nosuch), facts.Absent, "create nosuch: the image airdroid/vernemq:9 is not there. Fetch it with `docker pull airdroid/vernemq:9`, or bring it"},
		{"a name that is taken", e.Create(t.Context(), taken), facts.Failed, "the name taken is taken by another container"},
		{"a policy that is none", e.Create(t.Context(), odd), facts.Failed, "sometimes"},
		{"another name that is taken", e.Rename(t.Context(), "stopped", "taken"), facts.Failed, "rename stopped to taken: the name taken is taken"},
		{"an image without sh", e.Start(t.Context(), "stopped"), facts.Failed, "start stopped: its image has no program sh"},
		{"a folder that cannot be", e.Start(t.Context(), "buried"), facts.Failed, "the folder /proc/nowhere/x cannot be made"},
		{"stop of nothing", e.Stop(t.Context(), "nobody", 0), facts.Absent, "No such container: nobody"},
		{"rename of nothing", e.Rename(t.Context(), "nobody", "x1"), facts.Absent, "No such container: nobody"},
		{"policy of nothing", e.SetRestart(t.Context(), "nobody", "no"), facts.Absent, "No such container: nobody"},
	} {
		var own *engine.Error
		if !errors.As(c.err, &own) || own.Blind != c.want || !strings.Contains(own.Msg, c.says) || own.Unknown {
			t.Errorf("%s: %+v", c.what, c.err)
		}
	}
}
