package engine

import (
	"context"
	"strings"

	"github.com/docker/docker/api/types/container"
	"github.com/docker/docker/api/types/image"
	"github.com/docker/docker/client"

	"vmqbot/facts"
)

// Containers returns all containers, stopped ones too, with the fields that
// the engine's list has.
func (e *Engine) Containers(ctx context.Context) ([]facts.Container, error) {
	list, err := call(ctx, e, "list the containers", func(ctx context.Context, c *client.Client) ([]container.Summary, error) {
		return c.ContainerList(ctx, container.ListOptions{All: true})
	})
	if err != nil {
		return nil, err
	}
	all := make([]facts.Container, len(list))
	for i, s := range list {
		all[i] = fromSummary(s)
	}
	return all, nil
}

func fromSummary(s container.Summary) facts.Container {
	c := facts.Container{
		ID: s.ID, Image: s.Image, ImageID: s.ImageID, State: s.State, Status: s.Status,
		Running: s.State == container.StateRunning || s.State == container.StatePaused,
		Labels:  s.Labels, NetworkMode: s.HostConfig.NetworkMode, Mounts: mounts(s.Mounts),
		Published: map[int]int{},
	}
	for _, n := range s.Names { // a linked container has more names, with a path
		if name := strings.TrimPrefix(n, "/"); !strings.Contains(name, "/") {
			c.Name = name
		}
	}
	for _, p := range s.Ports {
		if p.PublicPort != 0 && p.Type == "tcp" {
			c.Published[int(p.PrivatePort)] = int(p.PublicPort)
		}
	}
	if s.NetworkSettings != nil {
		c.IP = firstIP(s.NetworkSettings.Networks)
	}
	return c
}

// Images returns the images of the host.
func (e *Engine) Images(ctx context.Context) ([]facts.Image, error) {
	list, err := call(ctx, e, "list the images", func(ctx context.Context, c *client.Client) ([]image.Summary, error) {
		return c.ImageList(ctx, image.ListOptions{})
	})
	if err != nil {
		return nil, err
	}
	all := make([]facts.Image, len(list))
	for i, s := range list {
		all[i] = facts.Image{ID: s.ID, Tags: s.RepoTags, Size: s.Size, Created: unix(s.Created)}
	}
	return all, nil
}
