// Package secret holds the type of every value that must never be printed.
// Text reveals itself to the wire only, by an explicit call.
package secret

import (
	"crypto/pbkdf2"
	"crypto/sha256"
	"encoding/hex"
	"unique"
)

const redacted = "[redacted]"

// Text is a value that prints as [redacted] in every form that fmt,
// encoding/json, YAML and slog know. The zero value is an absent secret.
type Text struct{ v box }

// box keeps a value behind a pointer: fmt calls no method of an unexported
// field, nor of any field for verbs like %d, and prints what is inside. Equal
// values are equal boxes.
type box struct{ h unique.Handle[string] }

func seal(v string) (b box) {
	if v != "" {
		b.h = unique.Make(v)
	}
	return b
}

func (b box) open() string {
	if b == (box{}) {
		return ""
	}
	return b.h.Value()
}

// New wraps v.
func New(v string) Text { return Text{seal(v)} }

// IsZero reports whether there is no secret here.
func (t Text) IsZero() bool { return t.v == (box{}) }

// Digest tells two secrets apart without telling either: twelve digits of a
// slow derivation, so that a short secret cannot be found by trying words.
func (t Text) Digest() string {
	key, err := pbkdf2.Key(sha256.New, t.Reveal(), []byte("vmqbot digest"), rounds, 6)
	if err != nil {
		panic("a digest of six bytes is always possible: " + err.Error())
	}
	return hex.EncodeToString(key)
}

// rounds make one digest cost some milliseconds.
const rounds = 20_000

// Reveal returns the value, for the wire only.
func (t Text) Reveal() string { return t.v.open() }

// String returns [redacted], or nothing when there is no secret.
func (t Text) String() string {
	if t.IsZero() {
		return ""
	}
	return redacted
}

// GoString hides the value from %#v.
func (t Text) GoString() string { return t.String() }

// MarshalText hides the value from JSON, YAML and slog.
func (t Text) MarshalText() ([]byte, error) { return []byte(t.String()), nil }

// UnmarshalText takes the value in.
func (t *Text) UnmarshalText(b []byte) error { t.v = seal(string(b)); return nil }
