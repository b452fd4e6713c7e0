package engine

import (
	"context"
	"io/fs"

	"github.com/docker/docker/api/types/container"
	"github.com/docker/docker/api/types/image"
	"github.com/docker/docker/api/types/system"
	"github.com/docker/docker/client"

	"vmqbot/facts"
)

// Arch is the processor of the engine's host, as Go names it.
func (e *Engine) Arch(ctx context.Context) (string, error) {
	info, err := call(ctx, e, "describe itself", func(ctx context.Context, c *client.Client) (system.Info, error) {
		return c.Info(ctx)
	})
	return goArch(info.Architecture), err
}

// Root is the folder of the host in which the engine keeps images, containers
// and volumes.
func (e *Engine) Root(ctx context.Context) (string, error) {
	info, err := call(ctx, e, "say where it keeps its files", func(ctx context.Context, c *client.Client) (system.Info, error) {
		return c.Info(ctx)
	})
	return info.DockerRootDir, err
}

// goArch translates the kernel's name of a processor; images use Go's.
func goArch(machine string) string {
	switch machine {
	case "x86_64":
		return "amd64"
	case "aarch64":
		return "arm64"
	case "armv7l", "armv6l":
		return "arm"
	case "i386", "i686":
		return "386"
	}
	return machine
}

// Image describes one image of the host by reference or id. The error's Blind
// is Absent when the host does not have it.
func (e *Engine) Image(ctx context.Context, ref string) (facts.ImageDetail, error) {
	r, err := call(ctx, e, "describe the image "+ref, func(ctx context.Context, c *client.Client) (image.InspectResponse, error) {
		return c.ImageInspect(ctx, ref)
	})
	if err != nil {
		return facts.ImageDetail{}, err
	}
	return detail(r), nil
}

func detail(r image.InspectResponse) facts.ImageDetail {
	d := facts.ImageDetail{ID: r.ID, Arch: r.Architecture, OS: r.Os, Size: r.Size, Created: when(r.Created), Comment: r.Comment}
	if r.Config != nil {
		d.User, d.Entrypoint, d.Cmd, d.Labels = r.Config.User, r.Config.Entrypoint, r.Config.Cmd, r.Config.Labels
	}
	return d
}

// LayerSize is how many bytes lie in a container's own layer: what it has
// written outside of its volumes since it was created. It need not run.
func (e *Engine) LayerSize(ctx context.Context, name string) (int64, error) {
	r, err := call(ctx, e, "measure "+name, func(ctx context.Context, c *client.Client) (container.InspectResponse, error) {
		r, _, err := c.ContainerInspectWithRaw(ctx, name, true)
		return r, err
	})
	if err != nil {
		return 0, err
	}
	if r.ContainerJSONBase == nil || r.SizeRw == nil {
		return 0, e.errorf(facts.Unreadable, nil, "Docker on "+e.name+" did not say how large "+name+" is: ask it with `docker ps -a --size`.")
	}
	return *r.SizeRw, nil
}

// Folder finds a folder of a container, which need not run, and returns its
// path after symbolic links. The error's Blind is Absent when it is not there,
// Unreadable when it is no folder.
func (e *Engine) Folder(ctx context.Context, name, path string) (string, error) {
	at := path
	for range mostLinks {
		stat, err := call(ctx, e, "look at "+path+" in "+name, func(ctx context.Context, c *client.Client) (container.PathStat, error) {
			return c.ContainerStatPath(ctx, name, at)
		})
		switch {
		case absent(err): // the answer to this question has no words
			return "", e.errorf(facts.Absent, err, "there is no "+path+" in "+name+" on "+e.name+": look with `docker inspect "+name+"`.")
		case err != nil:
			return "", err
		case stat.Mode.IsDir():
			return at, nil
		case stat.Mode&fs.ModeSymlink == 0 || stat.LinkTarget == at:
			return "", e.errorf(facts.Unreadable, nil, path+" in "+name+" on "+e.name+" is no folder: look with `docker inspect "+name+"`.")
		}
		at = stat.LinkTarget
	}
	return "", e.errorf(facts.Unreadable, nil, path+" in "+name+" on "+e.name+" is a symbolic link that leads nowhere.")
}
