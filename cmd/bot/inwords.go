package main

import (
	"bytes"
	"io"
)

// inWords is a stream of English lines in this terminal's language. Close says what
// is left of a line that has no end.
func (p *process) inWords(w io.Writer) *inWords { return &inWords{w: w, say: p.tongue.Text} }

// inWords says each line as a whole: a sentence that is cut has no translation.
type inWords struct {
	w    io.Writer
	say  func(string) string
	rest []byte
}

// Write passes on the lines that have ended.
func (i *inWords) Write(b []byte) (int, error) {
	i.rest = append(i.rest, b...)
	end := bytes.LastIndexByte(i.rest, '\n') + 1
	if end == 0 {
		return len(b), nil
	}
	lines := string(i.rest[:end])
	i.rest = append([]byte(nil), i.rest[end:]...)
	if _, err := io.WriteString(i.w, i.say(lines)); err != nil {
		return 0, err
	}
	return len(b), nil
}

// Close passes on the rest.
func (i *inWords) Close() error {
	_, err := io.WriteString(i.w, i.say(string(i.rest)))
	i.rest = nil
	return err
}
