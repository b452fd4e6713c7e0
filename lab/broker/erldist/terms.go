package erldist

import (
	"errors"
	"strconv"
	"strings"
	"unicode"
)

// Term is one Erlang term: Atom name, integer, string, Tuple or List.
type Term any

// The kinds of terms that are not Go's own int and string.
type (
	// AtomTerm is an atom without its quotes.
	AtomTerm string
	// Tuple is {a,b}.
	Tuple []Term
	// List is [a,b].
	List []Term
)

// errTerm is erl_parse's word for everything that it cannot read.
var errTerm = errors.New("bad term")

// ParseTerms reads terms that end with a dot each, as nodetool rpcterms takes
// its arguments: "vmq. {10,0,0,2}. 44053. []. ". Anything else, a comma
// between the terms for example, is an error.
func ParseTerms(s string) ([]Term, error) {
	p := &termParser{rest: s}
	var out []Term
	for {
		p.space()
		if p.rest == "" {
			return out, nil
		}
		t, err := p.term()
		if err != nil {
			return nil, err
		}
		if !p.take(".") {
			return nil, errTerm
		}
		out = append(out, t)
	}
}

type termParser struct{ rest string }

func (p *termParser) space() { p.rest = strings.TrimLeft(p.rest, " \t\r\n") }

func (p *termParser) take(s string) bool {
	p.space()
	rest, ok := strings.CutPrefix(p.rest, s)
	p.rest = rest
	return ok
}

func (p *termParser) term() (Term, error) {
	p.space()
	if p.rest == "" {
		return nil, errTerm
	}
	switch c := p.rest[0]; {
	case c == '{':
		list, err := p.sequence("{", "}")
		return Tuple(list), err
	case c == '[':
		list, err := p.sequence("[", "]")
		return List(list), err
	case c == '"':
		s, err := p.quoted('"')
		return s, err
	case c == '\'':
		s, err := p.quoted('\'')
		return AtomTerm(s), err
	case c == '-' || c >= '0' && c <= '9':
		return p.number()
	case c >= 'a' && c <= 'z':
		word := p.while(func(r rune) bool { return r == '_' || r == '@' || unicode.IsLetter(r) || unicode.IsDigit(r) })
		return AtomTerm(word), nil
	}
	return nil, errTerm
}

func (p *termParser) sequence(begin, end string) ([]Term, error) {
	p.take(begin)
	var out []Term
	if p.take(end) {
		return out, nil
	}
	for {
		t, err := p.term()
		if err != nil {
			return nil, err
		}
		out = append(out, t)
		if p.take(end) {
			return out, nil
		}
		if !p.take(",") {
			return nil, errTerm
		}
	}
}

func (p *termParser) quoted(q byte) (string, error) {
	i := strings.IndexByte(p.rest[1:], q)
	if i < 0 {
		return "", errTerm
	}
	s := p.rest[1 : 1+i]
	p.rest = p.rest[i+2:]
	return s, nil
}

func (p *termParser) number() (Term, error) {
	n, err := strconv.Atoi(p.while(func(r rune) bool { return r == '-' || unicode.IsDigit(r) }))
	if err != nil {
		return nil, errTerm
	}
	return n, nil
}

func (p *termParser) while(ok func(rune) bool) string {
	end := strings.IndexFunc(p.rest, func(r rune) bool { return !ok(r) })
	if end < 0 {
		end = len(p.rest)
	}
	word := p.rest[:end]
	p.rest = p.rest[end:]
	return word
}
