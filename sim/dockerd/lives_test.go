package dockerd_test

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/docker/docker/api/types/container"
	"github.com/docker/docker/api/types/events"
	"github.com/docker/docker/api/types/filters"
	"github.com/docker/docker/client"
	"github.com/docker/docker/pkg/stdcopy"

	"vmqbot/executor/engine/enginetest"
)

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
	if strings.HasPrefix(p.name, "dockerd ") && l.words[0] == "hang" {
		c, err := p.api.ContainerInspect(ctx, made.ID)
		do(t, p.name+" look", err)
		do(t, p.name+" wait until it listens", enginetest.Hears(ctx, c.State.Pid))
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
