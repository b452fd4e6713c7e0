package build

import (
	"context"
	"errors"
	"path/filepath"
	"strings"

	"vmqbot/lab/outer"
	"vmqbot/lab/world"
)

// variant is an image that is made from the broker's by a recipe of
// files/broker, and the files that it copies.
type variant struct {
	tag, recipe string
	copies      []string
}

// variants come after the image that they are made from.
var variants = []variant{
	{world.OlderBroker, "older", nil},
	{world.NewerBroker, "newer", []string{"newer.txt"}},
	{world.BrokenBroker, "broken", []string{"broken.sh"}},
	{world.BadConfBroker, "badconf", nil},
	{world.NoBroker, "no-broker", nil},
	{world.NoShellBroker, "no-sh", nil},
	{world.ForeignBroker, "arm64", []string{"foreign"}},
}

// brokerRecipes is everything that the broker's images are made by, for a key.
func brokerRecipes() string {
	all, err := files.ReadDir("files/broker")
	if err != nil {
		panic(err) // it is a constant of this package
	}
	var text string
	for _, f := range all {
		text += f.Name() + "\n" + embedded("broker/"+f.Name())
	}
	return text
}

// brokerImages lays out the broker's image and those made from it.
func (b *Builder) brokerImages(ctx context.Context, root Artifact, standin, work string) ([]image, error) {
	dir := filepath.Join(work, "broker")
	if err := b.brokerTree(ctx, root, standin, filepath.Join(dir, "tree")); err != nil {
		return nil, err
	}
	images := []image{{dir, []string{world.BrokerImage}}}
	errs := []error{put(dir, "Dockerfile", embedded("broker/base.dockerfile"), 0o644)}
	for _, v := range variants {
		dir := filepath.Join(work, v.recipe)
		errs = append(errs, put(dir, "Dockerfile", embedded("broker/"+v.recipe+".dockerfile"), 0o644))
		for _, name := range v.copies {
			text := foreignProgram
			if name != "foreign" {
				text = embedded("broker/" + name)
			}
			errs = append(errs, put(dir, name, text, 0o755))
		}
		images = append(images, image{dir, []string{v.tag}})
	}
	return images, errors.Join(errs...)
}

// finish makes what no recipe can: the image that names another architecture,
// and the one that went through export and import as the runbook ships it.
func (b *Builder) finish(ctx context.Context, d outer.Daemon) error {
	inside := []string{"exec", "--interactive", storeBuilder}
	saved, err := d.Docker(ctx, append(inside, "docker", "save", world.ForeignBroker)...)
	if err != nil {
		return err
	}
	changed, err := rearchitect(strings.NewReader(saved), "arm64")
	if err != nil {
		return err
	}
	if _, err := d.DockerIn(ctx, changed, append(inside, "docker", "load")...); err != nil {
		return err
	}
	// The image without its new architecture has no name now.
	_, err = d.Docker(ctx, append(inside, "sh", "-ec", `
		docker image prune --force
		docker create --name runbook "$1"
		docker export runbook | docker import - "$2"
		docker rm runbook`, "sh", world.BrokerImage, world.ImportedBroker)...)
	return err
}
