package secret

import (
	"io"
	"slices"
	"strings"
)

// Redactor takes secrets out of text that others wrote: those that it knows by
// value, and what looks like one. A tool may echo a word of its command line,
// and a log may hold a password. One stands before
// every sink. The nil Redactor changes nothing.
type Redactor struct {
	replace *strings.Replacer
}

// NewRedactor knows the given secrets; empty ones are left out.
func NewRedactor(secrets ...string) *Redactor {
	secrets = slices.DeleteFunc(slices.Clone(secrets), func(s string) bool { return s == "" })
	slices.SortFunc(secrets, func(a, b string) int { return len(b) - len(a) }) // one may be part of another
	var pairs []string
	for _, s := range secrets {
		pairs = append(pairs, s, redacted)
	}
	return &Redactor{strings.NewReplacer(pairs...)}
}

// Text returns s without the secrets.
func (r *Redactor) Text(s string) string {
	if r == nil {
		return s
	}
	return byPattern(r.replace.Replace(s))
}

// Writer returns a writer that redacts what is written to it, one Write at a
// time: a secret that is split between two is not found, so write whole texts.
func (r *Redactor) Writer(w io.Writer) io.Writer { return redactingWriter{r, w} }

type redactingWriter struct {
	r *Redactor
	w io.Writer
}

func (w redactingWriter) Write(p []byte) (int, error) {
	if _, err := io.WriteString(w.w, w.r.Text(string(p))); err != nil {
		return 0, err
	}
	return len(p), nil
}
