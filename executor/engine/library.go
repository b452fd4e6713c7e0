package engine

import (
	"context"
	"slices"
	"sync"

	"github.com/docker/docker/api/types/image"
	"github.com/docker/docker/api/types/system"
	"github.com/docker/docker/client"

	"vmqbot/facts"
)

// snapshotter is what Docker's driver status says where containerd keeps the
// images.
const snapshotter = "io.containerd.snapshotter.v1"

// Library describes the engine's images, each whole. What goes while it is read
// is left out.
func (e *Engine) Library(ctx context.Context) (facts.Library, error) {
	info, err := call(ctx, e, "describe itself", func(ctx context.Context, c *client.Client) (system.Info, error) {
		return c.Info(ctx)
	})
	if err != nil {
		return facts.Library{}, err
	}
	l := facts.Library{Arch: goArch(info.Architecture), Root: info.DockerRootDir, Containerd: containerd(info)}
	list, err := e.shelf(ctx, &l)
	if err != nil {
		return l, err
	}
	var all sync.WaitGroup
	errs, whole := make([]error, len(list)), make([]facts.Stored, len(list))
	for i, short := range list {
		all.Go(func() { whole[i], errs[i] = e.stored(ctx, short.ID) })
	}
	all.Wait()
	for i, err := range errs {
		switch {
		case absent(err):
		case err != nil:
			return l, err
		default:
			l.Images = append(l.Images, whole[i])
		}
	}
	return l, nil
}

// shelf lists the images that stand for themselves, and notes those beneath them.
func (e *Engine) shelf(ctx context.Context, l *facts.Library) ([]image.Summary, error) {
	list, err := call(ctx, e, "list the images", func(ctx context.Context, c *client.Client) ([]image.Summary, error) {
		return c.ImageList(ctx, image.ListOptions{All: true})
	})
	parents := map[string]bool{}
	for _, i := range list {
		parents[i.ParentID] = true
	}
	return slices.DeleteFunc(list, func(i image.Summary) bool {
		named := slices.ContainsFunc(i.RepoTags, func(t string) bool { return t != "<none>:<none>" }) // so Docker before 24 lists what has no reference
		beneath := parents[i.ID] && !named
		if beneath {
			l.Beneath = append(l.Beneath, i.ID)
		}
		return beneath
	}), err
}

func containerd(info system.Info) bool {
	return slices.ContainsFunc(info.DriverStatus, func(pair [2]string) bool { return slices.Contains(pair[:], snapshotter) })
}

// Holds describes one image by its id, in one round trip: ok is false where the
// engine does not have it.
func (e *Engine) Holds(ctx context.Context, id string) (s facts.Stored, inContainerd, ok bool, err error) {
	var asked sync.WaitGroup
	var infoErr error
	asked.Go(func() {
		var info system.Info
		info, infoErr = call(ctx, e, "describe itself", func(ctx context.Context, c *client.Client) (system.Info, error) { return c.Info(ctx) })
		inContainerd = containerd(info)
	})
	r, err := call(ctx, e, "describe the image "+id, func(ctx context.Context, c *client.Client) (image.InspectResponse, error) {
		return c.ImageInspect(ctx, id)
	})
	asked.Wait()
	if infoErr != nil || absent(err) {
		return s, inContainerd, false, infoErr
	}
	return asStored(r), inContainerd, err == nil, err
}

func asStored(r image.InspectResponse) facts.Stored {
	return facts.Stored{ImageDetail: detail(r), Tags: r.RepoTags, Pulled: r.RepoDigests, Layers: r.RootFS.Layers}
}

func (e *Engine) stored(ctx context.Context, id string) (facts.Stored, error) {
	r, err := call(ctx, e, "describe the image "+id, func(ctx context.Context, c *client.Client) (image.InspectResponse, error) {
		return c.ImageInspect(ctx, id)
	})
	if err != nil {
		return facts.Stored{}, err
	}
	s := asStored(r)
	past, err := call(ctx, e, "tell the history of "+id, func(ctx context.Context, c *client.Client) ([]image.HistoryResponseItem, error) {
		return c.ImageHistory(ctx, id)
	})
	for _, step := range slices.Backward(past) { // the newest step comes first
		if step.Size > 0 {
			s.Sizes = append(s.Sizes, step.Size)
		}
	}
	if len(s.Sizes) != len(s.Layers) { // a layer without a byte cannot be told from a step without a layer
		s.Sizes = nil
	}
	return s, err
}
