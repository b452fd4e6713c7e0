package dockerd_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/docker/docker/api/types/container"
	"github.com/docker/docker/api/types/events"
	"github.com/docker/docker/api/types/filters"
	"github.com/docker/docker/client"
	"github.com/docker/docker/pkg/stdcopy"

	"vmqbot/executor/engine/enginetest"
)

var docker *enginetest.Docker

func TestMain(m *testing.M) { enginetest.Main(m, func(d *enginetest.Docker) { docker = d }) }

// place is one of two engines that are asked the same.
type place struct {
	name string
	api  *client.Client
	raw  *http.Client
}

func realPlace(t *testing.T) *place {
	return placeOf(t, "dockerd 20.10", func(ctx context.Context, _ string) (net.Conn, error) {
		var d net.Dialer
		return d.DialContext(ctx, "unix", docker.Socket)
	})
}

func placeOf(t *testing.T, name string, dial func(context.Context, string) (net.Conn, error)) *place {
	api := connect(t, dial)
	t.Cleanup(func() { _ = api.Close() })
	return &place{name, api, api.HTTPClient()}
}

// call is one request, written "METHOD PATH" and a body.
type call struct{ what, body string }

// ask makes a request and tells the status and the message, if it is one.
func (p *place) ask(t *testing.T, c call) string {
	t.Helper()
	method, path, _ := strings.Cut(c.what, " ")
	req, err := http.NewRequestWithContext(t.Context(), method, "http://"+client.DummyHost+"/v1.41"+path, strings.NewReader(c.body))
	if err != nil {
		t.Fatal(err)
	}
	if c.body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	resp, err := p.raw.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close() //nolint:errcheck // only read
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	var said map[string]any
	_ = json.Unmarshal(body, &said)
	switch {
	case said["message"] != nil:
		return fmt.Sprint(resp.StatusCode, " ", said["message"])
	case resp.StatusCode == http.StatusOK && bytes.HasPrefix(body, []byte(`[{"Untagged`)):
		return fmt.Sprint(resp.StatusCode, " ", string(body))
	case said["StatusCode"] != nil:
		return fmt.Sprint(resp.StatusCode, " ended ", said["StatusCode"])
	}
	return fmt.Sprint(resp.StatusCode)
}

var (
	longID  = regexp.MustCompile(`[0-9a-f]{64}`)
	shortID = regexp.MustCompile(`\b[0-9a-f]{12}\b`)
	spare   = regexp.MustCompile(` +\n`)
)

// plain takes out of an answer what differs by chance.
func plain(s string) string {
	s = shortID.ReplaceAllString(longID.ReplaceAllString(s, "ID"), "SHORT")
	return strings.TrimSpace(spare.ReplaceAllString(strings.ReplaceAll(s, "+dfsg1", ""), "\n"))
}

const hangs = `{"Image":"guest:1","Entrypoint":["/bin/guest","hang"],"HostConfig":{"NetworkMode":"none"}}`

