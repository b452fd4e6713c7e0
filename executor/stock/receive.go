package stock

import (
	"compress/gzip"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"os"
	"slices"
)

// Incoming is a blob that is being written into the stock: a layer that came
// compressed, or a configuration. What it is is computed from its bytes.
type Incoming struct {
	s    *Stock
	file *os.File
	sum  hash.Hash
	n    int64

	unpack   *io.PipeWriter
	unpacked chan string // the digest of what it unpacks to; "" where it does not
}

// Receive begins one. Whoever began it ends it with Keep or Drop.
func (s *Stock) Receive() (*Incoming, error) {
	f, err := s.temp()
	if err != nil {
		return nil, fmt.Errorf("keeping a layer in the bot's own stock: %w", err)
	}
	r, w := io.Pipe()
	i := &Incoming{s: s, file: f, sum: sha256.New(), unpack: w, unpacked: make(chan string, 1)}
	go func() { // ends with the pipe, which Keep and Drop close; Keep and Drop wait for it
		i.unpacked <- unpackAll(r)
	}()
	return i, nil
}

// unpackAll reads to the end, whatever it is, and returns the digest of what it
// unpacks to.
func unpackAll(r *io.PipeReader) string {
	defer io.Copy(io.Discard, r) //nolint:errcheck // the writer is not to hang on what is no archive
	z, err := gzip.NewReader(r)
	if err != nil {
		return ""
	}
	sum := sha256.New()
	if _, err := io.Copy(sum, z); err != nil {
		return ""
	}
	return name(sum)
}

// Write writes the next bytes.
func (i *Incoming) Write(p []byte) (int, error) {
	n, err := i.file.Write(p)
	i.n += int64(n)
	_, _ = i.sum.Write(p[:n])           // a digest takes everything
	_, pipeErr := i.unpack.Write(p[:n]) // read to the end by unpackAll
	return n, errors.Join(err, pipeErr)
}

// Size is how many bytes were written.
func (i *Incoming) Size() int64 { return i.n }

// Drop forgets it.
func (i *Incoming) Drop() {
	_ = i.unpack.Close()
	<-i.unpacked
	_ = i.file.Close()
	_ = os.Remove(i.file.Name())
}

// Keep keeps it as part of the image of that id with those layers. What has
// another digest than the given one, and what is no part of the image, is an
// error.
func (i *Incoming) Keep(given, id string, layers []string) error {
	_ = i.unpack.Close()
	diffID := <-i.unpacked
	defer os.Remove(i.file.Name()) //nolint:errcheck // what was kept has another name
	defer i.file.Close()           //nolint:errcheck // everything was written
	i.s.mu.Lock()
	defer i.s.mu.Unlock()
	switch got := name(i.sum); {
	case got != given:
		return fmt.Errorf("what came is %s and not %s", got, given)
	case given == id:
		return i.config(id)
	case !slices.Contains(layers, diffID):
		return fmt.Errorf("%s is no part of the image", given)
	}
	l, err := i.s.layer(diffID)
	switch {
	case err != nil:
		return err
	case l.Knows(given):
		return nil
	case l.Digest != "": // packed another way before: that one stays, hosts know its digest
		l.Also = append(l.Also, given)
	default:
		l = Layer{DiffID: diffID, Digest: given, Size: i.n}
		if err := i.s.place(i.file, i.s.file("blobs", given), nil); err != nil {
			return fmt.Errorf("keeping a layer in the bot's own stock: %w", err)
		}
	}
	text, err := json.Marshal(l)
	if err == nil {
		err = i.s.put(i.s.file("layers", diffID), text)
	}
	return err
}

func (i *Incoming) config(id string) error {
	if i.n > small {
		return fmt.Errorf("a configuration of %d bytes is none", i.n)
	}
	text := make([]byte, i.n)
	if _, err := i.file.ReadAt(text, 0); err != nil {
		return err
	}
	return i.s.put(i.s.file("configs", id), text)
}

// Complete is an image that has come in parts. What is too much goes.
func (s *Stock) Complete(id string) (i Image, ok bool, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	i, ok, err = s.Image(id)
	if err != nil || !ok {
		return i, ok, err
	}
	return i, len(i.Missing(0)) == 0, s.trim(i.digests())
}

func (i Image) digests() (all []string) {
	for _, l := range i.Layers {
		all = append(all, l.Digest)
	}
	return all
}

// Layer is what is known of a layer, by the digest of its unpacked archive;
// without a digest where it is not here.
func (s *Stock) Layer(diffID string) (Layer, error) {
	if !isDigest(diffID) {
		return Layer{DiffID: diffID}, nil
	}
	return s.layer(diffID)
}
