package cli

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/containerd/errdefs"
	"github.com/docker/docker/api/types/container"
	"github.com/docker/docker/api/types/mount"
	"github.com/docker/docker/pkg/stdcopy"
	"github.com/docker/go-connections/nat"
	"github.com/docker/go-units"
)

// create makes a container and prints its id.
func create(s *session) error {
	id, err := s.made()
	if err != nil {
		return err
	}
	s.Printf("%s\n", id)
	return nil
}

// made makes the container that the words describe.
func (s *session) made() (string, error) {
	c, h, err := s.described()
	if err != nil {
		return "", err
	}
	r, err := s.api.ContainerCreate(s.Context(), c, h, nil, nil, s.set.last("name"))
	if errdefs.IsNotFound(err) && strings.Contains(err.Error(), "No such image") && s.set.last("pull") != "never" {
		s.Errorf("Unable to find image '%s' locally\n", tagged(s.args[0]))
		if err := s.pulled(s.args[0], true); err != nil {
			return "", err
		}
		r, err = s.api.ContainerCreate(s.Context(), c, h, nil, nil, s.set.last("name"))
	}
	return r.ID, err
}

func tagged(ref string) string {
	if at := strings.LastIndex(ref, ":"); at < 0 || strings.Contains(ref[at:], "/") {
		return ref + ":latest"
	}
	return ref
}

// run makes a container and starts it; without -d it prints what the first
// process prints and ends as it.
func run(s *session) error {
	id, err := s.made()
	if err != nil {
		s.Errorf("docker: %s.\nSee 'docker run --help'.\n", strings.TrimSuffix(err.Error(), "."))
		return exit(125)
	}
	if !s.set.has("detach") {
		if err := s.foreground(id, s.set.has("interactive"), s.set.has("tty")); err != nil {
			return s.unstarted(err)
		}
		return nil
	}
	if err := s.api.ContainerStart(s.Context(), id, container.StartOptions{}); err != nil {
		s.Printf("%s\n", id)
		return s.unstarted(err)
	}
	s.Printf("%s\n", id)
	return nil
}

// unstarted says why a container did not start, with the status that docker
// run has then.
func (s *session) unstarted(err error) error {
	status, already := err.(exit) //nolint:errorlint // never wrapped
	if already {
		return status
	}
	s.Errorf("docker: %s.\n", strings.TrimSuffix(err.Error(), "."))
	switch said := err.Error(); {
	case strings.Contains(said, "executable file not found"), strings.Contains(said, "no such file or directory"):
		return exit(127)
	case strings.Contains(said, "permission denied"), strings.Contains(said, "is a directory"):
		return exit(126)
	}
	return exit(125)
}

// foreground starts a container and is its terminal until it ends.
func (s *session) foreground(id string, input, tty bool) error {
	ctx := s.Context()
	conn, err := s.api.ContainerAttach(ctx, id, container.AttachOptions{Stream: true, Stdin: input, Stdout: true, Stderr: true})
	if err != nil {
		return err
	}
	defer conn.Close()
	over, broke := s.api.ContainerWait(ctx, id, container.WaitConditionNextExit)
	if err := s.api.ContainerStart(ctx, id, container.StartOptions{}); err != nil {
		return err
	}
	if input {
		done := s.pump(conn)
		defer done()
	}
	if tty {
		_, err = copyAll(s.Stdout(), conn.Reader)
	} else {
		_, err = stdcopy.StdCopy(s.Stdout(), s.Stderr(), conn.Reader)
	}
	if err != nil && ctx.Err() == nil {
		return err
	}
	select {
	case r := <-over:
		if r.StatusCode != 0 {
			return exit(r.StatusCode)
		}
		return nil
	case err := <-broke:
		return err
	}
}

