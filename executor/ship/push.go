package ship

import (
	"context"
	"crypto/rand"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"vmqbot/executor/engine"
	"vmqbot/executor/registry"
	"vmqbot/executor/stock"
	"vmqbot/executor/wire"
	"vmqbot/facts"
	"vmqbot/ops"
	"vmqbot/regions"
	"vmqbot/secret"
)

// pushed has the source's engine push the image to the bot, through a port of
// loopback there. What the stock has does not travel again, once the engine has
// learned its digest by a push; docker save would write and send all of it,
// unpacked. Its error is a *noWay where docker save may do.
func (j *job) pushed(ctx context.Context, from regions.Node, image facts.Stored) (i stock.Image, err error) {
	if !slices.ContainsFunc(image.Tags, func(ref string) bool { return !ours(ref) }) {
		return i, &noWay{errors.New("it has no reference there, and would go with the one that a push needs")}
	}
	host, eng, token := j.Host(from), j.Engine(from), rand.Text()
	l, err := host.Listen(ctx, "127.0.0.1:0")
	if wire.BlindOf(err) == facts.Denied {
		return i, &noWay{err}
	}
	if err != nil {
		return i, err
	}
	m := newMeter(j.line, j.Pace.Told, "read of "+from.Name, 0)
	intake := registry.NewIntake(j.Stock, image.ID, image.Layers, token, func(n int64) {
		m.add(n, time.Now())
		if j.heard != nil {
			j.heard(n)
		}
	})
	stop := serve(l, intake)
	ref := l.Addr().String() + "/" + registry.Name + ":" + ops.ShortID(image.ID)
	err = eng.Tag(ctx, image.ID, ref)
	if err == nil {
		err = eng.Push(ctx, ref, registry.User, secret.New(token))
	}
	stop()
	intake.Close()
	err = errors.Join(err, j.untag(ctx, eng, append(slices.Clone(image.Tags), ref)))
	switch {
	case ctx.Err() != nil:
		return i, ended(ctx, j.to.Name)
	case err != nil && unseen(err):
		return i, err
	case err != nil:
		return i, &noWay{err}
	}
	i, ok, err := j.Stock.Complete(image.ID)
	if err == nil && !ok {
		err = &noWay{errors.New("not all of it came")}
	}
	return i, err
}

// untag takes away the references by which images were pushed, also those that a
// bot left behind which died, and whatever became of ctx.
func (j *job) untag(ctx context.Context, eng *engine.Engine, refs []string) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), clearTime)
	defer cancel()
	var errs []error
	for _, ref := range refs {
		if ours(ref) {
			errs = append(errs, eng.RemoveImage(ctx, ref))
		}
	}
	return errors.Join(errs...)
}

// serve answers on a port until stop.
func serve(l net.Listener, h http.Handler) (stop func()) {
	server := &http.Server{Handler: h, ReadHeaderTimeout: time.Minute, ErrorLog: log.New(io.Discard, "", 0)}
	var serving sync.WaitGroup
	serving.Go(func() { _ = server.Serve(l) }) // until the connection dies, or the server is closed
	return func() {
		_ = server.Close()
		serving.Wait()
	}
}

// ours reports a reference by which an engine fetched from the registry in a bot,
// or pushed to it.
func ours(ref string) bool {
	_, rest, _ := strings.Cut(ref, "/")
	return strings.HasPrefix(ref, "127.0.0.1:") && (strings.HasPrefix(rest, registry.Name+"@") || strings.HasPrefix(rest, registry.Name+":"))
}
