package dockerd

import (
	"bufio"
	"bytes"
	"compress/bzip2"
	"compress/gzip"
	"io"
)

// plainly undoes the compressions that Docker 20.10 knows, as far as the
// standard library does.
func plainly(from io.Reader) (io.Reader, error) {
	src := bufio.NewReader(from)
	head, _ := src.Peek(4)
	switch {
	case bytes.HasPrefix(head, []byte{0x1f, 0x8b}):
		return gzip.NewReader(src)
	case bytes.HasPrefix(head, []byte("BZh")):
		return bzip2.NewReader(src), nil
	}
	return src, nil
}
