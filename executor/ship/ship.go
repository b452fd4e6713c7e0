package ship

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"slices"
	"sync"
	"time"

	"vmqbot/answer"
	"vmqbot/executor/engine"
	"vmqbot/executor/stock"
	"vmqbot/executor/wire"
	"vmqbot/facts"
	"vmqbot/ops"
	"vmqbot/regions"
	"vmqbot/secret"
)

// Host is the ssh connection to a host, as far as shipping needs it.
type Host interface {
	Run(ctx context.Context, argv []secret.Word, line func(string)) (answer.Answer, error)
	Listen(ctx context.Context, addr string) (net.Listener, error)
	WriteFile(ctx context.Context, name string, content []byte, mode fs.FileMode) error
	Append(ctx context.Context, name string, from int64, content io.ReaderAt, size int64, told func(int64)) error
}

// OnWire makes a Host of the real ssh connection.
func OnWire(h *wire.Host) Host { return onWire{h} }

type onWire struct{ *wire.Host }

func (o onWire) Run(ctx context.Context, argv []secret.Word, line func(string)) (answer.Answer, error) {
	return o.Host.Run(ctx, argv, wire.RunOptions{Line: line, Cap: engine.Most})
}

// Shipper brings images. Its fields are set before it is used; it may then be
// used concurrently.
type Shipper struct {
	Stock  *stock.Stock
	Node   func(name string) (regions.Node, bool) // of the fleet file
	Relay  string                                 // the host that images pass through; "" for none
	Host   func(regions.Node) Host
	Engine func(regions.Node) *engine.Engine
	Pace   Pace

	heard func(bytes int64) // hears what comes of a source that pushes; nil where nobody asks
}

// Pace is how long a Shipper waits.
type Pace struct {
	Told  time.Duration // between two lines that say how far it is
	Poll  time.Duration // between two looks at a fetch
	Stall time.Duration // how long a fetch may stand still before the other way is taken
	Pause time.Duration // before the first of the tries after a cut; twice as long each time
	Tries int           // in a row that brought nothing
}

// Usual is the pace for a fleet. A host that restarts is away for a minute.
func Usual() Pace {
	return Pace{Told: 2 * time.Second, Poll: time.Second, Stall: time.Minute, Pause: time.Second, Tries: 8}
}

// longestPause is the longest that is waited before another try.
const longestPause = 30 * time.Second

// job is one image on its way to one host.
type job struct {
	*Shipper
	what ops.ShipImage
	to   regions.Node
	host Host
	eng  *engine.Engine
	line func(string)
}

// Ship brings the image and proves it by its id. An error with code Unseen says
// that the host was lost: the next call goes on where this one ended.
func (s *Shipper) Ship(ctx context.Context, to regions.Node, a ops.ShipImage, line func(string)) error {
	from, ok := s.Node(a.From)
	if !ok && a.Archive == "" {
		return ops.Errorf(ops.Invalid, "image list", "The fleet file names no node %q to bring the image from.", a.From)
	}
	to = through(to, s.Relay)
	j := &job{Shipper: s, what: a, to: to, host: s.Host(to), eng: s.Engine(to), line: oneByOne(line)}
	ahead := j.readAhead(ctx, through(from, s.Relay))
	defer ahead.end()
	var there facts.Stored
	err := j.again(ctx, func() (moved bool, err error) {
		there, ok, err = j.there(ctx)
		return false, err
	})
	if err == nil && !ok {
		err = j.bring(ctx, ahead)
	}
	if err != nil {
		return err
	}
	return j.again(ctx, func() (bool, error) {
		if slices.Contains(there.Tags, a.Image) && len(there.Pulled) == 0 {
			return false, nil
		}
		err := j.prove(ctx)
		for _, ref := range there.Pulled { // what a bot left that died behind a fetch
			if err == nil && ours(ref) {
				err = j.eng.RemoveImage(ctx, ref)
			}
		}
		return false, err
	})
}

// there looks whether the target has the image already.
func (j *job) there(ctx context.Context) (facts.Stored, bool, error) {
	s, containerd, ok, err := j.eng.Holds(ctx, j.what.ID)
	if containerd {
		err = ops.Errorf(ops.Refused, "image list "+j.to.Name, "Containerd keeps the images of %s, and what it calls an image's id is no proof of what is in it. Docker's own store is needed.", j.to.Host)
	}
	return s, ok && s.ID == j.what.ID, err
}

// oneByOne lets several goroutines say something.
func oneByOne(line func(string)) func(string) {
	var mu sync.Mutex
	return func(l string) {
		mu.Lock()
		defer mu.Unlock()
		line(l)
	}
}

// bring takes the one way or the other.
func (j *job) bring(ctx context.Context, from *reading) error {
	var have facts.Library
	err := j.again(ctx, func() (moved bool, err error) {
		have, err = j.eng.Library(ctx)
		return false, err
	})
	if err != nil {
		return err
	}
	i, shared, err := j.stocked(ctx, from, have)
	if err != nil {
		return err
	}
	j.line(fmt.Sprintf("%d of %d layers are on the host of %s; the others are %s", shared, len(i.Layers), j.to.Name, megabytes(i.Size(shared))))
	if shared == 0 {
		err := j.fetched(ctx, i)
		var other *noWay
		if !errors.As(err, &other) {
			return err
		}
		j.line("the engine cannot fetch it from the bot: " + other.Error() + "; it is brought as a file")
	}
	return j.staged(ctx, i, shared)
}

// prove looks whether the engine knows the image, and calls it by its name.
func (j *job) prove(ctx context.Context) error {
	got, err := j.eng.Image(ctx, j.what.ID)
	if err == nil && got.ID != j.what.ID {
		return ops.Errorf(ops.Failed, "image list "+j.to.Name, "What arrived at %s is %s, and not %s.", j.to.Host, got.ID, j.what.ID)
	}
	if err != nil {
		return err
	}
	return j.eng.Tag(ctx, j.what.ID, j.what.Image)
}

// noWay says why the first way is closed.
type noWay struct{ error }

// through leads a node's connection through the relay, unless the fleet file
// leads it another way already or the relay is the host itself.
func through(n regions.Node, relay string) regions.Node {
	if n.SSH.Jump == "" && relay != "" && relay != n.Host {
		n.SSH.Jump = relay
	}
	return n
}

// again does something that may be repeated, until its answer is certain. Tries
// that moved something count as the first.
func (j *job) again(ctx context.Context, do func() (moved bool, err error)) error {
	pause := j.Pace.Pause
	for try := 1; ; try++ {
		moved, err := do()
		if moved {
			try, pause = 1, j.Pace.Pause
		}
		if err == nil || !unseen(err) || try >= j.Pace.Tries || ctx.Err() != nil {
			return err
		}
		j.line(fmt.Sprintf("the connection to %s is lost (%v); once more", j.to.Host, err))
		select {
		case <-ctx.Done():
			return err
		case <-time.After(pause):
		}
		pause = min(2*pause, longestPause)
	}
}

// unseen reports an error after which nobody knows what is so, and after which
// it may go another time: a host that lets nobody in will not do so in a moment.
func unseen(err error) bool {
	switch wire.BlindOf(err) {
	case facts.LoginDenied, facts.BadHostKey, facts.NewHostKey:
		return false
	}
	var e *engine.Error
	return ops.CodeOf(err) == ops.Unseen || errors.As(err, &e) && (e.Unknown || e.Blind == facts.Unreachable || e.Blind == facts.TooLate || e.Blind == facts.Unreadable)
}
