package shell

import (
	"fmt"
	"strconv"
	"strings"
)

// echo is dash's: -n, and backslashes mean something.
func echo(s *shell, argv []string) int {
	args, end := argv[1:], "\n"
	if len(args) > 0 && args[0] == "-n" {
		args, end = args[1:], ""
	}
	text, stop := escapes(strings.Join(args, " "), true)
	if stop {
		end = ""
	}
	return s.print("echo", text+end)
}

func (s *shell) print(name, text string) int {
	if text == "" {
		return 0
	}
	if _, err := s.p.Stdout().Write([]byte(text)); err != nil {
		s.complain("%s: I/O error", name)
		return 1
	}
	return 0
}

var letters = map[byte]byte{'a': 7, 'b': 8, 'f': 12, 'n': '\n', 'r': '\r', 't': '\t', 'v': 11, '\\': '\\'}

// escapes reads backslashes; stop reports \c, which ends all output. In a
// format \ooo is an octal number, in an argument \0ooo.
func escapes(text string, argument bool) (out string, stop bool) {
	if strings.IndexByte(text, '\\') < 0 {
		return text, false
	}
	var b strings.Builder
	for i := 0; i < len(text); i++ {
		if text[i] != '\\' || i+1 == len(text) {
			b.WriteByte(text[i])
			continue
		}
		i++
		c := text[i]
		switch {
		case letters[c] != 0:
			b.WriteByte(letters[c])
		case c == 'c' && argument:
			return b.String(), true
		case c == '0' && argument || c >= '0' && c <= '7' && !argument:
			if argument {
				i++
			}
			end := i
			for end < len(text) && end < i+3 && text[end] >= '0' && text[end] <= '7' {
				end++
			}
			n, _ := strconv.ParseUint("0"+text[i:end], 8, 16)
			b.WriteByte(byte(n))
			i = end - 1
		default:
			b.WriteByte('\\')
			b.WriteByte(c)
		}
	}
	return b.String(), false
}

// printf prints; the format is used again while arguments are left.
func printf(s *shell, argv []string) int {
	args := argv[1:]
	if len(args) > 0 && args[0] == "--" {
		args = args[1:]
	}
	if len(args) == 0 {
		s.complain("printf: usage: printf format [arg ...]")
		return 2
	}
	f := &formatter{s: s, args: args[1:]}
	for {
		before := len(f.args)
		if f.once(args[0]) || len(f.args) == 0 || len(f.args) == before {
			break
		}
	}
	if status := s.print("printf", f.out.String()); status != 0 {
		return status
	}
	return f.status
}

type formatter struct {
	s      *shell
	args   []string
	out    strings.Builder
	status int
}

func (f *formatter) arg() (string, bool) {
	if len(f.args) == 0 {
		return "", false
	}
	word := f.args[0]
	f.args = f.args[1:]
	return word, true
}

// once goes through the format; stop reports \c.
func (f *formatter) once(format string) (stop bool) {
	for format != "" {
		i := strings.IndexByte(format, '%')
		if i < 0 {
			i = len(format)
		}
		text, _ := escapes(format[:i], false)
		f.out.WriteString(text)
		if format = format[i:]; format == "" {
			break
		}
		if strings.HasPrefix(format, "%%") {
			f.out.WriteByte('%')
			format = format[2:]
			continue
		}
		end := 1
		for end < len(format) && strings.IndexByte("#-+ 0123456789.*", format[end]) >= 0 {
			end++
		}
		if end == len(format) {
			f.s.complain("printf: %s: invalid directive", format)
			f.status = 1
			return true
		}
		spec := format[:end]
		for strings.Contains(spec, "*") {
			word, _ := f.arg()
			spec = strings.Replace(spec, "*", strconv.FormatInt(f.number(word), 10), 1)
		}
		if f.verb(spec, format[end]) {
			return true
		}
		format = format[end+1:]
	}
	return false
}

func (f *formatter) verb(spec string, verb byte) (stop bool) {
	word, _ := f.arg()
	switch verb {
	case 's':
		fmt.Fprintf(&f.out, spec+"s", word)
	case 'b':
		text, stop := escapes(word, true)
		fmt.Fprintf(&f.out, spec+"s", text)
		return stop
	case 'c':
		fmt.Fprintf(&f.out, spec+"s", word[:min(1, len(word))])
	case 'd', 'i':
		fmt.Fprintf(&f.out, spec+"d", f.number(word))
	case 'u':
		fmt.Fprintf(&f.out, spec+"d", uint64(f.number(word)))
	case 'x', 'X', 'o':
		fmt.Fprintf(&f.out, spec+string(verb), uint64(f.number(word)))
	case 'e', 'E', 'f', 'g', 'G':
		n, err := strconv.ParseFloat(word, 64)
		if err != nil && word != "" {
			f.bad(word)
		}
		fmt.Fprintf(&f.out, spec+string(verb), n)
	default:
		f.s.complain("printf: %%%c: invalid directive", verb)
		f.status = 2
		return true
	}
	return false
}

func (f *formatter) bad(word string) {
	f.s.complain("printf: %s: expected numeric value", word)
	f.status = 1
}

func (f *formatter) number(word string) int64 {
	if word == "" {
		return 0
	}
	if word[0] == '\'' || word[0] == '"' {
		if len(word) > 1 {
			return int64(word[1])
		}
		return 0
	}
	n, err := strconv.ParseInt(strings.TrimSpace(word), 0, 64)
	if err != nil {
		u, err := strconv.ParseUint(strings.TrimSpace(word), 0, 64)
		if err == nil {
			return int64(u)
		}
		f.bad(word)
	}
	return n
}
