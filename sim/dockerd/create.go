package dockerd

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/docker/docker/api/types/container"
)

// Create makes a container that does not run. An empty name gets one.
func (e *Engine) Create(name string, c container.Config, h container.HostConfig) (*Container, error) {
	if err := e.full(dataRoot + "/overlay2"); err != nil {
		return nil, err
	}
	if err := validate(&c, &h); err != nil {
		return nil, err
	}
	if err := e.bound(h.Mounts); err != nil {
		return nil, err
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	i := e.image(c.Image)
	if i == nil {
		return nil, missing("No such image: %s", named(c.Image))
	}
	merge(&c, i.conf.Config)
	if len(c.Entrypoint) == 0 && len(c.Cmd) == 0 {
		return nil, invalid("No command specified")
	}
	if name == "" {
		name = e.invent()
	}
	if err := e.free(name); err != nil {
		return nil, err
	}
	made := &Container{
		e: e, id: newID(), created: time.Now(), image: i, config: &c, host: &h, name: strings.TrimPrefix(name, "/"),
		log: newRecord(), moved: make(chan struct{}),
	}
	made.again = newAgain()
	if c.Hostname == "" && !h.NetworkMode.IsHost() {
		c.Hostname = made.id[:12]
	} else if c.Hostname == "" {
		c.Hostname = e.machine.Name
	}
	var err error
	if made.mounts, err = e.mountsOf(&c, &h); err != nil {
		return nil, err
	}
	if err := made.unpack(); err != nil {
		return nil, broken("%v", err)
	}
	for _, m := range made.mounts {
		if m.volume != "" && !m.named {
			e.emit("volume", "create", m.volume, map[string]string{"driver": "local"})
		}
	}
	e.containers[made.id] = made
	made.tell("create", nil)
	return made, nil
}

// validate refuses what no container can be, and fills in defaults.
func validate(c *container.Config, h *container.HostConfig) error {
	switch p := h.RestartPolicy; p.Name {
	case "", "no", "always", "unless-stopped":
		if p.MaximumRetryCount != 0 {
			return invalid("maximum retry count cannot be used with restart policy '%s'", p.Name)
		}
	case "on-failure":
		if p.MaximumRetryCount < 0 {
			return invalid("maximum retry count cannot be negative")
		}
	default:
		return invalid("invalid restart policy '%s'", p.Name)
	}
	if h.AutoRemove && h.RestartPolicy.Name != "" && h.RestartPolicy.Name != "no" {
		return invalid("can't create 'AutoRemove' container with restart policy")
	}
	if c.StopSignal != "" {
		if _, err := signalOf(c.StopSignal); err != nil {
			return err
		}
	}
	if h.NetworkMode == "" {
		h.NetworkMode = "default"
	}
	if h.LogConfig.Type == "" {
		h.LogConfig.Type = "json-file"
	}
	if h.LogConfig.Config == nil {
		h.LogConfig.Config = map[string]string{}
	}
	if h.ShmSize == 0 {
		h.ShmSize = 64 << 20
	}
	h.IpcMode, h.CgroupnsMode, h.Runtime = "private", "host", "runc"
	if c.Labels == nil {
		c.Labels = map[string]string{}
	}
	return nil
}

// merge takes from the image what the configuration leaves open.
func merge(c, image *container.Config) {
	if c.User == "" {
		c.User = image.User
	}
	if c.WorkingDir == "" {
		c.WorkingDir = image.WorkingDir
	}
	if c.StopSignal == "" {
		c.StopSignal = image.StopSignal
	}
	if len(c.ExposedPorts) == 0 {
		c.ExposedPorts = image.ExposedPorts
	} else {
		for port := range image.ExposedPorts {
			c.ExposedPorts[port] = struct{}{}
		}
	}
	for _, pair := range image.Env {
		name, _, _ := strings.Cut(pair, "=")
		if !slices.ContainsFunc(c.Env, func(own string) bool { return own == name || strings.HasPrefix(own, name+"=") }) {
			c.Env = append(c.Env, pair)
		}
	}
	for key, value := range image.Labels {
		if _, own := c.Labels[key]; !own {
			c.Labels[key] = value
		}
	}
	if len(c.Entrypoint) == 0 {
		if len(c.Cmd) == 0 {
			c.Cmd = image.Cmd
		}
		if c.Entrypoint == nil {
			c.Entrypoint = image.Entrypoint
		}
	}
	mergeHealth(c, image)
	for at := range image.Volumes {
		if c.Volumes == nil {
			c.Volumes = map[string]struct{}{}
		}
		c.Volumes[at] = struct{}{}
	}
}

func mergeHealth(c, image *container.Config) {
	if image.Healthcheck == nil {
		return
	}
	if c.Healthcheck == nil {
		c.Healthcheck = image.Healthcheck
		return
	}
	h, d := *c.Healthcheck, image.Healthcheck
	if len(h.Test) == 0 {
		h.Test = d.Test
	}
	for _, f := range []struct{ own, of *time.Duration }{{&h.Interval, &d.Interval}, {&h.Timeout, &d.Timeout}, {&h.StartPeriod, &d.StartPeriod}} {
		if *f.own == 0 {
			*f.own = *f.of
		}
	}
	if h.Retries == 0 {
		h.Retries = d.Retries
	}
	c.Healthcheck = &h
}

// invent makes a name for a container without one; the caller holds the lock.
func (e *Engine) invent() string {
	left := []string{"brave", "calm", "eager", "fond", "keen", "loving", "nice", "quirky"}
	right := []string{"curie", "darwin", "euler", "gauss", "hopper", "lovelace", "noether", "turing"}
	n := int(e.named.Add(1)) - 1
	name := left[n%8] + "_" + right[n/8%8]
	if n >= 64 {
		name += fmt.Sprint(n / 64)
	}
	if e.byName(name) != nil {
		return e.invent()
	}
	return name
}

// argv is the command line of the first process.
func (c *Container) argv() []string {
	return append(slices.Clone([]string(c.config.Entrypoint)), c.config.Cmd...)
}

// home is the container's folder on the machine.
func (c *Container) home() string { return dataRoot + "/containers/" + c.id }

// rootDir is its root folder on the machine.
func (c *Container) rootDir() string { return dataRoot + "/overlay2/" + c.id + "/merged" }

// unpack makes the root folder and the files that Docker mounts into it.
func (c *Container) unpack() error {
	root := c.e.real(c.rootDir())
	if err := os.MkdirAll(root, 0o755); err != nil {
		return err
	}
	if err := os.MkdirAll(c.e.real(c.home()), 0o710); err != nil {
		return err
	}
	for _, l := range c.image.layers {
		if err := extract(root, l.tar, nil); err != nil {
			return err
		}
	}
	if err := c.fillVolumes(root); err != nil {
		return err
	}
	c.origin = stamps(root)
	return nil
}
