package build

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"vmqbot/lab/outer"
	"vmqbot/lab/world"
)

// Parts are the artifacts that the image store of a region host is made from.
type Parts struct {
	Root, Weave, Host Artifact
	Standin, Digest   string
}

// Store is a directory with the image store of a region host: /var/lib/docker
// with Weave Net's images and the broker's, loaded by a host's own Docker.
// Copying it is faster than loading images into every host.
func (b *Builder) Store(ctx context.Context, d outer.Daemon, p Parts) (Artifact, error) {
	recipes := embedded("weave.dockerfile") + embedded("weaveexec.dockerfile") + embedded("weavedb.dockerfile") + brokerRecipes()
	key := keyOf(p.Host.Key, p.Digest, recipes, fmt.Sprint(weaveNeeds, weaveLinks, brokerLinks, twin, variants), foreignProgram)
	return b.once(ctx, "store", key, func(ctx context.Context, dir string) error {
		work, err := os.MkdirTemp(b.Places.Cache, "work-")
		if err != nil {
			return err
		}
		defer os.RemoveAll(work)
		images, err := b.weaveImages(ctx, p.Root, p.Weave, work)
		if err != nil {
			return err
		}
		brokers, err := b.brokerImages(ctx, p.Root, p.Standin, work)
		if err != nil {
			return err
		}
		return b.fill(ctx, d, dir, append(images, brokers...))
	})
}

const storeBuilder = world.Prefix + "store"

// fill starts a host whose Docker keeps its data in dir and builds the images there.
func (b *Builder) fill(ctx context.Context, d outer.Daemon, dir string, images []image) (err error) {
	if _, err := d.Docker(ctx, "rm", "--force", storeBuilder); err != nil {
		return err
	}
	_, err = d.Docker(ctx, "run", "--detach", "--privileged", "--name", storeBuilder, "--network", "none",
		"--tmpfs", "/run:exec,mode=755", "--stop-timeout", "60", "--env", "LAB_DOCKER=1",
		"--volume", dir+":/var/lib/docker", world.HostImage)
	if err != nil {
		return err
	}
	defer func() {
		_, stop := d.Docker(ctx, "stop", storeBuilder)
		_, remove := d.Docker(ctx, "rm", "--force", storeBuilder)
		// Two hosts must not share one Docker identity.
		err = errors.Join(err, stop, remove, os.RemoveAll(filepath.Join(dir, "engine-id")), os.RemoveAll(filepath.Join(dir, "key.json")))
	}()
	if err := d.AwaitInner(ctx, storeBuilder, 60*time.Second); err != nil {
		return err
	}
	for _, img := range images {
		for _, tag := range img.tags {
			if err := b.buildInside(ctx, d, img.dir, tag); err != nil {
				return err
			}
		}
	}
	return b.finish(ctx, d)
}

// buildInside builds an image with the builder's Docker.
func (b *Builder) buildInside(ctx context.Context, d outer.Daemon, dir, tag string) error {
	return feedTar(ctx, d, dir, "exec", "--interactive", "--env", "DOCKER_BUILDKIT=0", storeBuilder,
		"docker", "build", "--tag", tag, "-")
}
