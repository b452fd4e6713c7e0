package ship

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"vmqbot/executor/stock"
	"vmqbot/facts"
	"vmqbot/ops"
	"vmqbot/regions"
)

// stocked takes the image into the bot's stock, as far as it is not there and
// the target lacks it, and tells how many of the lowest layers the target has.
func (j *job) stocked(ctx context.Context, from regions.Node, have facts.Library) (i stock.Image, shared int, err error) {
	i, ok, err := j.Stock.Image(j.what.ID)
	if err != nil {
		return i, 0, err
	}
	if ok {
		if shared = have.Shared(ids(i)); len(i.Missing(shared)) == 0 {
			return i, shared, nil
		}
	}
	err = j.again(ctx, func() (bool, error) {
		i, shared, err = j.read(ctx, from, have)
		return false, err
	})
	return i, shared, err
}

// read reads the image of the source's engine, once, from its beginning to its
// end: an engine saves an image as a whole.
func (j *job) read(ctx context.Context, from regions.Node, have facts.Library) (i stock.Image, shared int, err error) {
	eng := j.Engine(from)
	lib, err := eng.Library(ctx)
	if err != nil {
		return i, 0, err
	}
	image, ok := lib.Of(j.what.ID)
	switch {
	case lib.Containerd:
		return i, 0, ops.Errorf(ops.Refused, "image list "+from.Name, "Containerd keeps the images of %s, and what it calls an image's id is no proof of what is in it. Name another host with --from.", from.Host)
	case !ok:
		return i, 0, ops.Errorf(ops.Failed, "image list", "%s is not on the host of %s any more: it was removed or built anew since the plan was made.", ops.ShortID(j.what.ID), from.Name)
	}
	shared = have.Shared(image.Layers)
	m := newMeter(j.line, j.Pace.Told, "read of "+from.Name, image.Size)
	err = eng.Save(ctx, image.ID, func(r io.Reader) error {
		i, err = j.Stock.Take(ctx, &metered{r, m}, image.ID, slices.Clone(image.Layers[shared:]))
		if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) && ctx.Err() == nil {
			return &ops.Error{Code: ops.Failed, Msg: fmt.Sprintf("The image could not be read of %s: %v.", from.Host, err), Fix: "image list " + from.Name, Cause: err}
		}
		return err
	})
	return i, shared, err
}

func ids(i stock.Image) []string {
	var all []string
	for _, l := range i.Layers {
		all = append(all, l.DiffID)
	}
	return all
}

// metered tells how far a stream is.
type metered struct {
	io.Reader
	m *meter
}

// Read reads and tells.
func (r *metered) Read(p []byte) (int, error) {
	n, err := r.Reader.Read(p)
	r.m.add(int64(n), time.Now())
	return n, err
}
