package ship

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"vmqbot/answer"
	"vmqbot/executor/stock"
	"vmqbot/ops"
	"vmqbot/secret"
)

// staged brings the missing layers as one file and has the engine load it. A
// file that was cut stays, also when the bot dies: the same image makes the same
// file, and the next try goes on where it ends.
func (j *job) staged(ctx context.Context, i stock.Image, shared int) error {
	a, err := j.Stock.Archive(i, shared)
	if err != nil {
		return err
	}
	defer a.Close() //nolint:errcheck // only read
	name := ".vmqbot-image-" + a.SHA256[:16] + ".part"
	m := newMeter(j.line, j.Pace.Told, "brought", a.Size)
	err = j.again(ctx, func() (bool, error) {
		at, err := j.whole(ctx, name, a)
		if err != nil || at == a.Size {
			return false, err
		}
		far := at
		err = j.host.Append(ctx, name, at, a, a.Size, func(done int64) {
			far = done
			m.at(done, time.Now())
		})
		if err == nil {
			at, err = j.whole(ctx, name, a)
		}
		if err == nil && at < a.Size {
			err = ops.Errorf(ops.Failed, "diagnose "+j.to.Name, "What arrived at %s is not what was sent: its disk or its sftp server is not to be trusted.", j.to.Host)
		}
		return far > at, err
	})
	if err != nil {
		return j.given(ctx, name, err)
	}
	j.line("\rwhole; the engine of " + j.to.Name + " loads it")
	first := true
	err = j.again(ctx, func() (bool, error) {
		err := j.load(ctx, name, first)
		first = false
		return false, err
	})
	if err != nil && ctx.Err() == nil && unseen(err) {
		return err
	}
	return errors.Join(err, j.remove(ctx, name))
}

// remove takes the file away, whatever became of ctx.
func (j *job) remove(ctx context.Context, name string) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), clearTime)
	defer cancel()
	a, err := j.host.Run(ctx, secret.Words("rm", "-f", "--", name), nil)
	if err == nil && a.Exit != 0 {
		err = ops.Errorf(ops.Failed, "diagnose "+j.to.Name, "%s stays on %s: %s.", name, j.to.Host, lastLine(a))
	}
	return err
}

// given decides what stays of a file that did not become whole: one that was cut
// does, one that fills a disk does not.
func (j *job) given(ctx context.Context, name string, err error) error {
	switch {
	case ctx.Err() != nil:
		return ended(ctx, j.to.Name)
	case unseen(err):
		return err
	}
	clear, cancel := context.WithTimeout(context.WithoutCancel(ctx), clearTime)
	defer cancel()
	removed := j.remove(ctx, name)
	// sftp knows no error of its own for a full disk.
	if d, dfErr := j.host.Run(clear, secret.Words("df", "-Pk", "--", "."), nil); dfErr == nil && (strings.Contains(err.Error(), noSpace) || strings.Contains(err.Error(), "SSH_FX_FAILURE")) {
		return errors.Join(full(j.to.Host, lastLine(d)), removed)
	}
	return errors.Join(err, removed)
}

func lastLine(a answer.Answer) string {
	said := strings.TrimSpace(a.Stdout + a.Stderr)
	return said[strings.LastIndexByte(said, '\n')+1:]
}

// whole is how much of the file on the host is right: all that it holds, or
// nothing.
func (j *job) whole(ctx context.Context, name string, a *stock.Archive) (int64, error) {
	got, err := j.host.Run(ctx, secret.Words("sh", "-c", lookPart, name), nil)
	if err != nil || got.Exit != 0 {
		return 0, err
	}
	var size int64
	var sum string
	if n, _ := fmt.Sscan(got.Stdout, &size, &sum); n < 2 || size <= 0 || size > a.Size {
		return 0, nil // what says nothing is begun anew
	}
	if want, err := a.Prefix(size); err != nil || sum != want {
		return 0, err
	}
	return size, nil
}

// lookPart tells how long a file is, and its digest: one round trip.
const lookPart = `[ -f "$0" ] && wc -c <"$0" && sha256sum <"$0"`

// load has the engine load the file, unless it did in a try before.
func (j *job) load(ctx context.Context, name string, first bool) error {
	if !first {
		if _, err := j.eng.Image(ctx, j.what.ID); err == nil || unseen(err) {
			return err
		}
	}
	a, err := j.host.Run(ctx, secret.Words("docker", "load", "-q", "-i", name), nil)
	if err != nil {
		return err
	}
	said := strings.TrimSpace(a.Stderr + a.Stdout)
	switch {
	case a.Exit == 0:
		return nil
	case strings.Contains(said, noSpace):
		return full(j.to.Host, said)
	}
	return &ops.Error{Code: ops.Failed, Msg: fmt.Sprintf("Docker on %s does not load the image: %s.", j.to.Host, said), Fix: "image list " + j.to.Name}
}
