package dockerd_test

import (
	"archive/tar"
	"errors"
	"io"
	"testing"

	"github.com/docker/go-connections/nat"
)

func portMap(inside, outside string) nat.PortMap {
	return nat.PortMap{nat.Port(inside): {{HostPort: outside}}}
}

// untar reads an archive into memory.
func untar(t *testing.T, from io.Reader) map[string][]byte {
	t.Helper()
	files, r := map[string][]byte{}, tar.NewReader(from)
	for {
		h, err := r.Next()
		if errors.Is(err, io.EOF) {
			return files
		}
		do(t, "read the archive", err)
		files[h.Name], err = io.ReadAll(r)
		do(t, "read the archive", err)
	}
}
