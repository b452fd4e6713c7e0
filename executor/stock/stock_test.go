package stock

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"
)

// entry is one file of an archive that a test writes.
type entry struct {
	name string
	body []byte
}

func packed(t *testing.T, entries ...entry) []byte {
	t.Helper()
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	for _, e := range entries {
		if err := w.WriteHeader(&tar.Header{Name: e.name, Mode: 0o644, Size: int64(len(e.body))}); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write(e.body); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// image is one of three layers: two small ones and one that is not.
type image struct {
	id     string
	config []byte
	layers [][]byte
	ids    []string
}

func newImage(t *testing.T, seed byte) image {
	t.Helper()
	big := make([]byte, 2*small)
	_, _ = rand.NewChaCha8([32]byte{seed}).Read(big)
	i := image{layers: [][]byte{packed(t, entry{"etc/os-release", []byte("Debian")}), packed(t, entry{"usr/lib/vernemq", big}), packed(t, entry{"etc/vernemq", []byte{seed}})}}
	for _, l := range i.layers {
		i.ids = append(i.ids, digest(l))
	}
	i.config = []byte(fmt.Sprintf(`{"architecture":"amd64","seed":%d,"rootfs":{"type":"layers","diff_ids":["%s"]}}`, seed, strings.Join(i.ids, `","`)))
	i.id = digest(i.config)
	return i
}

// saved is the archive as Docker wrote it until version 24, with a folder for
// each layer.
func (i image) saved(t *testing.T) []byte {
	t.Helper()
	var all []entry
	for n, l := range i.layers {
		all = append(all, entry{fmt.Sprintf("%d/VERSION", n), []byte("1.0")}, entry{fmt.Sprintf("%d/layer.tar", n), l})
	}
	return packed(t, append(all, entry{strings.TrimPrefix(i.id, "sha256:") + ".json", i.config}, entry{"manifest.json", []byte("[]")})...)
}

// zipped is the archive as an engine writes it that keeps what a registry gave:
// compressed, by digest.
func (i image) zipped(t *testing.T) (archive []byte, blobs []string) {
	t.Helper()
	all := []entry{{"oci-layout", []byte("{}")}, {"blobs/sha256/" + strings.TrimPrefix(i.id, "sha256:"), i.config}}
	for _, l := range i.layers {
		var b bytes.Buffer
		z, _ := gzip.NewWriterLevel(&b, gzip.BestSpeed) // not as the stock does
		_, _ = z.Write(l)
		_ = z.Close()
		blobs = append(blobs, digest(b.Bytes()))
		all = append(all, entry{"blobs/sha256/" + digest(b.Bytes())[7:], b.Bytes()})
	}
	return packed(t, all...), blobs
}

func TestTakeKeepsWhatIsWanted(t *testing.T) {
	i := newImage(t, 1)
	s := In(t.TempDir())
	if _, ok, err := s.Image(i.id); ok || err != nil {
		t.Fatalf("an empty stock has it: %v", err)
	}
	got, err := s.Take(t.Context(), bytes.NewReader(i.saved(t)), i.id, i.ids[1:])
	if err != nil {
		t.Fatal(err)
	}
	if missing := got.Missing(0); len(missing) != 1 || missing[0] != i.ids[0] || len(got.Missing(1)) != 0 {
		t.Errorf("missing %v", missing)
	}
	if got.ID != i.id || !bytes.Equal(got.Config, i.config) || got.Size(1) != got.Layers[1].Size+got.Layers[2].Size || got.Size(1) == 0 {
		t.Errorf("%+v", got)
	}
	for n, l := range got.Layers[1:] {
		f, err := s.Open(l)
		if err != nil {
			t.Fatal(err)
		}
		z, err := gzip.NewReader(f)
		if err != nil {
			t.Fatal(err)
		}
		if body, err := io.ReadAll(z); err != nil || !bytes.Equal(body, i.layers[n+1]) {
			t.Errorf("layer %d: %d bytes, %v", n+1, len(body), err)
		}
		_ = f.Close()
	}
	left, err := os.ReadDir(filepath.Join(s.dir, "new"))
	if err != nil || len(left) != 0 {
		t.Errorf("left behind: %v %v", left, err)
	}
	// What is here already is not compressed again, in another process either.
	archive, _ := i.zipped(t)
	again, err := In(s.dir).Take(t.Context(), bytes.NewReader(archive), i.id, i.ids)
	if err != nil || again.Layers[1].Digest != got.Layers[1].Digest {
		t.Errorf("%+v, want %+v; %v", again.Layers[1], got.Layers[1], err)
	}
	if kept, ok, err := s.Image(i.id); !ok || err != nil || len(kept.Missing(0)) != 0 {
		t.Errorf("%v %v %v", kept.Missing(0), ok, err)
	}
}

// TestWhatCameCompressedStays under its own digest: it is what a registry and
// the engines know.
func TestWhatCameCompressedStays(t *testing.T) {
	i := newImage(t, 2)
	archive, blobs := i.zipped(t)
	got, err := In(t.TempDir()).Take(t.Context(), bytes.NewReader(archive), i.id, i.ids)
	if err != nil {
		t.Fatal(err)
	}
	for n, l := range got.Layers {
		if l.Digest != blobs[n] || l.DiffID != i.ids[n] {
			t.Errorf("%+v, want %s", l, blobs[n])
		}
	}
}

func TestTakeRefuses(t *testing.T) {
	i, other := newImage(t, 3), newImage(t, 4)
	whole := i.saved(t)
	for _, c := range []struct {
		name    string
		archive io.Reader
		id      string
		says    string
	}{
		{"another image", bytes.NewReader(whole), other.id, "does not hold the image"},
		{"no id", bytes.NewReader(whole), "../../etc/passwd", "no image's id"},
		{"an archive that is cut", bytes.NewReader(whole[:len(whole)/2]), i.id, "unexpected EOF"},
		{"no archive", strings.NewReader(strings.Repeat("x", 2048)), i.id, "reading the archive"},
		{"a stream that breaks", iotest.ErrReader(errors.New("the line is dead")), i.id, "the line is dead"},
		{"nothing", strings.NewReader(""), i.id, "does not hold the image"},
		{"a layer that is another", bytes.NewReader(packed(t, entry{"c.json", i.config}, entry{"a/layer.tar", other.layers[1]})), i.id, "lacks the layer"},
		{"a configuration that names a path", bytes.NewReader(packed(t, entry{"c.json", []byte(evil)})), digest([]byte(evil)), "which is no digest"},
	} {
		s := In(t.TempDir())
		if _, err := s.Take(t.Context(), c.archive, c.id, i.ids); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}

const evil = `{"rootfs":{"diff_ids":["sha256:../../../etc/passwd"]}}`

// TestADamagedStock is as good as an empty one, and is put right by taking again.
func TestADamagedStock(t *testing.T) {
	i := newImage(t, 5)
	s := In(t.TempDir())
	got, err := s.Take(t.Context(), bytes.NewReader(i.saved(t)), i.id, i.ids)
	if err != nil {
		t.Fatal(err)
	}
	for _, damage := range []func() error{
		func() error { return os.Truncate(s.file("blobs", got.Layers[1].Digest), 10) },
		func() error { return os.Remove(s.file("blobs", got.Layers[1].Digest)) },
		func() error { return os.WriteFile(s.file("layers", i.ids[1]), []byte("{"), 0o600) },
	} {
		if err := damage(); err != nil {
			t.Fatal(err)
		}
		if now, ok, err := s.Image(i.id); err != nil || !ok || len(now.Missing(0)) != 1 {
			t.Errorf("%v %v %v", now.Missing(0), ok, err)
		}
		if now, err := s.Take(t.Context(), bytes.NewReader(i.saved(t)), i.id, i.ids); err != nil || now.Layers[1].Digest != got.Layers[1].Digest {
			t.Errorf("%+v %v", now.Layers[1], err)
		}
	}
	if err := os.WriteFile(s.file("configs", i.id), []byte("{}"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, ok, err := s.Image(i.id); ok || err != nil {
		t.Errorf("a configuration that is another is taken: %v", err)
	}
}

func TestTrimRemovesTheOldest(t *testing.T) {
	s := In(t.TempDir())
	old, young := newImage(t, 6), newImage(t, 7)
	if _, err := s.Take(t.Context(), bytes.NewReader(old.saved(t)), old.id, old.ids); err != nil {
		t.Fatal(err)
	}
	s.most = 1 // what was just taken stays all the same
	got, err := s.Take(t.Context(), bytes.NewReader(young.saved(t)), young.id, young.ids)
	if err != nil || len(got.Missing(0)) != 0 {
		t.Fatalf("what was just taken went: %v %v", got.Missing(0), err)
	}
	if now, _, err := s.Image(young.id); err != nil || len(now.Missing(0)) != 0 {
		t.Errorf("what was just taken went: %v %v", now.Missing(0), err)
	}
	if left, _, err := s.Image(old.id); err != nil || len(left.Missing(0)) == 0 {
		t.Errorf("nothing of the old image went: %v", err)
	}
}

func TestArchiveIsWhatIsMissing(t *testing.T) {
	i := newImage(t, 8)
	s := In(t.TempDir())
	got, err := s.Take(t.Context(), bytes.NewReader(i.saved(t)), i.id, i.ids)
	if err != nil {
		t.Fatal(err)
	}
	a, err := s.Archive(got, 1)
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close() //nolint:errcheck // a test's
	whole, err := io.ReadAll(io.NewSectionReader(a, 0, a.Size))
	if err != nil || int64(len(whole)) != a.Size || digest(whole)[7:] != a.SHA256 {
		t.Fatalf("%d bytes of %d, %s, %v", len(whole), a.Size, a.SHA256, err)
	}
	held := map[string][]byte{}
	for r := tar.NewReader(bytes.NewReader(whole)); ; {
		h, err := r.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		held[h.Name], _ = io.ReadAll(r)
	}
	var manifest []struct {
		Config string
		Layers []string
	}
	if err := json.Unmarshal(held["manifest.json"], &manifest); err != nil || len(manifest) != 1 || len(manifest[0].Layers) != 3 {
		t.Fatalf("%s %v", held["manifest.json"], err)
	}
	if !bytes.Equal(held[manifest[0].Config], i.config) || held[manifest[0].Layers[0]] != nil || int64(len(held[manifest[0].Layers[1]])) != got.Layers[1].Size || len(held) != 4 {
		t.Errorf("it holds %d files", len(held))
	}
	for _, at := range []int64{0, 1, 511, 512, a.Size / 2, a.Size - 1} { // any place, as a transfer that goes on wants it
		p := make([]byte, 1000)
		n, err := a.ReadAt(p, at)
		if want := whole[at:min(a.Size, at+1000)]; !bytes.Equal(p[:n], want) || (n < 1000) != errors.Is(err, io.EOF) {
			t.Errorf("at %d: %d bytes, %v", at, n, err)
		}
		if sum, err := a.Prefix(at); err != nil || sum != digest(whole[:at])[7:] {
			t.Errorf("the digest of the first %d bytes: %s %v", at, sum, err)
		}
	}
	again, err := In(s.dir).Archive(got, 1)
	if err != nil || again.SHA256 != a.SHA256 {
		t.Errorf("the same image makes another archive: %v", err)
	}
	_ = again.Close()
}
