package wire

import (
	"context"
	"errors"
	"io"
	"os"

	"github.com/pkg/sftp"
)

// Append makes a file of the host the beginning of what it was, from bytes
// long, and what content holds behind that. A file that is not there is made;
// only its owner may read it. told hears how far it is, in bytes of the whole.
//
// Bytes are sent in order and written in order: however it is cut, what the
// file holds is right as far as it goes, and the next call goes on from its
// size. Code Unseen means that it was cut.
func (h *Host) Append(ctx context.Context, name string, from int64, content io.ReaderAt, size int64, told func(int64)) error {
	tried := "writing " + name + " on " + h.String()
	w := newWindow()
	stop := context.AfterFunc(ctx, w.end)
	defer stop()
	return h.filesWithin(ctx, tried, w, func(c *sftp.Client) error {
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
			_, err = f.ReadFromWithConcurrency(&counted{ctx, io.NewSectionReader(content, from, size-from), from, told, w}, most)
		}
		if _, ok := c.HasExtension("fsync@openssh.com"); ok && err == nil {
			err = f.Sync()
		}
		return errors.Join(err, f.Close())
	})
}

// counted tells how far a transfer is, and ends it with its caller.
type counted struct {
	ctx  context.Context //nolint:containedctx // a reader has no other place for it
	from io.Reader
	done int64
	told func(int64)
	w    *window
}

// Read reads and tells.
func (c *counted) Read(p []byte) (int, error) {
	if err := c.ctx.Err(); err != nil {
		return 0, err
	}
	c.w.enter()
	n, err := c.from.Read(p)
	c.done += int64(n)
	c.told(c.done)
	return n, err
}
