package dockerd_test

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/docker/docker/api/types/image"
	"github.com/docker/docker/api/types/registry"

	ours "vmqbot/executor/registry"
	"vmqbot/executor/stock"
	"vmqbot/sim/fabric"
)

// TestPullGoesOn: the engine logs in, asks for the rest of a layer where a
// connection was cut, and does not fetch twice what a registry gave it.
func TestPullGoesOn(t *testing.T) {
	net := fabric.New()
	from, to := boot(t, net, "cn", nil), boot(t, net, "us", nil)
	id, err := from.AddImage(guestImage("guest:1"))
	do(t, "image", err)
	body, err := from.api.ImageSave(t.Context(), []string{id})
	do(t, "save", err)
	archive, err := io.ReadAll(body)
	do(t, "save", err)
	info, err := from.api.ImageInspect(t.Context(), id)
	do(t, "inspect", err)
	s := stock.In(t.TempDir())
	i, err := s.Take(t.Context(), bytes.NewReader(archive), id, info.RootFS.Layers)
	do(t, "take", err)
	reg, err := ours.New(s, i, "token")
	do(t, "registry", err)
	var cuts atomic.Int32
	l, err := to.m.Net.Listen(t.Context(), "127.0.0.1:5000")
	do(t, "listen", err)
	server := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.Contains(r.URL.Path, i.Layers[0].Digest) && r.Header.Get("Range") == "" {
			cuts.Add(1)
			w.Header().Set("Content-Length", "1000000")
			_, _ = w.Write([]byte{0x1f}) // the first byte of any layer, and then nothing
			_ = http.NewResponseController(w).Flush()
			panic(http.ErrAbortHandler)
		}
		reg.ServeHTTP(w, r)
	})}
	go func() { _ = server.Serve(l) }()
	t.Cleanup(func() { _ = server.Close() })
	pull := func(token string) error {
		auth, _ := json.Marshal(registry.AuthConfig{Username: ours.User, Password: token})
		stream, err := to.api.ImagePull(t.Context(), "127.0.0.1:5000/"+ours.Name+"@"+reg.Digest, image.PullOptions{RegistryAuth: base64.URLEncoding.EncodeToString(auth)})
		if err != nil {
			return err
		}
		_, err = io.Copy(io.Discard, stream)
		return err
	}
	if err := pull("wrong"); err == nil || !strings.Contains(err.Error(), "no basic auth credentials") {
		t.Errorf("with the wrong token: %v", err)
	}
	do(t, "pull", pull("token"))
	if got, err := to.api.ImageInspect(t.Context(), id); err != nil || got.ID != id {
		t.Errorf("%v %v", got.ID, err)
	}
	sent := reg.Sent()
	do(t, "pull again", pull("token"))
	if reg.Sent() != sent || cuts.Load() != 1 {
		t.Errorf("%d bytes more were sent, %d times from the beginning", reg.Sent()-sent, cuts.Load())
	}
}
