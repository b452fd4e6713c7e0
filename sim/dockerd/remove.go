package dockerd

import (
	"os"

	"github.com/docker/docker/api/types/container"
)

// Remove removes a container and its layer, with volumes also its anonymous
// volumes. One that runs is refused, or killed when forced.
func (c *Container) Remove(force, volumes bool) error {
	e := c.e
	e.mu.Lock()
	word, running, gone := c.st.word(), c.st.running, c.removed
	e.mu.Unlock()
	switch {
	case gone:
		return missing("No such container: %s", c.id)
	case running && !force:
		how := "Stop the container before attempting removal or force remove"
		if word == "paused" {
			how = "Unpause and then " + "stop the container before attempting removal or force remove"
		}
		return conflict("You cannot remove a %s container %s. %s", word, c.id, how)
	case running:
		_ = c.Kill("KILL") // it may end by itself meanwhile
	}
	c.op.Lock()
	defer c.op.Unlock()
	e.mu.Lock()
	defer e.mu.Unlock()
	if c.removed {
		return missing("No such container: %s", c.id)
	}
	if c.run != nil {
		return conflict("You cannot remove a running container %s. Stop the container before attempting removal or force remove", c.id)
	}
	c.removed = true
	delete(e.containers, c.id)
	for id, x := range e.execs {
		if x.c == c {
			delete(e.execs, id)
		}
	}
	_ = os.RemoveAll(e.real(dataRoot + "/overlay2/" + c.id))
	_ = os.RemoveAll(e.real(c.home()))
	for _, m := range c.mounts {
		if volumes && m.volume != "" && !m.named {
			_ = os.RemoveAll(e.real(dataRoot + "/volumes/" + m.volume))
			e.emit("volume", "destroy", m.volume, map[string]string{"driver": "local"})
		}
	}
	c.tell("destroy", nil)
	c.stir()
	c.log.close()
	return nil
}

// Rename gives it another name, which must be free.
func (c *Container) Rename(to string) error {
	e := c.e
	e.mu.Lock()
	defer e.mu.Unlock()
	if to == "" {
		return invalid("Neither old nor new names may be empty")
	}
	if to[0] == '/' {
		to = to[1:]
	}
	if to == c.name {
		return invalid("Renaming a container with the same name as its current name")
	}
	if err := e.free("/" + to); err != nil {
		no, _ := err.(*Error) //nolint:errorlint // free returns no other
		return refuse(no.Status, "Error when allocating new name: %s", no.Msg)
	}
	old := c.name
	c.name = to
	c.tell("rename", map[string]string{"oldName": "/" + old})
	return nil
}

// SetRestart changes the restart policy.
func (c *Container) SetRestart(p container.RestartPolicy) error {
	probe := container.HostConfig{RestartPolicy: p}
	if err := validate(&container.Config{}, &probe); err != nil {
		return err
	}
	c.e.mu.Lock()
	defer c.e.mu.Unlock()
	if p.Name != "" {
		c.host.RestartPolicy = p
	}
	c.tell("update", nil)
	return nil
}
