package sim

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/docker/docker/api/types/container"

	"vmqbot/sim/dockerd"
	"vmqbot/sim/weavenet"
)

// weaveDocker is a host's Docker as Weave Net sees it.
type weaveDocker struct{ *dockerd.Engine }

func (d weaveDocker) Find(ref string) (weavenet.Container, error) {
	c, ok := d.Engine.Find(ref)
	if !ok {
		return weavenet.Container{}, fmt.Errorf("%w: %s", weavenet.ErrNoContainer, ref)
	}
	return seen(c), nil
}

func (d weaveDocker) All() []weavenet.Container {
	all := d.Engine.All()
	list := make([]weavenet.Container, len(all))
	for i, c := range all {
		list[i] = seen(c)
	}
	return list
}

func seen(c *dockerd.Container) weavenet.Container {
	return weavenet.Container{
		ID: c.ID(), Name: c.Name(), Image: c.Config().Image, State: c.Status(), PID: c.PID(), Net: c.Space(), HostNet: c.HostNet(), Finished: c.Finished(),
	}
}

var errDown = errors.New("Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?") //nolint:staticcheck // Docker's words

func (d weaveDocker) Ping() error {
	ready := d.Ready()
	if ready == nil {
		return errDown
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	return d.Await(ctx)
}

func (d weaveDocker) Create(s weavenet.Spec) (string, error) {
	config := container.Config{Image: s.Image, Cmd: s.Cmd, Env: s.Env, Labels: s.Labels}
	host := container.HostConfig{
		Binds: s.Binds, VolumesFrom: s.VolumesFrom, Privileged: s.Privileged,
		RestartPolicy: container.RestartPolicy{Name: container.RestartPolicyMode(s.Restart)},
	}
	if s.HostNet {
		host.NetworkMode = "host"
	}
	if s.HostPID {
		host.PidMode = "host"
	}
	c, err := d.Engine.Create(s.Name, config, host)
	if err != nil {
		return "", err
	}
	return c.ID(), nil
}

// on does something to a container.
func (d weaveDocker) on(ref string, do func(*dockerd.Container) error) error {
	c, ok := d.Engine.Find(ref)
	if !ok {
		return fmt.Errorf("%w: %s", weavenet.ErrNoContainer, ref)
	}
	return do(c)
}

func (d weaveDocker) Start(ref string) error {
	return d.on(ref, (*dockerd.Container).Start)
}

func (d weaveDocker) Stop(ref string) error {
	return d.on(ref, func(c *dockerd.Container) error {
		if !c.Up() {
			return fmt.Errorf("container %s is not running", ref)
		}
		return c.Stop(10 * time.Second)
	})
}

func (d weaveDocker) Kill(ref string) error {
	return d.on(ref, func(c *dockerd.Container) error { return c.Kill("KILL") })
}

func (d weaveDocker) Remove(ref string) error {
	return d.on(ref, func(c *dockerd.Container) error { return c.Remove(true, true) })
}
