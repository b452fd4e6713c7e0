package stock

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"os"
	"slices"
)

// small is how long an entry may be that is read into memory: a configuration
// is some kilobytes.
const small = 1 << 20

// Take reads what `docker save` writes to its end, and keeps the configuration
// of the image and those of the wanted layers that it does not have. Every other
// byte is passed over. The archive is believed in nothing: an image that is not
// in it, or not whole, is an error.
func (s *Stock) Take(ctx context.Context, archive io.Reader, id string, want []string) (Image, error) {
	if !isDigest(id) {
		return Image{}, fmt.Errorf("%q is no image's id", id)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	var config []byte
	for r := tar.NewReader(archive); ; {
		if err := ctx.Err(); err != nil {
			return Image{}, err
		}
		h, err := r.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return Image{}, fmt.Errorf("reading the archive of the image: %w", err)
		}
		if h.Typeflag != tar.TypeReg {
			continue
		}
		body, err := s.entry(r, h.Size, want)
		if err != nil {
			return Image{}, err
		}
		if body != nil && digest(body) == id {
			config = body
		}
	}
	if config == nil {
		return Image{}, fmt.Errorf("the archive does not hold the image %s", id)
	}
	if err := s.put(s.file("configs", id), config); err != nil {
		return Image{}, fmt.Errorf("keeping the image in the bot's own stock: %w", err)
	}
	i, err := s.image(id, config)
	if err != nil {
		return i, err
	}
	for _, d := range i.Missing(0) {
		if slices.Contains(want, d) {
			return i, fmt.Errorf("the archive lacks the layer %s of the image", d)
		}
	}
	return i, s.trim(i.digests())
}

// entry reads one file of the archive; one that is small is returned as well.
func (s *Stock) entry(from io.Reader, size int64, want []string) ([]byte, error) {
	if size <= small {
		body, err := io.ReadAll(io.LimitReader(from, small))
		if err != nil {
			return nil, fmt.Errorf("reading the archive of the image: %w", err)
		}
		return body, s.keep(bytes.NewReader(body), digest(body), want)
	}
	f, err := s.temp()
	if err != nil {
		return nil, fmt.Errorf("keeping the image in the bot's own stock: %w", err)
	}
	defer os.Remove(f.Name()) //nolint:errcheck // what stays is litter
	defer f.Close()           //nolint:errcheck // it was read back
	sum := sha256.New()
	if _, err := io.Copy(io.MultiWriter(f, sum), from); err != nil {
		return nil, fmt.Errorf("copying the image into the bot's own stock: %w", err)
	}
	return nil, s.keep(f, name(sum), want)
}

// keep keeps a layer that is wanted and not here. One that came compressed
// stays as it came. id is the digest of the body.
func (s *Stock) keep(body io.ReadSeeker, id string, want []string) error {
	if _, err := body.Seek(0, io.SeekStart); err != nil {
		return err
	}
	head := make([]byte, 2)
	n, _ := io.ReadFull(body, head)
	packed := bytes.Equal(head[:n], []byte{0x1f, 0x8b})
	if packed {
		var err error
		if id, err = unpackedDigest(body); err != nil {
			return nil //nolint:nilerr // something that looks like gzip and is not is no layer
		}
	}
	if !slices.Contains(want, id) {
		return nil
	}
	if l, err := s.layer(id); err != nil || l.Digest != "" {
		return err
	}
	if _, err := body.Seek(0, io.SeekStart); err != nil {
		return err
	}
	l, err := s.compress(body, packed)
	if err != nil {
		return fmt.Errorf("keeping a layer in the bot's own stock: %w", err)
	}
	l.DiffID = id
	text, err := json.Marshal(l)
	if err == nil {
		err = s.put(s.file("layers", id), text)
	}
	return err
}

func unpackedDigest(body io.ReadSeeker) (string, error) {
	if _, err := body.Seek(0, io.SeekStart); err != nil {
		return "", err
	}
	z, err := gzip.NewReader(body)
	if err != nil {
		return "", err
	}
	sum := sha256.New()
	_, err = io.Copy(sum, z)
	return name(sum), err
}

// compress writes a layer into the stock. The codec is gzip, which every engine
// reads: zstd needs 23.0.
func (s *Stock) compress(body io.Reader, packed bool) (l Layer, err error) {
	f, err := s.temp()
	if err != nil {
		return l, err
	}
	sum := sha256.New()
	both := &counter{to: io.MultiWriter(f, sum)}
	if packed {
		_, err = io.Copy(both, body)
	} else {
		z := gzip.NewWriter(both)
		_, err = io.Copy(z, body)
		err = errors.Join(err, z.Close())
	}
	l.Digest, l.Size = name(sum), both.n
	return l, s.place(f, s.file("blobs", l.Digest), err)
}

func name(sum hash.Hash) string { return "sha256:" + hex.EncodeToString(sum.Sum(nil)) }

type counter struct {
	to io.Writer
	n  int64
}

// Write writes and counts.
func (c *counter) Write(p []byte) (int, error) {
	n, err := c.to.Write(p)
	c.n += int64(n)
	return n, err
}
