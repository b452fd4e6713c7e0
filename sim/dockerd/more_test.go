package dockerd_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/docker/docker/api/types/container"
	"github.com/docker/docker/api/types/events"
	"github.com/docker/docker/api/types/filters"
	"github.com/docker/docker/api/types/image"
)

// registry serves one image by the protocol's version 2 on a port of the
// machine, as the end of a tunnel does.
func (w *world) registry(t *testing.T, port string, from *world, ref string) (digest string) {
	t.Helper()
	body, err := from.api.ImageSave(t.Context(), []string{ref})
	do(t, "save", err)
	defer body.Close() //nolint:errcheck // only read
	files := untar(t, body)
	var list []struct {
		Config string
		Layers []string
	}
	do(t, "manifest", json.Unmarshal(files["manifest.json"], &list))
	blobs := map[string][]byte{}
	sum := func(b []byte) string {
		s := fmt.Sprintf("sha256:%x", sha256.Sum256(b))
		blobs[s] = b
		return s
	}
	layers := []map[string]string{}
	for _, name := range list[0].Layers {
		var packed bytes.Buffer
		z := gzip.NewWriter(&packed)
		_, _ = z.Write(files[name])
		_ = z.Close()
		layers = append(layers, map[string]string{"digest": sum(packed.Bytes())})
	}
	manifest, err := json.Marshal(map[string]any{"schemaVersion": 2, "config": map[string]string{"digest": sum(files[list[0].Config])}, "layers": layers})
	do(t, "manifest", err)
	digest = sum(manifest)
	l, err := w.m.Net.Listen(t.Context(), "127.0.0.1:"+port)
	do(t, "listen", err)
	s := &http.Server{Handler: http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		b, ok := blobs[r.URL.Path[strings.LastIndex(r.URL.Path, "/")+1:]]
		if !ok {
			rw.WriteHeader(http.StatusNotFound)
		}
		_, _ = rw.Write(b)
	})}
	over := make(chan struct{})
	go func() { defer close(over); _ = s.Serve(l) }()
	t.Cleanup(func() { _ = s.Close(); <-over })
	return digest
}

// TestAnImageIsPulled through a registry at the machine's own loopback.
func TestAnImageIsPulled(t *testing.T) {
	w := host(t)
	other := boot(t, w.f, "sg", w.Library())
	id, err := w.AddImage(withCommand("app:1"))
	do(t, "image", err)
	sum := other.registry(t, "5000", w, "app:1")
	for _, c := range []struct{ ref, says string }{
		{"127.0.0.1:5000/app@" + sum, ""},
		{"127.0.0.1:5000/app:nosuch", "manifest unknown"},
		{"127.0.0.1:5001/app:1", "dial tcp 127.0.0.1:5001: connect: connection refused"},
		{"nosuch:1", "lookup registry-1.docker.io"},
		{"Nosuch:1", "must be lowercase"},
	} {
		body, err := other.api.ImagePull(t.Context(), c.ref, image.PullOptions{})
		if c.says != "" {
			if err == nil || !strings.Contains(err.Error(), c.says) {
				t.Errorf("%s: %v", c.ref, err)
			}
			continue
		}
		do(t, c.ref, err)
		_, err = io.Copy(io.Discard, body)
		do(t, c.ref, err)
	}
	if i, err := other.api.ImageInspect(t.Context(), id); err != nil || i.ID != id || len(i.RepoTags) != 0 {
		t.Errorf("%+v %v", i, err)
	}
	do(t, "tag", other.api.ImageTag(t.Context(), id, "app:1"))
	if out, _, status := other.docker(t, "", "run", "--rm", "app:1"); out != "ran" || status != 5 {
		t.Errorf("%q %d", out, status)
	}
}

func TestAFullDisk(t *testing.T) {
	w := host(t)
	c := w.hanging(t, "before", "no")
	w.m.Full.Store(true)
	_, errs, status := w.docker(t, "", "run", "-d", "guest:1", "/bin/guest", "hang")
	if status != 125 || !strings.Contains(errs, "no space left on device") {
		t.Errorf("%q %d", errs, status)
	}
	err := w.api.CopyToContainer(t.Context(), c.ID(), "/bin", strings.NewReader(""), container.CopyToContainerOptions{})
	if err == nil || !strings.Contains(err.Error(), "no space left on device") {
		t.Errorf("%v", err)
	}
	if !c.Running() {
		t.Error("it ended")
	}
}

