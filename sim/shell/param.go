package shell

import (
	"strconv"
	"strings"

	"mvdan.cc/sh/v3/syntax"
)

// parameter expands $name and ${name...}.
func (s *shell) parameter(b *builder, p *syntax.ParamExp, quoted bool) {
	name := p.Param.Value
	if p.Excl || p.Slice != nil || p.Repl != nil || p.Names != 0 || p.Index != nil {
		s.fatal("Bad substitution")
		return
	}
	if p.Exp == nil && !p.Length && (name == "@" || name == "*") {
		s.all(b, name == "@", quoted)
		return
	}
	value, set := s.lookup(name)
	if p.Length {
		if !set && s.flags['u'] {
			s.fatal("%s: parameter not set", name)
			return
		}
		if name == "@" || name == "*" {
			value = strings.Join(s.params, " ")
		}
		b.expanded(strconv.Itoa(len(value)), quoted)
		return
	}
	if p.Exp != nil {
		s.operate(b, p, value, set, quoted)
		return
	}
	if !set && s.flags['u'] {
		s.fatal("%s: parameter not set", name)
		return
	}
	b.expanded(value, quoted)
}

// operate does what follows the name in braces.
func (s *shell) operate(b *builder, p *syntax.ParamExp, value string, set, quoted bool) {
	name, op, word := p.Param.Value, p.Exp.Op, p.Exp.Word
	give := func() {
		if name == "@" || name == "*" {
			s.all(b, name == "@", quoted)
			return
		}
		b.expanded(value, quoted)
	}
	full := set
	switch op {
	case syntax.AlternateUnsetOrNull, syntax.DefaultUnsetOrNull, syntax.AssignUnsetOrNull, syntax.ErrorUnsetOrNull:
		full = set && value != ""
	}
	switch op {
	case syntax.AlternateUnset, syntax.AlternateUnsetOrNull:
		if full {
			s.operand(b, word, quoted)
		}
	case syntax.DefaultUnset, syntax.DefaultUnsetOrNull:
		if full {
			give()
		} else {
			s.operand(b, word, quoted)
		}
	case syntax.AssignUnset, syntax.AssignUnsetOrNull:
		if !full {
			if !syntax.ValidName(name) {
				s.fatal("%s: bad variable name", name)
				return
			}
			w := &builder{ifs: s.ifs()}
			s.operand(w, word, quoted)
			if value = string(w.text); s.stopped() || !s.set(name, value) {
				return
			}
		}
		give()
	case syntax.ErrorUnset, syntax.ErrorUnsetOrNull:
		if full {
			give()
			return
		}
		text := "parameter not set"
		if word != nil {
			text = s.literal(word)
		} else if op == syntax.ErrorUnsetOrNull {
			text = "parameter not set or null"
		}
		s.fatal("%s: %s", name, text)
	default:
		if !set && s.flags['u'] {
			s.fatal("%s: parameter not set", name)
			return
		}
		pattern := s.pattern(word)
		b.expanded(trim(value, pattern, op), quoted)
	}
}

func (s *shell) operand(b *builder, w *syntax.Word, quoted bool) {
	if w == nil {
		return
	}
	if !quoted {
		outer := b.inner
		b.inner = true
		s.word(b, w, false)
		b.inner = outer
		return
	}
	for _, part := range w.Parts {
		if q, ok := part.(*syntax.DblQuoted); ok { // quotes in quotes
			s.doubleQuoted(b, q)
			continue
		}
		s.part(b, part, true)
	}
}

// all is $@ and $*.
func (s *shell) all(b *builder, at, quoted bool) {
	ifs := s.ifs()
	if quoted && !at || !b.split {
		sep := ""
		if at {
			sep = " "
		} else if ifs != "" {
			sep = ifs[:1]
		}
		b.expanded(strings.Join(s.params, sep), quoted)
		return
	}
	for i, param := range s.params {
		if i > 0 {
			b.end()
		}
		b.expanded(param, quoted)
	}
}

// lookup is the value of a variable or a special parameter.
func (s *shell) lookup(name string) (value string, set bool) {
	switch name {
	case "?":
		return strconv.Itoa(s.status), true
	case "$":
		return strconv.Itoa(s.pid), true
	case "!":
		if s.last == 0 {
			return "", false
		}
		return strconv.Itoa(s.last), true
	case "#":
		return strconv.Itoa(len(s.params)), true
	case "0":
		return s.name, true
	case "-":
		return s.flagWord(), true
	case "@", "*":
		return strings.Join(s.params, " "), len(s.params) > 0
	case "LINENO":
		return strconv.Itoa(int(s.line)), true
	}
	if name[0] >= '0' && name[0] <= '9' {
		n, err := strconv.Atoi(name)
		if err != nil || n > len(s.params) {
			return "", false
		}
		return s.params[n-1], true
	}
	return s.get(name)
}

// trim removes a prefix or suffix that matches.
func trim(value, pattern string, op syntax.ParExpOperator) string {
	switch op {
	case syntax.RemSmallPrefix:
		for i := 0; i <= len(value); i++ {
			if match(pattern, value[:i]) {
				return value[i:]
			}
		}
	case syntax.RemLargePrefix:
		for i := len(value); i >= 0; i-- {
			if match(pattern, value[:i]) {
				return value[i:]
			}
		}
	case syntax.RemSmallSuffix:
		for i := len(value); i >= 0; i-- {
			if match(pattern, value[i:]) {
				return value[:i]
			}
		}
	case syntax.RemLargeSuffix:
		for i := 0; i <= len(value); i++ {
			if match(pattern, value[i:]) {
				return value[:i]
			}
		}
	}
	return value
}