// refused are requests, in order, most of which are refused.
var refused = []call{
	{"GET /nosuch", ""},
	{"POST /containers/create?name=a", `{"Image":"guest:1"}`},
	{"POST /containers/create?name=a", hangs},
	{"POST /containers/create?name=/b_$", hangs},
	{"POST /containers/create?name=aa", `{"Image":"nosuch:1","Cmd":["x"]}`},
	{"POST /containers/create?name=aa", `{"Image":"nosuch","Cmd":["x"]}`},
	{"POST /containers/create?name=aa", `{"Image":"guest:1","Cmd":["x"],"HostConfig":{"RestartPolicy":{"Name":"sometimes"}}}`},
	{"POST /containers/create?name=aa", `{"Image":"guest:1","Cmd":["x"],"HostConfig":{"RestartPolicy":{"Name":"always","MaximumRetryCount":3}}}`},
	{"POST /containers/create?name=aa", `{"Image":"guest:1","Cmd":["x"],"HostConfig":{"AutoRemove":true,"RestartPolicy":{"Name":"always"}}}`},
	{"POST /containers/create?name=aa", `{"Image":"guest:1","Cmd":["x"],"HostConfig":{"Binds":["x/y:/z"]}}`},
	{"POST /containers/create?name=aa", `{"Image":"guest:1","Cmd":["x"],"HostConfig":{"Binds":["/y:z"]}}`},
	{"POST /containers/create?name=aa", `{"Image":"guest:1","Cmd":["x"],"HostConfig":{"Binds":["/y:/z:odd"]}}`},
	{"POST /containers/create?name=aa", `{"Image":"guest:1","Cmd":["x"],"HostConfig":{"Mounts":[{"Type":"bind","Source":"/no/such","Target":"/z"}]}}`},
	{"POST /containers/create?name=aa", hangs},
	{"POST /containers/create?name=aa", hangs},
	{"POST /containers/create?name=bb", `{"Image":"guest:1","Cmd":["x"],"HostConfig":{"NetworkMode":"none"}}`},
	{"POST /containers/create?name=cc", `{"Image":"guest:1","Cmd":["/bin/x"],"HostConfig":{"NetworkMode":"none"}}`},
	{"POST /containers/aa/start", ""},
	{"POST /containers/aa/start", ""},
	{"POST /containers/bb/start", ""},
	{"POST /containers/cc/start", ""},
	{"POST /containers/zz/start", ""},
	{"POST /containers/zz/stop", ""},
	{"POST /containers/zz/restart", ""},
	{"POST /containers/zz/kill", ""},
	{"POST /containers/zz/exec", `{"Cmd":["x"]}`},
	{"GET /containers/zz/logs?stdout=1", ""},
	{"GET /containers/zz/logs", ""},
	{"POST /containers/zz/wait", ""},
	{"DELETE /containers/zz", ""},
	{"POST /containers/zz/rename?name=q", ""},
	{"POST /containers/zz/update", `{}`},
	{"GET /containers/zz/top", ""},
	{"GET /containers/zz/json", ""},
	{"GET /containers/zz/archive?path=/x", ""},
	{"POST /containers/bb/stop", ""},
	{"POST /containers/bb/kill", ""},
	{"POST /containers/bb/pause", ""},
	{"POST /containers/bb/exec", `{"Cmd":["x"]}`},
	{"POST /containers/aa/exec", `{}`},
	{"GET /containers/bb/top", ""},
	{"POST /containers/bb/rename?name=aa", ""},
	{"POST /containers/bb/rename?name=bb", ""},
	{"POST /containers/bb/rename?name=", ""},
	{"POST /containers/bb/rename?name=%20x", ""},
	{"DELETE /containers/aa", ""},
	{"POST /containers/bb/update", `{"RestartPolicy":{"Name":"bad"}}`},
	{"POST /containers/bb/update", `{"RestartPolicy":{"Name":"no"}}`},
	{"GET /containers/aa/archive?path=/x", ""},
	{"GET /containers/aa/archive?path=", ""},
	{"PUT /containers/aa/archive?path=/x", ""},
	{"PUT /containers/aa/archive?path=/bin/guest", ""},
	{"POST /containers/aa/kill?signal=FOO", ""},
	{"POST /containers/aa/pause", ""},
	{"POST /containers/aa/pause", ""},
	{"POST /containers/aa/exec", `{"Cmd":["x"]}`},
	{"DELETE /containers/aa", ""},
	{"POST /containers/aa/unpause", ""},
	{"POST /containers/aa/unpause", ""},
	{"GET /images/nosuch:1/json", ""},
	{"GET /images/nosuch/json", ""},
	{"GET /images/nosuch:1/history", ""},
	{"DELETE /images/nosuch:1", ""},
	{"POST /images/nosuch:1/tag?repo=x", ""},
	{"POST /images/guest:1/tag?repo=X", ""},
	{"POST /images/guest:1/tag?repo=other&tag=2", ""},
	{"DELETE /images/other:2", ""},
	{"DELETE /images/guest:1", ""},
	{"GET /images/get?names=nosuch:1", ""},
	{"POST /images/create?fromImage=127.0.0.1:1/x&tag=1", ""},
	{"GET /exec/zz/json", ""},
	{"POST /exec/zz/start", `{}`},
	{"GET /networks/zz", ""},
	{`GET /containers/json?filters={"x":{"y":true}}`, ""},
	{"GET /containers/json?filters=zz", ""},
	{"POST /containers/aa/kill?signal=TERM", ""},
	{"POST /containers/aa/wait", ""},
	{"POST /containers/aa/stop", ""},
	{"POST /containers/aa/start", ""},
	{"POST /containers/aa/kill", ""},
	{"POST /containers/aa/wait", ""},
	{"POST /containers/aa/start", ""},
	{"DELETE /containers/aa?force=1&v=1", ""},
	{"DELETE /containers/bb", ""},
	{"DELETE /containers/cc", ""},
}

// TestTheSameRefusals asks a real engine and the simulated one the same.
func TestTheSameRefusals(t *testing.T) {
	enginetest.Need(t)
	w := host(t)
	real, sim := realPlace(t), placeOf(t, "the simulation", w.m.DialUnix)
	for _, c := range refused {
		want, got := plain(real.ask(t, c)), plain(sim.ask(t, c))
		if got != want {
			t.Errorf("%s %s\n%s says %s\n%s says %s", c.what, c.body, real.name, want, sim.name, got)
		}
	}
}

// life is what happens to one container, as it is told and in what order.
type life struct {
	name  string
	words []string
	host  container.HostConfig
	steps func(ctx context.Context, api *client.Client, id string) error
}

