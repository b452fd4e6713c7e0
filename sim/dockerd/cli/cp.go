package cli

import (
	"archive/tar"
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"strings"

	"github.com/containerd/errdefs"
	"github.com/docker/docker/api/types/container"
)

// cp copies a file, or a folder with what is in it, into or out of a
// container; - is an archive on the standard stream.
func cp(s *session) error {
	from, fromPath, out := strings.Cut(s.args[0], ":")
	to, toPath, in := strings.Cut(s.args[1], ":")
	switch {
	case in && !out:
		return s.into(s.args[0], to, toPath)
	case out && !in:
		return s.outOf(from, fromPath, s.args[1])
	case in:
		return errors.New("copying between containers is not supported")
	}
	return errors.New("must specify at least one container source")
}

func (s *session) into(from, name, to string) error {
	ctx := s.Context()
	if from == "-" {
		return s.copied(s.api.CopyToContainer(ctx, name, to, s.Stdin(), container.CopyToContainerOptions{}), name, to)
	}
	as := path.Base(path.Clean(from))
	if strings.HasSuffix(from, "/.") {
		as = "." // what is in the folder, not the folder
	}
	if stat, err := s.api.ContainerStatPath(ctx, name, to); err != nil || !stat.Mode.IsDir() {
		if err != nil && !errdefs.IsNotFound(err) {
			return err
		}
		if strings.HasSuffix(to, "/") {
			return s.copied(err, name, to)
		}
		as, to = path.Base(to), path.Dir(to) // under the new name
	}
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	if err := s.archive(w, from, as); err != nil {
		return err
	}
	if err := w.Close(); err != nil {
		return err
	}
	return s.copied(s.api.CopyToContainer(ctx, name, to, &b, container.CopyToContainerOptions{}), name, to)
}

func (s *session) copied(err error, name, at string) error {
	if errdefs.IsNotFound(err) && strings.Contains(err.Error(), "o such container") {
		return fmt.Errorf("Error: No such container:path: %s:%s", name, at) //nolint:staticcheck // docker's words
	}
	return err
}

// archive writes a file of the machine and what is below it.
func (s *session) archive(w *tar.Writer, name, as string) error {
	i, err := s.Stat(name)
	if err != nil {
		return fmt.Errorf("lstat %s: no such file or directory", name)
	}
	h := &tar.Header{Name: as, Mode: int64(i.Mode().Perm()), ModTime: i.ModTime()}
	if !i.IsDir() {
		body, err := s.ReadFile(name)
		if err != nil {
			return err
		}
		h.Typeflag, h.Size = tar.TypeReg, int64(len(body))
		if err := w.WriteHeader(h); err != nil {
			return err
		}
		_, err = w.Write(body)
		return err
	}
	h.Typeflag, h.Name = tar.TypeDir, as+"/"
	if err := w.WriteHeader(h); err != nil {
		return err
	}
	list, err := s.ReadDir(name)
	if err != nil {
		return err
	}
	for _, f := range list {
		if err := s.archive(w, path.Join(name, f.Name()), path.Join(as, f.Name())); err != nil {
			return err
		}
	}
	return nil
}

func (s *session) outOf(name, at, to string) error {
	body, stat, err := s.api.CopyFromContainer(s.Context(), name, at)
	if err != nil {
		if errdefs.IsNotFound(err) {
			return fmt.Errorf("Error: No such container:path: %s:%s", name, at) //nolint:staticcheck // docker's words
		}
		return err
	}
	defer body.Close() //nolint:errcheck // only read
	if to == "-" {
		_, err := io.Copy(s.Stdout(), body)
		return err
	}
	if stat.Mode&fs.ModeSymlink != 0 {
		return s.outOf(name, stat.LinkTarget, to)
	}
	if i, err := s.Stat(to); err == nil && i.IsDir() && !strings.HasSuffix(at, "/.") {
		to = path.Join(to, stat.Name)
	}
	r := tar.NewReader(body)
	for {
		h, err := r.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		_, rest, _ := strings.Cut(h.Name, "/")
		if err := s.put(path.Join(to, rest), h, r); err != nil {
			return err
		}
	}
}

func (s *session) put(to string, h *tar.Header, body io.Reader) error {
	switch h.Typeflag {
	case tar.TypeDir:
		return s.MkdirAll(to, fs.FileMode(h.Mode).Perm())
	case tar.TypeReg:
		d, err := s.Open(to, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, fs.FileMode(h.Mode).Perm())
		if err != nil {
			return err
		}
		_, err = io.Copy(s.Use(d), body)
		return errors.Join(err, d.Close())
	}
	return nil
}
