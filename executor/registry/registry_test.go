package registry_test

import (
	"archive/tar"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http/httptest"
	"strings"
	"testing"

	"vmqbot/executor/registry"
	"vmqbot/executor/stock"
)

func digest(b []byte) string {
	sum := sha256.Sum256(b)
	return "sha256:" + hex.EncodeToString(sum[:])
}

// taken is a stock with one image of one layer.
func taken(t *testing.T) (*stock.Stock, stock.Image) {
	t.Helper()
	var layer, archive bytes.Buffer
	add := func(w *tar.Writer, name string, body []byte) {
		if err := w.WriteHeader(&tar.Header{Name: name, Mode: 0o644, Size: int64(len(body))}); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write(body); err != nil {
			t.Fatal(err)
		}
	}
	l := tar.NewWriter(&layer)
	add(l, "etc/os-release", []byte("Debian"))
	_ = l.Close()
	config := []byte(fmt.Sprintf(`{"rootfs":{"diff_ids":["%s"]}}`, digest(layer.Bytes())))
	w := tar.NewWriter(&archive)
	add(w, "config.json", config)
	add(w, "0/layer.tar", layer.Bytes())
	_ = w.Close()
	s := stock.In(t.TempDir())
	i, err := s.Take(t.Context(), &archive, digest(config), []string{digest(layer.Bytes())})
	if err != nil {
		t.Fatal(err)
	}
	return s, i
}

func TestWhatIsServed(t *testing.T) {
	s, i := taken(t)
	r, err := registry.New(s, i, "token")
	if err != nil {
		t.Fatal(err)
	}
	ask := func(method, path, token, part string) *httptest.ResponseRecorder {
		req := httptest.NewRequest(method, path, nil)
		if token != "" {
			req.SetBasicAuth(registry.User, token)
		}
		if part != "" {
			req.Header.Set("Range", part)
		}
		w := httptest.NewRecorder()
		r.ServeHTTP(w, req)
		return w
	}
	base := "/v2/" + registry.Name
	blob := base + "/blobs/" + i.Layers[0].Digest
	for _, c := range []struct {
		method, path, token, part string
		status                    int
	}{
		{"GET", "/v2/", "", "", 401},
		{"GET", blob, "", "", 401},
		{"GET", blob, "Token", "", 401},
		{"GET", "/v2/", "token", "", 200},
		{"GET", base + "/manifests/" + r.Digest, "token", "", 200},
		{"HEAD", base + "/manifests/" + r.Digest, "token", "", 200},
		{"GET", base + "/manifests/latest", "token", "", 404},
		{"GET", base + "/blobs/" + i.ID, "token", "", 200},
		{"GET", blob, "token", "", 200},
		{"HEAD", blob, "token", "", 200},
		{"GET", blob, "token", "bytes=10-", 206},
		{"GET", blob, "token", "bytes=10-19", 206},
		{"GET", base + "/blobs/" + digest(nil), "token", "", 404},
		{"GET", base + "/blobs/../../../etc/passwd", "token", "", 404},
		{"GET", "/v2/other/blobs/" + i.ID, "token", "", 404},
		{"GET", "/", "token", "", 404},
		{"POST", base + "/blobs/uploads/", "token", "", 405},
		{"PUT", blob, "token", "", 405},
		{"DELETE", blob, "token", "", 405},
	} {
		if w := ask(c.method, c.path, c.token, c.part); w.Code != c.status {
			t.Errorf("%s %s (%q, %q): %d, want %d", c.method, c.path, c.token, c.part, w.Code, c.status)
		}
	}
	if w := ask("GET", "/v2/", "", ""); !strings.HasPrefix(w.Header().Get("WWW-Authenticate"), "Basic ") {
		t.Error("an engine is not told how to log in")
	}
	before := r.Sent()
	whole, rest := ask("GET", blob, "token", "").Body.Bytes(), ask("GET", blob, "token", "bytes=10-").Body.Bytes()
	if digest(whole) != i.Layers[0].Digest || !bytes.Equal(whole[10:], rest) {
		t.Error("a layer, or the rest of one, is another")
	}
	if sent := r.Sent() - before; sent != int64(len(whole)+len(rest)) {
		t.Errorf("%d bytes are said to have been sent, want %d", sent, len(whole)+len(rest))
	}
	if w := ask("GET", base+"/manifests/"+r.Digest, "token", ""); digest(w.Body.Bytes()) != r.Digest || w.Header().Get("Docker-Content-Digest") != r.Digest {
		t.Error("the manifest is not what its digest says")
	}
	if w := ask("HEAD", blob, "token", ""); w.Header().Get("Content-Length") != fmt.Sprint(i.Layers[0].Size) || w.Body.Len() != 0 {
		t.Errorf("HEAD: %v, %d bytes", w.Header(), w.Body.Len())
	}
}

func TestALayerThatIsNotHere(t *testing.T) {
	s, i := taken(t)
	i.Layers[0].Digest = ""
	if _, err := registry.New(s, i, "token"); err == nil {
		t.Error("an image that is not whole is served")
	}
}
