package dockerd_test

import (
	"archive/tar"
	"bytes"
	"errors"
	"io"
	"net/url"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/docker/docker/api/types/container"

	"vmqbot/executor/engine/enginetest"
	"vmqbot/sim/fabric"
)

// TestTheSameNamesInArchives asks both engines for a folder in every way that
// it can be written: what is read with /. must unpack into another folder.
func TestTheSameNamesInArchives(t *testing.T) {
	enginetest.Need(t)
	w := host(t)
	real, sim := realPlace(t), placeOf(t, "the simulation", w.m.DialUnix)
	var names [2]map[string][]string
	for i, p := range []*place{real, sim} {
		_, err := p.api.ContainerCreate(t.Context(), &container.Config{Image: "guest:1", Cmd: []string{"x"}}, &container.HostConfig{NetworkMode: "none"}, nil, nil, "archived")
		do(t, "create", err)
		do(t, "put", p.api.CopyToContainer(t.Context(), "archived", "/", packed(t, "f/", "f/a", "f/d/", "f/d/b"), container.CopyToContainerOptions{}))
		names[i] = map[string][]string{}
		for _, at := range []string{"/f", "/f/", "/f/.", "/f/a", "/f/d/.", "/f/d/..", "f", "f/."} {
			names[i][at] = p.archived(t, at)
		}
		p.ask(t, call{"DELETE /containers/archived?force=1", ""})
	}
	for at, want := range names[0] {
		if got := names[1][at]; !slices.Equal(got, want) {
			t.Errorf("%s: %s has %q, %s has %q", at, real.name, want, sim.name, got)
		}
	}
}

// archived are the names in the archive of a path.
func (p *place) archived(t *testing.T, at string) (names []string) {
	t.Helper()
	body, _, err := p.api.CopyFromContainer(t.Context(), "archived", at)
	do(t, "read "+url.PathEscape(at), err)
	defer body.Close() //nolint:errcheck // only read
	for r := tar.NewReader(body); ; {
		h, err := r.Next()
		if errors.Is(err, io.EOF) {
			slices.Sort(names)
			return names
		}
		do(t, "archive", err)
		names = append(names, h.Name)
	}
}

// packed is an archive of files and folders.
func packed(t *testing.T, names ...string) io.Reader {
	t.Helper()
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	for _, name := range names {
		h := tar.Header{Name: name, Mode: 0o755, Typeflag: tar.TypeReg}
		if strings.HasSuffix(name, "/") {
			h.Typeflag = tar.TypeDir
		}
		do(t, "archive", w.WriteHeader(&h))
	}
	do(t, "archive", w.Close())
	return &b
}

// TestContentIsCopied: /. behind a folder is what is in it, not the folder.
func TestContentIsCopied(t *testing.T) {
	w := boot(t, fabric.New(), "cn", nil)
	_, err := w.AddImage(guestImage("guest:1"))
	do(t, "image", err)
	for _, name := range []string{"cc", "dd"} {
		w.hanging(t, name, "no")
		do(t, "put", w.api.CopyToContainer(t.Context(), name, "/", packed(t, "f/"), container.CopyToContainerOptions{}))
	}
	dir := t.TempDir()
	do(t, "write", os.WriteFile(dir+"/a", []byte("first"), 0o600))
	if _, errs, status := w.docker(t, "", "cp", dir+"/.", "cc:/f"); status != 0 {
		t.Fatal(errs)
	}
	archive, _, status := w.docker(t, "", "cp", "cc:/f/.", "-")
	if status != 0 {
		t.Fatal(status)
	}
	if _, errs, status := w.docker(t, archive, "cp", "-", "dd:/f"); status != 0 {
		t.Fatal(errs)
	}
	back := t.TempDir()
	if _, errs, status := w.docker(t, "", "cp", "cc:/f/.", back); status != 0 {
		t.Fatal(errs)
	}
	if body, err := os.ReadFile(back + "/a"); err != nil || string(body) != "first" {
		t.Errorf("%q %v", body, err)
	}
	for _, name := range []string{"cc", "dd"} {
		if out, _, _ := w.docker(t, "", "exec", name, "guest", "cat", "/f/a"); out != "first" {
			t.Errorf("%s: %q", name, out)
		}
	}
}
