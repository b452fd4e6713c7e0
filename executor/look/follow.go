package look

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"vmqbot/facts"
	"vmqbot/ops"
	"vmqbot/regions"
)

// How a log is followed, where Options say nothing else.
const (
	followEvery   = 500 * time.Millisecond // between two questions; a round trip each
	followLate    = 10 * time.Second       // how long one answer may take
	followAtMost  = 4 * time.Second        // between two tries while nothing can be read
	followAtLeast = time.Second
)

var _ ops.Follower = (*Looker)(nil)

// following is one node whose logs are followed. It asks again and again instead
// of holding a stream open: so a question that is not answered is a cut line, and
// whoever was cut goes on where they were.
type following struct {
	*seat
	node regions.Node
	tail ops.Tail
	hear func(ops.Heard)
	now  func() time.Time

	pipe   io.ReadWriteCloser // to the script; nil before it runs
	out    *bufio.Reader
	spots  []spot
	begun  map[string]bool // files of which something was heard
	first  bool            // nothing was heard yet: what is there was there before
	docker bool            // what the container wrote is followed, and no file
	since  time.Time       // when Docker received the last line
	same   int             // how many lines it received at that instant
}

// Follow implements ops.Follower.
func (l *Looker) Follow(ctx context.Context, n regions.Node, what ops.Tail, hear func(ops.Heard)) {
	f := &following{seat: l.seat(n), node: n, tail: what, hear: hear, now: l.opt.Now, begun: map[string]bool{}, first: true, docker: what.Plain || n.Volumes.Log == ""}
	for _, name := range what.Files {
		f.spots = append(f.spots, spot{name: name, was: "-", from: what.From})
	}
	defer func() {
		if f.pipe != nil {
			f.drop(f.pipe)()
		}
	}()
	for pause := followAtLeast; ctx.Err() == nil; {
		more, err := f.round(ctx)
		switch {
		case ctx.Err() != nil:
		case err != nil:
			hear(ops.Heard{Node: n.Name, Trouble: f.trouble(err), At: f.now()})
			waitFor(ctx, pause)
			pause = min(2*pause, followAtMost)
		default:
			pause = followAtLeast
			if !more {
				waitFor(ctx, l.opt.Follow)
			}
		}
	}
}

// round asks once.
func (f *following) round(ctx context.Context) (more bool, err error) {
	ctx, cancel := context.WithTimeout(ctx, followLate)
	defer cancel()
	if !f.docker {
		if more, err = f.files(ctx); err != nil || len(f.begun) > 0 {
			f.first = f.first && err != nil
			return more, err
		}
	}
	if err = f.container(ctx); err == nil {
		f.docker = true // as the verb that follows nothing: the folder holds no log
	}
	return false, err
}

// grew tells what came of a file. The first time, what is there is told even if
// it is nothing.
func (f *following) grew(s *spot, t gain) {
	if !t.found {
		return
	}
	file := s.name + ".log"
	f.hear(ops.Heard{Node: f.node.Name, File: file, Lines: t.lines, Begin: f.first && !f.begun[file], At: f.now()})
	f.begun[file] = true
}

// container tells what the container wrote since the last time, in this life and
// in earlier ones.
func (f *following) container(ctx context.Context) error {
	lines, err := f.seat.docker.LogsSince(ctx, f.node.Container, f.since, f.tail.Lines)
	if err != nil {
		return err
	}
	h, skip := ops.Heard{Node: f.node.Name, Begin: !f.begun[""], At: f.now()}, f.same
	for _, line := range lines {
		switch {
		case line.At.Before(f.since):
			continue
		case line.At.Equal(f.since) && skip > 0:
			skip--
			continue
		case !line.At.Equal(f.since):
			f.since, f.same = line.At, 0
		}
		f.same++
		h.Lines = append(h.Lines, line.Text)
	}
	f.begun[""] = true
	f.hear(h)
	return nil
}

func (f *following) trouble(err error) string {
	if errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled) {
		return fmt.Sprintf("no answer from %s within %s.", f.name, followLate)
	}
	if b := blind(err); b == facts.Failed {
		return fmt.Sprintf("the log of %s could not be read (%v).", f.node.Name, err)
	}
	return err.Error()
}

// drop closes a pipe.
func (f *following) drop(pipe io.Closer) func() { return func() { _ = pipe.Close() } }

// waitFor waits, unless ctx ends.
func waitFor(ctx context.Context, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
	case <-ctx.Done():
	}
}
