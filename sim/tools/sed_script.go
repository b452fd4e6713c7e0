package tools

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// edit is one command of a sed script with its addresses.
type edit struct {
	from, to *spot // nil is every line, and no range
	not      bool  // applies to all other lines
	verb     byte  // s, d or p

	find  *regexp.Regexp
	with  string
	nth   int  // the match from which on it replaces
	all   bool // and all after it
	print bool
}

// spot is an address: a line's number, the last line, or lines that match.
type spot struct {
	number int
	last   bool
	like   *regexp.Regexp
}

func (s *spot) is(number int, last bool, line string) bool {
	switch {
	case s.like != nil:
		return s.like.MatchString(line)
	case s.last:
		return last
	}
	return s.number == number
}

// applies reports whether a line is addressed; within says that a range began
// and has not ended.
func (e edit) applies(number int, last bool, line string, within *bool) bool {
	hit := true
	switch {
	case e.from == nil:
	case e.to == nil:
		hit = e.from.is(number, last, line)
	case *within:
		*within = !e.to.is(number, last, line) && (e.to.number == 0 || number < e.to.number)
	case e.from.is(number, last, line):
		// A range whose end lies before its beginning is one line.
		*within = !last && (e.to.like != nil || e.to.last || e.to.number > number)
	default:
		hit = false
	}
	return hit != e.not
}

// replace is what s makes of a line.
func (e edit) replace(line string) (changed string, hit bool) {
	var b strings.Builder
	done := 0
	for i, at := range e.find.FindAllStringSubmatchIndex(line, -1) {
		if i+1 < e.nth || i+1 > e.nth && !e.all {
			continue
		}
		b.WriteString(line[done:at[0]])
		b.WriteString(e.expand(line, at))
		done, hit = at[1], true
	}
	return b.String() + line[done:], hit
}

// expand puts a match into the replacement: & is all of it, \1 its first group.
func (e edit) expand(line string, at []int) string {
	var b strings.Builder
	group := func(n int) {
		if 2*n+1 < len(at) && at[2*n] >= 0 {
			b.WriteString(line[at[2*n]:at[2*n+1]])
		}
	}
	for i := 0; i < len(e.with); i++ {
		c := e.with[i]
		switch {
		case c == '&':
			group(0)
		case c == '\\' && i+1 < len(e.with):
			i++
			switch c = e.with[i]; {
			case c >= '0' && c <= '9':
				group(int(c - '0'))
			case c == 'n':
				b.WriteByte('\n')
			case c == 't':
				b.WriteByte('\t')
			default:
				b.WriteByte(c)
			}
		default:
			b.WriteByte(c)
		}
	}
	return b.String()
}

// sedScript reads a script; at is how far it is.
type sedScript struct {
	text     string
	at       int
	extended bool
}

// readEdits reads a script of s, d and p.
func readEdits(text string, extended bool) ([]edit, error) {
	r := &sedScript{text: text, extended: extended}
	var list []edit
	for {
		r.skip(" \t\n;")
		if r.at == len(r.text) {
			return list, nil
		}
		e, err := r.edit()
		if err != nil {
			return nil, fmt.Errorf("char %d: %w", r.at, err)
		}
		list = append(list, e)
	}
}

func (r *sedScript) skip(set string) {
	for r.at < len(r.text) && strings.IndexByte(set, r.text[r.at]) >= 0 {
		r.at++
	}
}

// next is the next character; 0 at the end.
func (r *sedScript) next() byte {
	if r.at == len(r.text) {
		return 0
	}
	r.at++
	return r.text[r.at-1]
}

func (r *sedScript) peek(c byte) bool {
	if r.at < len(r.text) && r.text[r.at] == c {
		r.at++
		return true
	}
	return false
}

func (r *sedScript) edit() (e edit, err error) {
	if e.from, err = r.spot(); err != nil {
		return e, err
	}
	if r.skip(" \t"); e.from != nil && r.peek(',') {
		r.skip(" \t")
		if e.to, err = r.spot(); err == nil && e.to == nil {
			r.next() // the real one counts the character that it did not expect
			err = fmt.Errorf("unexpected `,'")
		}
		if err != nil {
			return e, err
		}
	}
	r.skip(" \t")
	e.not = r.peek('!')
	r.skip(" \t")
	switch e.verb = r.next(); e.verb {
	case 0:
		return e, fmt.Errorf("missing command")
	case 's':
		if err := r.substitute(&e); err != nil {
			return e, err
		}
	case 'd', 'p':
	default:
		return e, fmt.Errorf("unknown command: `%c'", e.verb)
	}
	r.skip(" \t")
	if c := r.next(); c != 0 && c != ';' && c != '\n' {
		if e.verb == 's' {
			return e, fmt.Errorf("unknown option to `s'")
		}
		return e, fmt.Errorf("extra characters after command")
	}
	return e, nil
}

// spot reads an address; nil when there is none.
func (r *sedScript) spot() (*spot, error) {
	switch {
	case r.peek('$'):
		return &spot{last: true}, nil
	case r.peek('/'):
		text, ok := r.until('/')
		if !ok {
			return nil, fmt.Errorf("unterminated address regex")
		}
		re, err := r.pattern(text, false)
		return &spot{like: re}, err
	}
	from := r.at
	r.skip("0123456789")
	if from == r.at {
		return nil, nil
	}
	n, err := strconv.Atoi(r.text[from:r.at])
	return &spot{number: n}, err
}

func (r *sedScript) substitute(e *edit) error {
	sep := r.next()
	find, ok := r.until(sep)
	with, more := r.until(sep)
	if sep == 0 || !ok || !more {
		return fmt.Errorf("unterminated `s' command")
	}
	e.nth, e.with = 1, with
	fold := false
	for ; r.at < len(r.text); r.at++ {
		switch c := r.text[r.at]; {
		case c == 'g':
			e.all = true
		case c == 'p':
			e.print = true
		case c == 'i' || c == 'I':
			fold = true
		case c >= '1' && c <= '9':
			e.nth = int(c - '0')
		default:
			var err error
			e.find, err = r.pattern(find, fold)
			return err
		}
	}
	var err error
	e.find, err = r.pattern(find, fold)
	return err
}

// until reads up to a separator, which a backslash makes an ordinary character.
func (r *sedScript) until(sep byte) (string, bool) {
	var b strings.Builder
	for r.at < len(r.text) {
		switch c := r.next(); {
		case c == sep:
			return b.String(), true
		case c == '\\' && r.at < len(r.text):
			if c = r.next(); c != sep {
				b.WriteByte('\\')
			}
			b.WriteByte(c)
		default:
			b.WriteByte(c)
		}
	}
	return "", false
}

// pattern compiles a regular expression as POSIX reads it: the longest match.
func (r *sedScript) pattern(text string, fold bool) (*regexp.Regexp, error) {
	if !r.extended {
		text = basic(text)
	}
	if fold {
		text = "(?i)" + text
	}
	re, err := regexp.Compile(text)
	if err != nil {
		return nil, err
	}
	re.Longest()
	return re, nil
}
