package engine

import (
	"archive/tar"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"
	"time"

	"github.com/docker/docker/api/types/container"
	"github.com/docker/docker/client"

	"vmqbot/facts"
	"vmqbot/ops"
)

// MostFile is the largest file that Get reads, in bytes.
const MostFile = 1 << 20

// mostLinks is how many symbolic links in a row are followed.
const mostLinks = 8

// Put replaces files in a folder of a container, which must be there: in its
// image or as a mount. The container may run, be stopped, or never have been
// started; files in a mounted folder land on the host. They belong to root. A
// reader may see one of them missing or half written for a moment. Folders in
// memory (/dev/shm and other tmpfs) cannot be reached this way.
func (e *Engine) Put(ctx context.Context, name, dir string, files []ops.File) error {
	doing := "put files into " + name + ":" + dir
	archive, err := pack(files)
	if err != nil {
		return e.errorf(facts.Failed, nil, "Docker on "+e.name+" was not asked to "+doing+": "+err.Error()+".")
	}
	return e.change(ctx, startTime, doing, func(ctx context.Context, c *client.Client) error {
		return c.CopyToContainer(ctx, name, dir, bytes.NewReader(archive), container.CopyToContainerOptions{})
	})
}

func pack(files []ops.File) ([]byte, error) {
	var b bytes.Buffer
	w, now := tar.NewWriter(&b), time.Now()
	for _, f := range files {
		if f.Name == "" || f.Name == "." || f.Name == ".." || strings.ContainsAny(f.Name, "/\x00") {
			return nil, fmt.Errorf("%q is no name of a file in a folder", f.Name)
		}
		body := f.Content.Reveal()
		head := tar.Header{Name: f.Name, Size: int64(len(body)), Mode: int64(f.Mode & 0o7777), ModTime: now}
		if err := w.WriteHeader(&head); err != nil {
			return nil, err
		}
		if _, err := io.WriteString(w, body); err != nil {
			return nil, err
		}
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// Get reads one file of a container, which need not run; symbolic links are
// followed. The error's Blind is Absent when there is no such file or no such
// container, and Unreadable when it is no file or holds more than MostFile.
func (e *Engine) Get(ctx context.Context, name, path string) ([]byte, error) {
	at := path
	for range mostLinks {
		f, err := call(ctx, e, "read "+path+" in "+name, func(ctx context.Context, c *client.Client) (found, error) {
			return fetch(ctx, c, name, at)
		})
		if err != nil {
			return nil, err
		}
		switch {
		case f.link != "":
			at = f.link
		case f.why != "":
			return nil, e.errorf(facts.Unreadable, nil, path+" in "+name+" on "+e.name+" "+f.why+": look with `docker cp "+name+":"+path+" -`.")
		default:
			return f.body, nil
		}
	}
	return nil, e.errorf(facts.Unreadable, nil, path+" in "+name+" on "+e.name+" is a symbolic link that leads nowhere: look with `docker cp "+name+":"+path+" -`.")
}

// found is what is at a path: a file's content, where a link leads, or why it
// is not read.
type found struct {
	body []byte
	link string
	why  string
}

func fetch(ctx context.Context, c *client.Client, name, path string) (found, error) {
	src, stat, err := c.CopyFromContainer(ctx, name, path)
	if err != nil {
		return found{}, err
	}
	defer src.Close() //nolint:errcheck // nothing was written
	switch {
	case stat.Mode&fs.ModeSymlink != 0:
		return found{link: stat.LinkTarget}, nil
	case !stat.Mode.IsRegular():
		return found{why: "is no file"}, nil
	case stat.Size > MostFile:
		return found{why: fmt.Sprintf("holds %d bytes, more than the %d that are read", stat.Size, MostFile)}, nil
	}
	r := tar.NewReader(src)
	head, err := r.Next()
	if err != nil {
		return found{}, err
	}
	body, err := io.ReadAll(io.LimitReader(r, MostFile+1))
	if err != nil {
		return found{}, err
	}
	if head.Typeflag != tar.TypeReg || int64(len(body)) != head.Size {
		return found{}, errors.New("the file changed while it was read")
	}
	_, err = io.Copy(io.Discard, io.LimitReader(src, 64<<10)) // what is left belongs to the archive; the connection is used again
	return found{body: body}, err
}
