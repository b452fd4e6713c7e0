package speech

import (
	"strings"
	"unicode/utf8"
)

const (
	mostReadings = 12  // of one form on one text
	mostTries    = 400 // places that are tried for them
)

// match calls read with what stands in the holes, for each way to read s as the
// form; the shortest holes first. Where read returns false it ends.
func (f *form) match(s string, read func(args []string) bool) {
	rest, found := cutFold(s, f.lits[0])
	if !found || !strings.HasSuffix(rest, f.lits[len(f.lits)-1]) {
		return
	}
	if len(f.holes) == 0 {
		if rest == "" {
			read(nil)
		}
		return
	}
	m := matcher{f: f, held: make([]string, len(f.holes)), read: read}
	m.hole(0, rest)
}

// matcher is one search for readings.
type matcher struct {
	f               *form
	held            []string
	read            func([]string) bool
	readings, tries int
}

// hole fills hole i and those after it from what begins s; it reports whether to go on.
func (m *matcher) hole(i int, s string) bool {
	after := m.f.lits[i+1]
	if i == len(m.f.holes)-1 {
		if text, found := strings.CutSuffix(s, after); found && fits(m.f.holes[i].verb, text) {
			m.held[i] = text
			m.readings++
			if args, agree := m.args(); agree && !m.read(args) {
				return false
			}
		}
		return m.readings < mostReadings
	}
	for from := 0; from <= len(s); {
		at := strings.Index(s[from:], after)
		if at < 0 {
			return true
		}
		if m.tries++; m.tries > mostTries {
			return false
		}
		if text := s[:from+at]; fits(m.f.holes[i].verb, text) {
			m.held[i] = text
			if !m.hole(i+1, s[from+at+len(after):]) {
				return false
			}
		}
		from += at + 1
	}
	return true
}

// args are the held texts by argument; what is printed twice must be the same.
func (m *matcher) args() ([]string, bool) {
	most := 0
	for _, h := range m.f.holes {
		most = max(most, h.arg)
	}
	args, set := make([]string, most+1), make([]bool, most+1)
	for i, h := range m.f.holes {
		if set[h.arg] && args[h.arg] != m.held[i] {
			return nil, false
		}
		args[h.arg], set[h.arg] = m.held[i], true
	}
	return args, true
}

// fits reports whether the verb could have printed the text.
func fits(verb byte, text string) bool {
	switch verb {
	case 'd':
		return number(strings.TrimPrefix(strings.TrimLeft(text, " "), "-"), "0123456789")
	case 'x', 'X':
		return number(text, "0123456789abcdefABCDEF")
	case 'f', 'g':
		return number(strings.TrimPrefix(strings.TrimLeft(text, " "), "-"), "0123456789.e+-")
	case 'q':
		return len(text) >= 2 && text[0] == text[len(text)-1] && strings.ContainsRune("\"'`", rune(text[0]))
	case 't':
		return text == "true" || text == "false"
	case 'c':
		return utf8.RuneCountInString(text) == 1
	default:
		return true
	}
}

func number(text, digits string) bool { return text != "" && strings.Trim(text, digits) == "" }

// cutFold cuts a prefix that may be written with a large letter though it begins
// with a small one: a sentence that comes to stand at the beginning.
func cutFold(s, prefix string) (string, bool) {
	if prefix == "" {
		return s, true
	}
	if len(s) < len(prefix) || s[1:len(prefix)] != prefix[1:] || s[0] != prefix[0] && strings.ToLower(s[:1]) != prefix[:1] {
		return s, false
	}
	return s[len(prefix):], true
}