// TestWhatIsMountedReadOnly is not written to.
func TestWhatIsMountedReadOnly(t *testing.T) {
	w := host(t)
	made, err := w.api.ContainerCreate(t.Context(), &container.Config{Image: "guest:1", Cmd: []string{"/bin/guest", "hang"}}, &container.HostConfig{Binds: []string{t.TempDir() + ":/conf:ro"}}, nil, nil, "ro")
	do(t, "create", err)
	err = w.api.CopyToContainer(t.Context(), made.ID, "/conf", strings.NewReader(""), container.CopyToContainerOptions{})
	if err == nil || !strings.Contains(err.Error(), "mounted volume is marked read-only") {
		t.Errorf("%v", err)
	}
}

// TestALogIsFollowed to the end of its container.
func TestALogIsFollowed(t *testing.T) {
	w := host(t)
	c := w.hanging(t, "beam", "no")
	x, err := w.Create("talker", container.Config{Image: "guest:1", Cmd: []string{"/bin/beam.smp"}}, container.HostConfig{})
	do(t, "create", err)
	do(t, "start", x.Start())
	body, err := w.api.ContainerLogs(t.Context(), "talker", container.LogsOptions{ShowStdout: true, Follow: true, Timestamps: true})
	do(t, "logs", err)
	defer body.Close() //nolint:errcheck // only read
	got := make([]byte, 8+len(time.RFC3339Nano))
	_, err = io.ReadFull(body, got)
	do(t, "read", err)
	do(t, "stop", x.Stop(-1))
	rest, err := io.ReadAll(body)
	if all := string(got[8:]) + string(rest); err != nil || !strings.HasSuffix(all, " first line, on standard output\n") {
		t.Errorf("%q %v", all, err)
	}
	do(t, "stop", c.Stop(0))
}

// TestEventsAreRemembered since a moment, and filtered.
func TestEventsAreRemembered(t *testing.T) {
	w := host(t)
	c := w.hanging(t, "one", "no")
	w.hanging(t, "two", "no")
	do(t, "restart", c.Restart(-1))
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	heard, broke := w.api.Events(ctx, events.ListOptions{Since: "1", Until: fmt.Sprint(time.Now().Unix() + 1), Filters: filters.NewArgs(filters.Arg("container", "one"), filters.Arg("event", "start"), filters.Arg("event", "die"), filters.Arg("type", "container"))})
	var got []string
	for over := false; !over; {
		select {
		case m := <-heard:
			got = append(got, string(m.Action)+" "+m.Actor.Attributes["name"]+" "+m.From) //nolint:staticcheck // 20.10 sends it
		case err := <-broke:
			if over = true; err != io.EOF { //nolint:errorlint // the client's own
				t.Error(err)
			}
		}
	}
	if want := "start one guest:1, die one guest:1, start one guest:1"; strings.Join(got, ", ") != want {
		t.Errorf("%q", got)
	}
}

// TestHealthGoesDown after three failures in a row.
func TestHealthGoesDown(t *testing.T) {
	w := host(t)
	c, err := w.Create("ill", container.Config{
		Image: "guest:1", Cmd: []string{"/bin/guest", "hang"}, Healthcheck: &container.HealthConfig{Test: []string{"CMD", "/bin/guest", "say", "bad", "", "1"}, Interval: time.Second},
	}, container.HostConfig{})
	do(t, "create", err)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	heard, _ := w.api.Events(ctx, events.ListOptions{Since: "1", Filters: filters.NewArgs(filters.Arg("event", "health_status"))})
	do(t, "start", c.Start())
	if m := <-heard; m.Action != "health_status: unhealthy" {
		t.Errorf("%+v", m)
	}
	if h := c.Inspect(false).State.Health; h.Status != "unhealthy" || h.FailingStreak < 3 || h.Log[0].Output != "bad" {
		t.Errorf("%+v", h)
	}
}

// TestAWaitForTheRemoval, and one for the next end.
func TestWaits(t *testing.T) {
	w := host(t)
	c := w.hanging(t, "awaited", "no")
	ended, _ := w.api.ContainerWait(t.Context(), "awaited", container.WaitConditionNextExit)
	removed, _ := w.api.ContainerWait(t.Context(), "awaited", container.WaitConditionRemoved)
	do(t, "kill", c.Kill("KILL"))
	if r := <-ended; r.StatusCode != 137 {
		t.Errorf("%+v", r)
	}
	do(t, "remove", c.Remove(false, false))
	if r := <-removed; r.StatusCode != 137 {
		t.Errorf("%+v", r)
	}
}
