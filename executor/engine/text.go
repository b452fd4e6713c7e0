package engine

import (
	"bytes"
	"strings"
)

// Most is the most bytes of one stream that are kept. A longer one is cut, so
// that a parser refuses it as truncated.
const Most = 4 << 20

// text keeps the beginning of a stream.
type text struct{ b strings.Builder }

func (t *text) Write(p []byte) (int, error) {
	t.b.Write(p[:min(len(p), Most-t.b.Len())])
	return len(p), nil
}

func (t *text) String() string { return t.b.String() }

// lines cuts a stream into lines for somebody who watches.
type lines struct {
	hear func(string)
	rest []byte
}

func newLines(hear func(string)) *lines { return &lines{hear: hear} }

func (l *lines) Write(p []byte) (int, error) {
	if l.hear == nil {
		return len(p), nil
	}
	l.rest = append(l.rest, p...)
	for {
		line, rest, whole := bytes.Cut(l.rest, []byte("\n"))
		if !whole {
			break
		}
		l.hear(strings.TrimSuffix(string(line), "\r"))
		l.rest = rest
	}
	if len(l.rest) > Most { // a line without end is not worth the memory
		l.end()
	}
	return len(p), nil
}

// end passes on what came after the last line break.
func (l *lines) end() {
	if l.hear != nil && len(l.rest) > 0 {
		l.hear(strings.TrimSuffix(string(l.rest), "\r"))
	}
	l.rest = nil
}

type tee struct {
	keep  *text
	lines *lines
}

func (t tee) Write(p []byte) (int, error) {
	_, _ = t.lines.Write(p)
	return t.keep.Write(p)
}
