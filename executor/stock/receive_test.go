package stock

import (
	"bytes"
	"compress/gzip"
	"os"
	"strings"
	"testing"
	"time"
)

func gzipped(t *testing.T, body []byte, level int) []byte {
	t.Helper()
	var b bytes.Buffer
	z, err := gzip.NewWriterLevel(&b, level)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := z.Write(body); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestWhatIsReceived is believed by its bytes: a layer of the image under the
// digest that was said, or nothing.
func TestWhatIsReceived(t *testing.T) {
	s := In(t.TempDir())
	layer := bytes.Repeat([]byte("a layer "), 10000)
	best, fast := gzipped(t, layer, gzip.BestCompression), gzipped(t, layer, gzip.BestSpeed)
	config := []byte(`{"rootfs":{"diff_ids":["` + digest(layer) + `"]}}`)
	receive := func(body []byte, given string) error {
		i, err := s.Receive()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := i.Write(body); err != nil {
			t.Fatal(err)
		}
		return i.Keep(given, digest(config), []string{digest(layer)})
	}
	for _, c := range []struct {
		name        string
		body        []byte
		given, says string
	}{
		{"another digest", best, digest(fast), "and not"},
		{"no layer of the image", gzipped(t, []byte("x"), 1), digest(gzipped(t, []byte("x"), 1)), "is no part of the image"},
		{"not packed", layer, digest(layer), "is no part of the image"},
		{"the configuration", config, digest(config), ""},
		{"the layer", best, digest(best), ""},
		{"the layer, packed otherwise", fast, digest(fast), ""},
		{"the layer again", best, digest(best), ""},
	} {
		err := receive(c.body, c.given)
		if (err == nil) != (c.says == "") || err != nil && !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v", c.name, err)
		}
	}
	i, whole, err := s.Complete(digest(config))
	if err != nil || !whole || i.Layers[0].Digest != digest(best) || !i.Layers[0].Knows(digest(fast)) || i.Layers[0].Knows("") {
		t.Errorf("%+v %v %v", i, whole, err)
	}
	dropped, err := s.Receive()
	if err != nil {
		t.Fatal(err)
	}
	dropped.Drop()
	if left, err := os.ReadDir(s.dir + "/new"); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v %v", left, err)
	}
}

// TestSettled: two builders' accounts of the same layers are one configuration.
func TestSettled(t *testing.T) {
	at := time.Unix(946684800, 0)
	one, err := Settled([]byte(`{"created":"2026-01-01T00:00:00Z","container":"ab","docker_version":"20.10","config":{"Hostname":"ab","Image":"sha256:1","Cmd":["x"]},"history":[{"created":"2026-01-01T00:00:00Z","created_by":"y"}],"rootfs":{"diff_ids":[]}}`), at)
	if err != nil {
		t.Fatal(err)
	}
	two, err := Settled([]byte(`{"rootfs":{"diff_ids":[]},"history":[{"created_by":"y","created":"2026-02-02T00:00:00Z"}],"config":{"Cmd":["x"],"Image":"","Hostname":""},"container_config":{},"created":"2026-02-02T00:00:00Z"}`), at)
	if err != nil || !bytes.Equal(one, two) || !bytes.Contains(one, []byte(`"created":"2000-01-01T00:00:00Z"`)) || !bytes.Contains(one, []byte(`"Cmd":["x"]`)) {
		t.Errorf("%s\n%s %v", one, two, err)
	}
	if _, err := Settled([]byte("no"), at); err == nil {
		t.Error("what is no configuration was settled")
	}
}
