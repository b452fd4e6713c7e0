package registry_test

import (
	"bytes"
	"compress/gzip"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"vmqbot/executor/registry"
	"vmqbot/executor/stock"
)

// TestAnIntakeTakesItsImageOnly, from whoever knows the token, and says of each
// part whether it is there.
func TestAnIntakeTakesItsImageOnly(t *testing.T) {
	s := stock.In(t.TempDir())
	layer := bytes.Repeat([]byte("layer "), 1000)
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	_, _ = z.Write(layer)
	_ = z.Close()
	config := []byte(`{"rootfs":{"diff_ids":["` + digest(layer) + `"]}}`)
	heard := int64(0)
	in := registry.NewIntake(s, digest(config), []string{digest(layer)}, "token", func(n int64) { heard += n })
	ask := func(method, path, body, token string) *httptest.ResponseRecorder {
		r := httptest.NewRequest(method, path, strings.NewReader(body))
		r.SetBasicAuth(registry.User, token)
		w := httptest.NewRecorder()
		in.ServeHTTP(w, r)
		return w
	}
	const root = "/v2/" + registry.Name
	send := func(body []byte) int {
		at := ask(http.MethodPost, root+"/blobs/uploads/", "", "token").Header().Get("Location")
		half := len(body) / 2
		if w := ask(http.MethodPatch, at, string(body[:half]), "token"); w.Code != http.StatusAccepted {
			return w.Code
		}
		return ask(http.MethodPut, at+"?digest="+digest(body), string(body[half:]), "token").Code
	}
	for _, path := range []string{"/v2/", root + "/blobs/uploads/"} {
		if w := ask(http.MethodPost, path, "", "guess"); w.Code != http.StatusUnauthorized {
			t.Errorf("%s without the token: %d", path, w.Code)
		}
	}
	for _, c := range []struct {
		name string
		body []byte
		want int
	}{{"layer", b.Bytes(), 201}, {"configuration", config, 201}, {"something else", []byte("else"), 400}} {
		if w := ask(http.MethodHead, root+"/blobs/"+digest(c.body), "", "token"); w.Code != http.StatusNotFound {
			t.Errorf("%s is there before it came: %d", c.name, w.Code)
		}
		if got := send(c.body); got != c.want {
			t.Errorf("%s: %d, want %d", c.name, got, c.want)
		}
		want := map[int]int{201: 200, 400: 404}[c.want]
		if w := ask(http.MethodHead, root+"/blobs/"+digest(c.body), "", "token"); w.Code != want {
			t.Errorf("%s afterwards: %d, want %d", c.name, w.Code, want)
		}
	}
	if w := ask(http.MethodPut, root+"/manifests/x", "{}", "token"); w.Code != 201 || w.Header().Get("Docker-Content-Digest") != digest([]byte("{}")) {
		t.Errorf("manifest: %d %v", w.Code, w.Header())
	}
	if w := ask(http.MethodGet, root+"/blobs/"+digest(config), "", "token"); w.Code != http.StatusNotFound {
		t.Errorf("it is read from: %d", w.Code)
	}
	if _, whole, err := s.Complete(digest(config)); !whole || err != nil || heard == 0 {
		t.Errorf("%v %v, %d bytes heard", whole, err, heard)
	}
	at := ask(http.MethodPost, root+"/blobs/uploads/", "", "token").Header().Get("Location")
	in.Close()
	if w := ask(http.MethodPatch, at, "late", "token"); w.Code != http.StatusServiceUnavailable {
		t.Errorf("after its end: %d", w.Code)
	}
}
