package shell

import (
	"strings"
)

// builder collects what words expand to. A word becomes any number of fields:
// unquoted expansions are split at the characters of IFS. POSIX 2.6.5.
type builder struct {
	ifs    string
	split  bool // whether fields are made at all
	inner  bool // in a word of an expansion, whose literals are split too
	done   []field
	text   []byte // the field under way
	pat    []byte // the same as a pattern: quoted characters escaped
	glob   bool   // it holds a pattern character that is not quoted
	any    bool   // it exists even when it is empty
	spaced bool   // the last field was ended by white space of IFS
}

// field is one word of a command.
type field struct {
	text, pattern string
	glob          bool
}

const magic = `*?[]\-!^`

// add takes literal text.
func (b *builder) add(text string, quoted bool) {
	b.spaced = false
	b.text = append(b.text, text...)
	if !quoted {
		b.pat = append(b.pat, text...)
		b.glob = b.glob || wild(text)
		return
	}
	b.any = true
	for i := range len(text) {
		if strings.IndexByte(magic, text[i]) >= 0 {
			b.pat = append(b.pat, '\\')
		}
		b.pat = append(b.pat, text[i])
	}
}

// wild reports a pattern; a bracket alone, as of the command [, is none.
func wild(text string) bool {
	if strings.ContainsAny(text, "*?") {
		return true
	}
	open := strings.IndexByte(text, '[')
	return open >= 0 && strings.IndexByte(text[open:], ']') > 0
}

// plain takes an unquoted literal.
func (b *builder) plain(text string) {
	switch {
	case text == "":
	case b.inner:
		b.expanded(text, false)
	default:
		b.add(text, false)
	}
}

// expanded takes what an expansion gave.
func (b *builder) expanded(text string, quoted bool) {
	if quoted || !b.split {
		b.add(text, quoted)
		return
	}
	for text != "" {
		i := strings.IndexAny(text, b.ifs)
		if i < 0 || b.ifs == "" {
			b.add(text, false)
			return
		}
		if i > 0 {
			b.add(text[:i], false)
		}
		b.delimiter(text[i])
		text = text[i+1:]
	}
}

func (b *builder) delimiter(c byte) {
	white := c == ' ' || c == '\t' || c == '\n'
	switch {
	case white && b.empty():
	case white:
		b.end()
		b.spaced = true
	case b.spaced: // the white space and this are one delimiter
		b.spaced = false
	default:
		b.any = true
		b.end()
	}
}

func (b *builder) empty() bool { return len(b.text) == 0 && !b.any }

// end ends the field under way, unless there is none.
func (b *builder) end() {
	if !b.empty() {
		b.done = append(b.done, field{string(b.text), string(b.pat), b.glob})
	}
	b.text, b.pat, b.glob, b.any = b.text[:0], b.pat[:0], false, false
}
