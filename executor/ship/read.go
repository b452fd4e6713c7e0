package ship

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"time"

	"vmqbot/executor/stock"
	"vmqbot/facts"
	"vmqbot/ops"
	"vmqbot/regions"
)

// reading is the image on its way from the source into the stock. It begins
// before the target has told what it has: both take some round trips.
type reading struct {
	from   regions.Node
	cancel context.CancelFunc
	done   chan struct{}

	image stock.Image
	err   error
}

// readAhead begins, unless the stock has all of it. Whoever begins ends it.
func (j *job) readAhead(ctx context.Context, from regions.Node) *reading {
	ctx, cancel := context.WithCancel(ctx)
	r := &reading{from: from, cancel: cancel, done: make(chan struct{})}
	if i, ok, err := j.Stock.Image(j.what.ID); err == nil && ok && len(i.Missing(0)) == 0 {
		r.image = i
		close(r.done)
		return r
	}
	if j.what.Archive != "" { // read when it is known what the target lacks
		close(r.done)
		return r
	}
	go func() {
		defer close(r.done)
		image, err := j.find(ctx, from)
		if err == nil {
			r.image, err = j.pushed(ctx, from, image)
		}
		r.err = err
	}()
	return r
}

// end waits for it, and hurries it.
func (r *reading) end() {
	r.cancel()
	<-r.done
}

// stocked takes the image into the bot's stock, as far as it is not there and
// the target lacks it, and tells how many of the lowest layers the target has.
func (j *job) stocked(ctx context.Context, ahead *reading, have facts.Library) (i stock.Image, shared int, err error) {
	i, ok, err := j.Stock.Image(j.what.ID)
	if err != nil {
		return i, 0, err
	}
	if ok {
		if shared = have.Shared(ids(i)); len(i.Missing(shared)) == 0 {
			ahead.cancel()
			return i, shared, nil
		}
	}
	if j.what.Archive != "" {
		i, err = j.unpacked(ctx, have)
		return i, have.Shared(ids(i)), err
	}
	first := true
	err = j.again(ctx, func() (bool, error) {
		if first {
			first = false
			<-ahead.done
			i, err = ahead.image, ahead.err
		} else if image, findErr := j.find(ctx, ahead.from); findErr != nil {
			err = findErr
		} else {
			i, err = j.pushed(ctx, ahead.from, image)
		}
		var other *noWay
		if errors.As(err, &other) {
			j.line("the engine of " + ahead.from.Name + " cannot push it to the bot: " + other.Error() + "; it is read as a whole")
			i, err = j.saved(ctx, ahead.from, have)
		}
		return false, err
	})
	return i, have.Shared(ids(i)), err
}

// find looks what the source has.
func (j *job) find(ctx context.Context, from regions.Node) (facts.Stored, error) {
	lib, err := j.Engine(from).Library(ctx)
	if err != nil {
		return facts.Stored{}, err
	}
	image, ok := lib.Of(j.what.ID)
	switch {
	case lib.Containerd:
		err = ops.Errorf(ops.Refused, "image list "+from.Name, "Containerd keeps the images of %s, and what it calls an image's id is no proof of what is in it. Name another host with --from.", from.Host)
	case !ok:
		err = ops.Errorf(ops.Failed, "image list", "%s is not on the host of %s any more: it was removed or built anew since the plan was made.", ops.ShortID(j.what.ID), from.Name)
	}
	return image, err
}

// saved reads the image of the source's engine, once, from its beginning to its
// end: an engine saves an image as a whole.
func (j *job) saved(ctx context.Context, from regions.Node, have facts.Library) (i stock.Image, err error) {
	image, err := j.find(ctx, from)
	if err != nil {
		return i, err
	}
	m := newMeter(j.line, j.Pace.Told, "read of "+from.Name, image.Size)
	err = j.Engine(from).Save(ctx, image.ID, func(r io.Reader) error {
		i, err = j.Stock.Take(ctx, &metered{r, m}, image.ID, slices.Clone(image.Layers[have.Shared(image.Layers):]))
		if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) && ctx.Err() == nil {
			return &ops.Error{Code: ops.Failed, Msg: fmt.Sprintf("The image could not be read of %s: %v.", from.Host, err), Fix: "image list " + from.Name, Cause: err}
		}
		return err
	})
	return i, err
}

// unpacked reads the image of an archive on this machine.
func (j *job) unpacked(ctx context.Context, have facts.Library) (i stock.Image, err error) {
	f, err := os.Open(j.what.Archive)
	if err != nil {
		return i, ops.Errorf(ops.Failed, "", "The archive of images cannot be read: %v.", err)
	}
	defer f.Close() //nolint:errcheck // only read
	images, err := stock.Contents(f)
	at := slices.IndexFunc(images, func(c stock.Content) bool { return c.ID == j.what.ID })
	switch {
	case err != nil:
		return i, ops.Errorf(ops.Failed, "", "%s is no archive of docker save: %v.", j.what.Archive, err)
	case at < 0:
		return i, ops.Errorf(ops.Failed, "", "%s does not hold %s any more.", j.what.Archive, ops.ShortID(j.what.ID))
	}
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return i, err
	}
	layers := images[at].Layers
	i, err = j.Stock.Take(ctx, f, j.what.ID, layers[have.Shared(layers):])
	if err != nil && ctx.Err() == nil {
		err = ops.Errorf(ops.Failed, "", "%s: %v.", j.what.Archive, err)
	}
	return i, err
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