// described reads the flags of run and create.
func (s *session) described() (*container.Config, *container.HostConfig, error) {
	c := &container.Config{
		Image: s.args[0], Cmd: s.args[1:], Hostname: s.set.last("hostname"), User: s.set.last("user"), WorkingDir: s.set.last("workdir"),
		Tty: s.set.has("tty"), OpenStdin: s.set.has("interactive"), AttachStdout: !s.set.has("detach"), AttachStderr: !s.set.has("detach"),
		StopSignal: s.set.last("stop-signal"), Labels: map[string]string{}, Volumes: map[string]struct{}{},
	}
	c.StdinOnce = c.OpenStdin && !s.set.has("detach")
	if v, given := s.set["entrypoint"]; given {
		c.Entrypoint = []string{}
		if v[len(v)-1] != "" {
			c.Entrypoint = []string{v[len(v)-1]}
		}
	}
	for _, pair := range s.set["env"] {
		if name, _, ok := strings.Cut(pair, "="); !ok {
			if value, set := s.Env[name]; set {
				c.Env = append(c.Env, name+"="+value)
			}
			continue
		}
		c.Env = append(c.Env, pair)
	}
	for _, pair := range s.set["label"] {
		name, value, _ := strings.Cut(pair, "=")
		c.Labels[name] = value
	}
	if n, err := strconv.Atoi(s.set.last("stop-timeout")); err == nil {
		c.StopTimeout = &n
	}
	if s.set.has("health-cmd") {
		c.Healthcheck = &container.HealthConfig{Test: []string{"CMD-SHELL", s.set.last("health-cmd")}}
		c.Healthcheck.Interval, _ = time.ParseDuration(s.set.last("health-interval"))
		c.Healthcheck.Timeout, _ = time.ParseDuration(s.set.last("health-timeout"))
		c.Healthcheck.StartPeriod, _ = time.ParseDuration(s.set.last("health-start-period"))
		c.Healthcheck.Retries, _ = strconv.Atoi(s.set.last("health-retries"))
	}
	if s.set.has("no-healthcheck") {
		c.Healthcheck = &container.HealthConfig{Test: []string{"NONE"}}
	}
	h, err := s.hostConfig(c)
	return c, h, err
}

func (s *session) hostConfig(c *container.Config) (*container.HostConfig, error) {
	h := &container.HostConfig{AutoRemove: s.set.has("rm"), Privileged: s.set.has("privileged"), PidMode: container.PidMode(s.set.last("pid")), NetworkMode: container.NetworkMode(s.set.last("network"))}
	if h.NetworkMode == "" {
		h.NetworkMode = container.NetworkMode(s.set.last("net"))
	}
	if s.set.has("init") {
		yes := true
		h.Init = &yes
	}
	var err error
	if h.RestartPolicy, err = restartPolicy(s.set.last("restart")); err != nil {
		return nil, err
	}
	if c.ExposedPorts, h.PortBindings, err = nat.ParsePortSpecs(s.set["publish"]); err != nil {
		return nil, err
	}
	for _, p := range s.set["expose"] {
		port, err := nat.NewPort("tcp", strings.TrimSuffix(p, "/tcp"))
		if err != nil {
			return nil, err
		}
		c.ExposedPorts[port] = struct{}{}
	}
	for _, v := range s.set["volume"] {
		if !strings.Contains(v, ":") {
			c.Volumes[v] = struct{}{}
			continue
		}
		if strings.HasPrefix(v, ".") {
			v = s.Dir + "/" + v
		}
		h.Binds = append(h.Binds, v)
	}
	for _, m := range s.set["mount"] {
		h.Mounts = append(h.Mounts, mountOf(m))
	}
	for _, u := range s.set["ulimit"] {
		limit, err := units.ParseUlimit(u)
		if err != nil {
			return nil, err
		}
		h.Ulimits = append(h.Ulimits, limit)
	}
	for _, o := range s.set["log-opt"] {
		name, value, _ := strings.Cut(o, "=")
		if h.LogConfig.Config == nil {
			h.LogConfig.Config = map[string]string{}
		}
		h.LogConfig.Config[name] = value
	}
	h.LogConfig.Type = s.set.last("log-driver")
	return h, nil
}

func mountOf(words string) mount.Mount {
	m := mount.Mount{Type: mount.TypeVolume}
	for _, w := range strings.Split(words, ",") {
		key, value, _ := strings.Cut(w, "=")
		switch key {
		case "type":
			m.Type = mount.Type(value)
		case "source", "src":
			m.Source = value
		case "target", "dst", "destination":
			m.Target = value
		case "readonly", "ro":
			m.ReadOnly = true
		}
	}
	return m
}

func restartPolicy(word string) (container.RestartPolicy, error) {
	name, most, given := strings.Cut(word, ":")
	p := container.RestartPolicy{Name: container.RestartPolicyMode(name)}
	if given {
		n, err := strconv.Atoi(most)
		if err != nil {
			return p, fmt.Errorf("maximum retry count must be an integer")
		}
		p.MaximumRetryCount = n
	}
	return p, nil
}
