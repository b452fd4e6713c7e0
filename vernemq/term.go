package vernemq

import (
	"regexp"
	"strconv"
	"strings"
)

// Erlang terms as io:format("~p") prints them: an atom, a tuple, a list
// ([]any), an int64, a float64, a string, and opaque for what can be skipped
// only (binaries, maps, processes, funs).
type (
	atom   string
	tuple  []any
	opaque string
)

var termTokens = []struct {
	pattern *regexp.Regexp
	value   func(s string) (any, bool)
}{
	{regexp.MustCompile(`\A[a-z][\w@]*`), func(s string) (any, bool) { return atom(s), true }},
	{regexp.MustCompile(`\A'(?:[^'\\]|\\.)*'`), func(s string) (any, bool) { return atom(s[1 : len(s)-1]), true }},
	{regexp.MustCompile(`\A"(?:[^"\\]|\\.)*"`), func(s string) (any, bool) { v, err := strconv.Unquote(s); return v, err == nil }},
	{regexp.MustCompile(`\A-?\d+\.\d+(?:e[+-]?\d+)?`), func(s string) (any, bool) { v, err := strconv.ParseFloat(s, 64); return v, err == nil }},
	{regexp.MustCompile(`\A-?\d+`), func(s string) (any, bool) { v, err := strconv.ParseInt(s, 10, 64); return v, err == nil }},
	{regexp.MustCompile(`\A<<(?:"(?:[^"\\]|\\.)*"(?:/utf8)?|[\d,:\s]*)>>|\A<[\d.]+>|\A#(?:Fun|Ref|Port)<[^<>]*>`), func(s string) (any, bool) { return opaque(s), true }},
}

// parseTerm reads one whole term; it refuses one that was cut short.
func parseTerm(s string) (any, bool) {
	p := termParser{rest: s}
	v, ok := p.term(0)
	p.space()
	return v, ok && p.rest == ""
}

type termParser struct{ rest string }

func (p *termParser) space() { p.rest = strings.TrimLeft(p.rest, " \t\n") }

func (p *termParser) take(s string) bool {
	p.space()
	rest, ok := strings.CutPrefix(p.rest, s)
	if ok {
		p.rest = rest
	}
	return ok
}

const deepest = 64 // no listener's options nest that deep

func (p *termParser) term(depth int) (any, bool) {
	if depth > deepest {
		return nil, false
	}
	switch {
	case p.take("#{"):
		_, ok := p.items("}", depth)
		return opaque("map"), ok
	case p.take("{"):
		items, ok := p.items("}", depth)
		return tuple(items), ok
	case p.take("["):
		items, ok := p.items("]", depth)
		return items, ok
	}
	for _, t := range termTokens {
		if s := t.pattern.FindString(p.rest); s != "" {
			p.rest = p.rest[len(s):]
			return t.value(s)
		}
	}
	return nil, false
}

// items reads terms up to the closing bracket. Between two stands a comma;
// in maps also =>, in improper lists a bar.
func (p *termParser) items(end string, depth int) ([]any, bool) {
	items := []any{}
	if p.take(end) {
		return items, true
	}
	for {
		v, ok := p.term(depth + 1)
		if !ok {
			return nil, false
		}
		items = append(items, v)
		if p.take(end) {
			return items, true
		}
		if !p.take(",") && !p.take("=>") && !p.take("|") {
			return nil, false
		}
	}
}
