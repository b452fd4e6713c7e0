package wire

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"

	"github.com/pkg/sftp"
)

// WriteFile replaces a file on the host in one step: a reader sees the old
// content or the new, never a part, whatever is cut. The file belongs to the
// ssh user afterwards, and a symbolic link is replaced by the file. The
// folder must exist. Code Unseen means that the connection was lost and the
// old or the new content is there.
func (h *Host) WriteFile(ctx context.Context, name string, content []byte, mode fs.FileMode) error {
	tried := "writing " + name + " on " + h.String()
	return h.files(ctx, tried, func(c *sftp.Client) error {
		if _, ok := c.HasExtension("posix-rename@openssh.com"); !ok {
			return errNoRename
		}
		temp := path.Join(path.Dir(name), "."+path.Base(name)+".vmqbot-"+rand.Text()[:10])
		err := fill(c, temp, content, mode)
		if err == nil {
			err = c.PosixRename(temp, name)
		}
		if err != nil {
			_ = c.Remove(temp)
		}
		return err
	})
}

var errNoRename = errors.New("the host's sftp server cannot replace a file in one step (posix-rename@openssh.com)")

// fill writes a new file and waits until it is on the disk, where the server can.
func fill(c *sftp.Client, name string, content []byte, mode fs.FileMode) error {
	f, err := c.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL)
	if err != nil {
		return err
	}
	err = f.Chmod(mode.Perm()) // before the content, which may be a secret
	if err == nil {
		_, err = f.Write(content)
	}
	if _, ok := c.HasExtension("fsync@openssh.com"); ok && err == nil {
		err = f.Sync()
	}
	return errors.Join(err, f.Close())
}

// ReadFile reads a file of the host that is no longer than limit bytes; a
// longer one is refused. A file that is not there is Blind Absent.
func (h *Host) ReadFile(ctx context.Context, name string, limit int64) ([]byte, error) {
	tried := "reading " + name + " on " + h.String()
	var content []byte
	err := h.files(ctx, tried, func(c *sftp.Client) error {
		f, err := c.Open(name)
		if err != nil {
			return err
		}
		defer func() { _ = f.Close() }()
		b, err := io.ReadAll(io.LimitReader(f, limit+1))
		if err == nil && int64(len(b)) > limit {
			err = fmt.Errorf("it is longer than %d bytes", limit)
		}
		content = b
		return err
	})
	if err != nil {
		return nil, err
	}
	return content, nil
}
