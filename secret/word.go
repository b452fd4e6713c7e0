package secret

// Word is one word of a command line or one value of a configuration file:
// plain text, or a secret that prints as [redacted]. The zero value is an
// empty plain word.
type Word struct {
	plain  string // of a plain word
	secret box    // of a hidden one
	hidden bool
}

// Plain wraps a word that anybody may read.
func Plain(v string) Word { return Word{plain: v} }

// Hidden wraps a word that nobody may read.
func Hidden(v string) Word { return Word{secret: seal(v), hidden: true} }

// Words wraps plain words.
func Words(vs ...string) []Word {
	ws := make([]Word, len(vs))
	for i, v := range vs {
		ws[i] = Plain(v)
	}
	return ws
}

// IsHidden reports whether the word prints as [redacted].
func (w Word) IsHidden() bool { return w.hidden }

// Reveal returns the value, for the wire only.
func (w Word) Reveal() string {
	if w.hidden {
		return w.secret.open()
	}
	return w.plain
}

// String returns the word, or [redacted].
func (w Word) String() string {
	if w.hidden {
		return redacted
	}
	return w.plain
}

// GoString hides a secret from %#v.
func (w Word) GoString() string { return w.String() }

// MarshalText hides a secret from JSON, YAML and slog.
func (w Word) MarshalText() ([]byte, error) { return []byte(w.String()), nil }

// UnmarshalText takes a plain word in.
func (w *Word) UnmarshalText(b []byte) error { *w = Plain(string(b)); return nil }

// Reveal returns the values of all words, for the wire only.
func Reveal(ws []Word) []string {
	vs := make([]string, len(ws))
	for i, w := range ws {
		vs[i] = w.Reveal()
	}
	return vs
}
