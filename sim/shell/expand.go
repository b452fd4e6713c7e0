package shell

import (
	"bytes"
	"io"
	"strings"

	"mvdan.cc/sh/v3/syntax"

	"vmqbot/sim/kernel"
)

// arguments expands the words of a command. What looks like an assignment to
// export and its like is expanded as one, without making fields.
func (s *shell) arguments(words []*syntax.Word) []string {
	if len(words) == 0 {
		return nil
	}
	if lit := words[0].Lit(); lit != "export" && lit != "readonly" && lit != "local" {
		return s.fields(words)
	}
	var argv []string
	for _, w := range words {
		if first, ok := w.Parts[0].(*syntax.Lit); ok {
			if name, _, found := strings.Cut(first.Value, "="); found && syntax.ValidName(name) {
				argv = append(argv, s.literal(w))
				continue
			}
		}
		argv = append(argv, s.fields([]*syntax.Word{w})...)
	}
	return argv
}

// fields expands words to fields, with pathnames.
func (s *shell) fields(words []*syntax.Word) []string {
	var list []string
	for _, w := range words {
		if len(w.Parts) == 1 { // most words are plain
			if lit, ok := w.Parts[0].(*syntax.Lit); ok && !wild(lit.Value) && !strings.ContainsAny(lit.Value, `\~`) {
				list = append(list, lit.Value)
				continue
			}
		}
		b := &builder{ifs: s.ifs(), split: true}
		s.word(b, w, false)
		b.end()
		for _, f := range b.done {
			if f.glob && !s.flags['f'] {
				if found := s.paths(f.pattern); len(found) > 0 {
					list = append(list, found...)
					continue
				}
			}
			list = append(list, f.text)
		}
	}
	return list
}

func (s *shell) ifs() string {
	if ifs, ok := s.get("IFS"); ok {
		return ifs
	}
	return " \t\n"
}

// literal expands a word to one string.
func (s *shell) literal(w *syntax.Word) string {
	b := s.whole(w)
	return string(b.text)
}

// pattern expands a word to a pattern.
func (s *shell) pattern(w *syntax.Word) string {
	b := s.whole(w)
	return string(b.pat)
}

func (s *shell) whole(w *syntax.Word) *builder {
	b := &builder{ifs: s.ifs()}
	if w != nil {
		s.word(b, w, false)
	}
	return b
}

// document expands the text of a here-document, unless its word was quoted.
// dashed takes the tabs away that lines begin with.
func (s *shell) document(w *syntax.Word, quoted, dashed bool) string {
	b := &builder{ifs: s.ifs()}
	begins := true
	for _, part := range w.Parts {
		if lit, ok := part.(*syntax.Lit); ok {
			text := lit.Value
			if dashed {
				text = untab(text, begins)
			}
			if begins = strings.HasSuffix(text, "\n"); !quoted {
				text = unescape(text, "$`\\\n")
			}
			b.add(text, true)
			continue
		}
		begins = false
		s.part(b, part, true)
	}
	return string(b.text)
}

func untab(text string, begins bool) string {
	var out strings.Builder
	for line := range strings.Lines(text) {
		if begins {
			line = strings.TrimLeft(line, "\t")
		}
		begins = true
		out.WriteString(line)
	}
	return out.String()
}

func (s *shell) word(b *builder, w *syntax.Word, quoted bool) {
	for i, part := range w.Parts {
		if s.stopped() {
			return
		}
		if lit, ok := part.(*syntax.Lit); ok && i == 0 && !quoted {
			s.tilde(b, lit.Value)
			continue
		}
		s.part(b, part, quoted)
	}
}

// tilde takes the literal that a word begins with.
func (s *shell) tilde(b *builder, text string) {
	name, rest, slash := strings.Cut(text, "/")
	if home, ok := s.get("HOME"); ok && name == "~" {
		b.add(home, true)
		if text = ""; slash {
			text = "/" + rest
		}
	}
	bare(b, text)
}

func (s *shell) part(b *builder, part syntax.WordPart, quoted bool) {
	switch p := part.(type) {
	case *syntax.Lit:
		if quoted {
			b.add(unescape(p.Value, "$`\"\\\n}"), true)
		} else {
			bare(b, p.Value)
		}
	case *syntax.SglQuoted:
		b.add(p.Value, true)
	case *syntax.DblQuoted:
		s.doubleQuoted(b, p)
	case *syntax.ParamExp:
		s.parameter(b, p, quoted)
	case *syntax.CmdSubst:
		b.expanded(s.substitute(p), quoted)
	case *syntax.ArithmExp:
		if n, ok := s.arithmetic(p.X); ok {
			b.expanded(n, quoted)
		}
	default:
		s.fatal("Bad substitution")
	}
}

// doubleQuoted makes a field even of nothing, but not of "$@" without
// parameters.
func (s *shell) doubleQuoted(b *builder, q *syntax.DblQuoted) {
	if len(q.Parts) == 1 {
		if p, ok := q.Parts[0].(*syntax.ParamExp); ok && p.Param.Value == "@" && p.Exp == nil && !p.Length {
			s.parameter(b, p, true)
			return
		}
	}
	b.add("", true)
	for _, part := range q.Parts {
		s.part(b, part, true)
	}
}

// bare takes a literal outside quotes, where a backslash quotes any character.
func bare(b *builder, text string) {
	for {
		i := strings.IndexByte(text, '\\')
		if i < 0 || i == len(text)-1 {
			b.plain(text)
			return
		}
		b.plain(text[:i])
		if text[i+1] != '\n' {
			b.add(text[i+1:i+2], true)
		}
		text = text[i+2:]
	}
}

// unescape takes backslashes away before the characters that they quote.
func unescape(text, quotes string) string {
	if strings.IndexByte(text, '\\') < 0 {
		return text
	}
	var out strings.Builder
	for i := 0; i < len(text); i++ {
		if text[i] == '\\' && i+1 < len(text) && strings.IndexByte(quotes, text[i+1]) >= 0 {
			if i++; text[i] == '\n' {
				continue
			}
		}
		out.WriteByte(text[i])
	}
	return out.String()
}

// substitute is the output of a command without the newlines at its end.
func (s *shell) substitute(c *syntax.CmdSubst) string {
	r, w := kernel.NewPipe()
	fds := s.p.CopyFDs()
	if old := fds[1]; old != nil {
		_ = old.Close()
	}
	fds[1] = w
	sub := s.clone()
	sub.tested = 0
	child, err := s.p.Start(kernel.Spec{Argv: s.p.Argv, FDs: fds, Main: func(p *kernel.Process) int {
		sub.p = p
		sub.stmts(c.Stmts, true)
		return sub.leave()
	}})
	if err != nil {
		_ = r.Close()
		s.cannotFork(err)
		return ""
	}
	var out bytes.Buffer
	_, _ = io.Copy(&out, s.p.Use(r)) // a killed shell reads no more
	_ = r.Close()
	s.await([]*kernel.Process{child})
	s.subst = s.status
	return strings.TrimRight(strings.ReplaceAll(out.String(), "\x00", ""), "\n")
}
