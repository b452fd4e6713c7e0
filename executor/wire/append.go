package wire

import (
	"context"
	"errors"
	"io"
	"os"
	"time"

	"github.com/pkg/sftp"
)

// Size is how long a file of the host is, in bytes. One that is not there is
// Blind Absent.
func (h *Host) Size(ctx context.Context, name string) (int64, error) {
	size := int64(0)
	err := h.files(ctx, "looking at "+name+" on "+h.String(), func(c *sftp.Client) error {
		info, err := c.Stat(name)
		if err == nil {
			size = info.Size()
		}
		return err
	})
	if err != nil {
		return 0, err
	}
	return size, nil
}

// Append makes a file of the host the beginning of what it was, from bytes
// long, and what content holds behind that. A file that is not there is made;
// only its owner may read it. told hears how far it is, in bytes of the whole.
//
// Bytes are sent in order and written in order: however it is cut, what the
// file holds is right as far as it goes, and the next call goes on from its
// size. Code Unseen means that it was cut.
func (h *Host) Append(ctx context.Context, name string, from int64, content io.ReaderAt, size int64, told func(int64)) error {
	tried := "writing " + name + " on " + h.String()
	rtt, _, err := h.Ping(ctx)
	if err != nil {
		return err
	}
	return h.files(ctx, tried, func(c *sftp.Client) error {
		f, err := c.OpenFile(name, os.O_WRONLY|os.O_CREATE)
		if err != nil {
			return err
		}
		err = f.Chmod(0o600)
		if err == nil {
			err = f.Truncate(from)
		}
		if err == nil {
			_, err = f.Seek(from, io.SeekStart)
		}
		if err == nil {
			_, err = f.ReadFromWithConcurrency(&counted{ctx, io.NewSectionReader(content, from, size-from), from, told}, inFlight(rtt))
		}
		if _, ok := c.HasExtension("fsync@openssh.com"); ok && err == nil {
			err = f.Sync()
		}
		return errors.Join(err, f.Close())
	})
}

// piece is how much sftp sends at once.
const piece = 32 << 10

// fast is the rate that a transfer keeps up with, in bytes per second.
const fast = 10 << 20

// inFlight is how many pieces are under way: enough for a fast line that is so
// long, and no more, for a cut loses them. A channel's window holds 64.
func inFlight(rtt time.Duration) int {
	return min(64, max(8, int(rtt.Seconds()*fast/piece)+1))
}

// counted tells how far a transfer is, and ends it with its caller.
type counted struct {
	ctx  context.Context //nolint:containedctx // a reader has no other place for it
	from io.Reader
	done int64
	told func(int64)
}

// Read reads and tells.
func (c *counted) Read(p []byte) (int, error) {
	if err := c.ctx.Err(); err != nil {
		return 0, err
	}
	n, err := c.from.Read(p)
	c.done += int64(n)
	c.told(c.done)
	return n, err
}

// Remove removes a file of the host; one that is not there is fine.
func (h *Host) Remove(ctx context.Context, name string) error {
	return h.files(ctx, "removing "+name+" on "+h.String(), func(c *sftp.Client) error {
		err := c.Remove(name)
		if errors.Is(err, os.ErrNotExist) {
			return nil
		}
		return err
	})
}
