package build

import (
	"context"
	"os/exec"
	"strings"

	"vmqbot/lab/outer"
	"vmqbot/lab/world"
)

// rootImage is the root as an image of the outer Docker.
func rootImage(root Artifact) string { return "vmqbot-lab/root:" + root.Key }

// HostImage builds the host image in the outer Docker, when it lacks it, and
// drops the images of earlier trees.
func (b *Builder) HostImage(ctx context.Context, d outer.Daemon, p Parts) error {
	tag := "vmqbot-lab/host:" + p.Host.Key
	if _, err := d.Docker(ctx, "image", "inspect", tag); err == nil {
		return nil
	}
	if _, err := d.Docker(ctx, "image", "inspect", rootImage(p.Root)); err != nil {
		if err := feedTar(ctx, d, p.Root.Dir, "import", "-", rootImage(p.Root)); err != nil {
			return err
		}
	}
	if _, err := d.Docker(ctx, "build", "--tag", tag, "--tag", world.HostImage, p.Host.Dir); err != nil {
		return err
	}
	list, err := d.Docker(ctx, "image", "ls", "--format", "{{.Repository}}:{{.Tag}}")
	for _, image := range strings.Fields(list) {
		if image != tag && image != world.HostImage && image != rootImage(p.Root) {
			// One that a host still uses goes the next time.
			_, _ = d.Docker(ctx, "image", "rm", image)
		}
	}
	return err
}

// feedTar streams a directory as a tar into a docker command.
func feedTar(ctx context.Context, d outer.Daemon, dir string, args ...string) error {
	pack := exec.CommandContext(ctx, "tar", "--directory", dir, "--create", ".")
	tar, err := pack.StdoutPipe()
	if err != nil {
		return err
	}
	if err := pack.Start(); err != nil {
		return err
	}
	_, err = d.DockerIn(ctx, tar, args...)
	// tar must not wait for a reader that is gone.
	_ = tar.Close()
	wait := pack.Wait()
	if err != nil {
		return err
	}
	return wait
}
