package engine

import (
	"cmp"
	"math"
	"strconv"
	"time"

	"github.com/docker/docker/api/types/container"
	"github.com/docker/docker/api/types/strslice"
	"github.com/docker/go-connections/nat"
	"github.com/docker/go-units"

	"vmqbot/ops"
)

// The most that a container's log takes of the disk: logSize times logFiles.
const (
	logSize  = "10m"
	logFiles = "3"
)

// configOf is what Docker calls the portable half of a specification. With an
// Entrypoint and no Cmd, Docker leaves the Cmd of the image away as well.
func configOf(s ops.ContainerSpec) *container.Config {
	c := &container.Config{
		Hostname: s.Hostname, Image: s.Image, User: s.User, Env: s.Env, Labels: s.Labels, ExposedPorts: nat.PortSet{},
		Volumes:    map[string]struct{}{},
		Entrypoint: strslice.StrSlice(s.Entrypoint), Cmd: strslice.StrSlice(s.Cmd),
	}
	for _, m := range s.Mounts {
		if m.From == "" {
			c.Volumes[m.To] = struct{}{}
		}
	}
	for port := range bindings(s.Publish) {
		c.ExposedPorts[port] = struct{}{}
	}
	if s.StopAfter > 0 {
		seconds := int(math.Ceil(s.StopAfter.Seconds()))
		c.StopTimeout = &seconds
	}
	if len(s.Health) > 0 {
		c.Healthcheck = &container.HealthConfig{Test: healthOf(s.Health), Interval: max(s.HealthEach, time.Second)}
	}
	return c
}

// healthOf takes a bare argv, or one that says itself how it is run.
func healthOf(argv []string) []string {
	switch argv[0] {
	case "CMD", "CMD-SHELL", "NONE":
		return argv
	}
	return append([]string{"CMD"}, argv...)
}

// hostConfigOf is the half that belongs to the host.
func hostConfigOf(s ops.ContainerSpec) *container.HostConfig {
	h := &container.HostConfig{
		PortBindings:  bindings(s.Publish),
		NetworkMode:   container.NetworkMode(s.Network),
		RestartPolicy: container.RestartPolicy{Name: container.RestartPolicyMode(cmp.Or(s.Restart, "no"))},
		LogConfig:     container.LogConfig{Type: "json-file", Config: map[string]string{"max-size": logSize, "max-file": logFiles}},
	}
	for _, m := range s.Mounts {
		if m.From == "" {
			continue
		}
		h.Binds = append(h.Binds, m.From+":"+m.To) // unlike Mounts, Binds make the folder
	}
	if s.Nofile > 0 {
		h.Ulimits = []*units.Ulimit{{Name: "nofile", Soft: s.Nofile, Hard: s.Nofile}}
	}
	return h
}

// bindings publish each port under its own number on all addresses.
func bindings(ports []int) nat.PortMap {
	m := nat.PortMap{}
	for _, p := range ports {
		n := strconv.Itoa(p)
		m[nat.Port(n+"/tcp")] = []nat.PortBinding{{HostPort: n}}
	}
	return m
}
