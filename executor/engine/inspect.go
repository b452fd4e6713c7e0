package engine

import (
	"context"
	"maps"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/docker/docker/api/types/container"
	"github.com/docker/docker/api/types/network"
	"github.com/docker/docker/client"

	"vmqbot/facts"
)

// Container describes one container by name; all fields but Status are set.
// The error's Blind is Absent when there is none of this name.
func (e *Engine) Container(ctx context.Context, name string) (facts.Container, error) {
	r, err := call(ctx, e, "inspect "+name, func(ctx context.Context, c *client.Client) (container.InspectResponse, error) {
		return c.ContainerInspect(ctx, name)
	})
	if err != nil {
		return facts.Container{}, err
	}
	if r.ContainerJSONBase == nil || r.State == nil || r.Config == nil || r.HostConfig == nil {
		return facts.Container{}, e.errorf(facts.Unreadable, nil, "Docker on "+e.name+" described "+name+" only in part: ask it again with `docker inspect "+name+"`.")
	}
	return fromInspect(r), nil
}

func fromInspect(r container.InspectResponse) facts.Container {
	c := facts.Container{
		ID: r.ID, Name: strings.TrimPrefix(r.Name, "/"), Image: r.Config.Image, ImageID: r.Image,
		State: r.State.Status, Running: r.State.Running, PID: r.State.Pid,
		StartedAt: when(r.State.StartedAt), FinishedAt: when(r.State.FinishedAt),
		RestartCount: r.RestartCount, ExitCode: r.State.ExitCode, OOMKilled: r.State.OOMKilled,
		RestartPolicy: string(r.HostConfig.RestartPolicy.Name), NetworkMode: string(r.HostConfig.NetworkMode),
		Published: map[int]int{}, Mounts: mounts(r.Mounts), Labels: r.Config.Labels,
		Entrypoint: r.Config.Entrypoint, Cmd: r.Config.Cmd, Env: r.Config.Env,
	}
	c.Health, c.HealthSays = health(r.State.Health)
	if r.NetworkSettings == nil {
		return c
	}
	c.IP = firstIP(r.NetworkSettings.Networks)
	for port, bindings := range r.NetworkSettings.Ports {
		for _, b := range bindings {
			if p, err := strconv.Atoi(b.HostPort); err == nil && port.Proto() == "tcp" {
				c.Published[port.Int()] = p
			}
		}
	}
	return c
}

// mostSaid is how much of what a health check printed is kept.
const mostSaid = 512

// health is the state of a health check and what the last one printed. Docker
// says none, or nothing, where there is no health check.
func health(h *container.Health) (status, says string) {
	if h == nil || h.Status == container.NoHealthcheck {
		return "", ""
	}
	if last := len(h.Log) - 1; last >= 0 && h.Log[last] != nil {
		says = strings.TrimSpace(h.Log[last].Output)
		says = strings.ToValidUTF8(says[:min(len(says), mostSaid)], "")
	}
	return h.Status, says
}

// firstIP is the address on Docker's own networks; of several, the one on
// the first by name.
func firstIP(nets map[string]*network.EndpointSettings) netip.Addr {
	for _, name := range slices.Sorted(maps.Keys(nets)) {
		if nets[name] == nil {
			continue
		}
		if a, err := netip.ParseAddr(nets[name].IPAddress); err == nil {
			return a
		}
	}
	return netip.Addr{}
}

func mounts(points []container.MountPoint) map[string]string {
	m := make(map[string]string, len(points))
	for _, p := range points {
		m[p.Destination] = p.Source
	}
	return m
}

// when reads Docker's times; its year 1, which means never, is the zero time.
func when(s string) time.Time {
	t, err := time.Parse(time.RFC3339Nano, s)
	if err != nil {
		return time.Time{}
	}
	return t
}

func unix(s int64) time.Time { return time.Unix(s, 0).UTC() }