var lives = []life{
	{"restart", []string{"hang"}, container.HostConfig{}, func(ctx context.Context, api *client.Client, id string) error {
		return api.ContainerRestart(ctx, id, container.StopOptions{})
	}},
	{"stop and start", []string{"hang"}, container.HostConfig{RestartPolicy: container.RestartPolicy{Name: "unless-stopped"}}, func(ctx context.Context, api *client.Client, id string) error {
		if err := api.ContainerStop(ctx, id, container.StopOptions{}); err != nil {
			return err
		}
		return api.ContainerStart(ctx, id, container.StartOptions{})
	}},
	{"stop of the deaf", []string{"deaf"}, container.HostConfig{}, func(ctx context.Context, api *client.Client, id string) error {
		one := 1
		return api.ContainerStop(ctx, id, container.StopOptions{Timeout: &one})
	}},
	{"kill under a policy", []string{"hang"}, container.HostConfig{RestartPolicy: container.RestartPolicy{Name: "always"}}, func(ctx context.Context, api *client.Client, id string) error {
		return api.ContainerKill(ctx, id, "KILL")
	}},
	{"crash under a policy", []string{"say", "", "", "3"}, container.HostConfig{RestartPolicy: container.RestartPolicy{Name: "on-failure", MaximumRetryCount: 2}}, waitExit},
	{"end", []string{"say", "", "", "0"}, container.HostConfig{}, waitExit},
	{"rename, pause and remove", []string{"hang"}, container.HostConfig{}, func(ctx context.Context, api *client.Client, id string) error {
		if err := api.ContainerRename(ctx, id, "other-name"); err != nil {
			return err
		}
		if err := api.ContainerPause(ctx, id); err != nil {
			return err
		}
		return api.ContainerUnpause(ctx, id)
	}},
	{"a command", []string{"hang"}, container.HostConfig{}, func(ctx context.Context, api *client.Client, id string) error {
		x, err := api.ContainerExecCreate(ctx, id, container.ExecOptions{Cmd: []string{"guest", "say", "a", "b", "3"}, AttachStdout: true, AttachStderr: true})
		if err != nil {
			return err
		}
		conn, err := api.ContainerExecAttach(ctx, x.ID, container.ExecAttachOptions{})
		if err != nil {
			return err
		}
		defer conn.Close()
		var out, errs bytes.Buffer
		if _, err := stdcopy.StdCopy(&out, &errs, conn.Reader); err != nil || out.String() != "a" || errs.String() != "b" {
			return fmt.Errorf("%q %q %w", out.String(), errs.String(), err)
		}
		return nil
	}},
}

func waitExit(ctx context.Context, api *client.Client, id string) error {
	for {
		c, err := api.ContainerInspect(ctx, id)
		if err != nil {
			return err
		}
		if c.State.Status == "exited" {
			return nil
		}
		over, broke := api.ContainerWait(ctx, id, container.WaitConditionNotRunning)
		select {
		case <-over:
		case err := <-broke:
			return err
		}
	}
}

// TestTheSameEvents lets containers live in both worlds and compares what is
// told of them, and their states.
func TestTheSameEvents(t *testing.T) {
	enginetest.Need(t)
	w := host(t)
	real, sim := realPlace(t), placeOf(t, "the simulation", w.m.DialUnix)
	for _, l := range lives {
		want, got := real.live(t, l), sim.live(t, l)
		if got != want {
			t.Errorf("%s\n%s:\n%s\n%s:\n%s", l.name, real.name, want, sim.name, got)
		}
	}
}

// live runs a life and writes down its events and how it was at the end.
func (p *place) live(t *testing.T, l life) string {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	l.host.NetworkMode = "none"
	made, err := p.api.ContainerCreate(ctx, &container.Config{Image: "guest:1", Entrypoint: []string{"/bin/guest"}, Cmd: l.words}, &l.host, nil, nil, "living")
	do(t, p.name+" create", err)
	heard, broke := p.api.Events(ctx, events.ListOptions{Filters: filters.NewArgs(filters.Arg("container", made.ID))})
	do(t, p.name+" start", p.api.ContainerStart(ctx, made.ID, container.StartOptions{}))
	if l.words[0] == "deaf" {
		await(t, "its first line", func() bool { return p.printed(t, made.ID) != "" })
	}
	do(t, p.name+" "+l.name, l.steps(ctx, p.api, made.ID))
	c, err := p.api.ContainerInspect(ctx, made.ID)
	do(t, p.name+" inspect", err)
	do(t, p.name+" remove", p.api.ContainerRemove(ctx, made.ID, container.RemoveOptions{Force: true}))
	var b strings.Builder
	for {
		select {
		case m := <-heard:
			if m.Type == "container" {
				fmt.Fprintf(&b, "%s %s %s %s\n", m.Action, m.Actor.Attributes["exitCode"], m.Actor.Attributes["signal"], m.Actor.Attributes["name"])
			}
			if m.Action != "destroy" {
				continue
			}
		case err := <-broke:
			t.Fatal(p.name, err)
		}
		break
	}
	fmt.Fprintf(&b, "%s running %v exit %d restarts %d oom %v", c.State.Status, c.State.Running, c.State.ExitCode, c.RestartCount, c.State.OOMKilled)
	return b.String()
}

func (p *place) printed(t *testing.T, id string) string {
	t.Helper()
	body, err := p.api.ContainerLogs(t.Context(), id, container.LogsOptions{ShowStdout: true, ShowStderr: true})
	do(t, p.name+" logs", err)
	defer body.Close() //nolint:errcheck // only read
	var out bytes.Buffer
	_, err = stdcopy.StdCopy(&out, &out, body)
	do(t, p.name+" logs", err)
	return out.String()
}
