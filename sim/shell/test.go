package shell

import (
	"io/fs"
	"strconv"
	"strings"
)

// test is test and [. POSIX test(1), and dash's -nt, -ot and -ef.
func test(s *shell, argv []string) int {
	args := argv[1:]
	if argv[0] == "[" {
		if len(args) == 0 || args[len(args)-1] != "]" {
			s.complain("[: missing ]")
			return 2
		}
		args = args[:len(args)-1]
	}
	t := &tester{s: s, name: argv[0], args: args}
	ok := t.decide()
	if t.wrong != "" {
		s.complain("%s: %s", argv[0], t.wrong)
		return 2
	}
	return boolStatus(ok)
}

// tester reads the arguments of test from left to right.
type tester struct {
	s     *shell
	name  string
	args  []string
	wrong string
}

func (t *tester) fail(what string) bool {
	if t.wrong == "" {
		t.wrong = what
	}
	return false
}

// decide takes up to four arguments by their number, as POSIX asks, and more
// as an expression.
func (t *tester) decide() bool {
	a := t.args
	switch len(a) {
	case 0:
		return false
	case 1:
		return a[0] != ""
	case 3:
		if binary[a[1]] != nil {
			return binary[a[1]](t, a[0], a[2])
		}
	case 4:
		if a[0] == "!" {
			t.args = a[1:]
			return !t.decide()
		}
	}
	ok := t.or()
	if len(t.args) > 0 {
		return t.fail(a[len(a)-len(t.args)-1] + ": unexpected operator") // the last word that it understood
	}
	return ok
}

func (t *tester) next(word string) bool {
	if len(t.args) == 0 || t.args[0] != word {
		return false
	}
	t.args = t.args[1:]
	return true
}

func (t *tester) or() bool {
	ok := t.and()
	for t.next("-o") {
		right := t.and()
		ok = ok || right
	}
	return ok
}

func (t *tester) and() bool {
	ok := t.not()
	for t.next("-a") {
		right := t.not()
		ok = ok && right
	}
	return ok
}

func (t *tester) not() bool {
	if len(t.args) > 1 && t.next("!") {
		return !t.not()
	}
	return t.primary()
}

func (t *tester) primary() bool {
	a := t.args
	switch {
	case len(a) == 0:
		return t.fail("argument expected")
	case len(a) > 2 && binary[a[1]] != nil:
		t.args = a[3:]
		return binary[a[1]](t, a[0], a[2])
	case a[0] == "(" && len(a) > 1:
		t.args = a[1:]
		ok := t.or()
		if !t.next(")") {
			return t.fail("closing paren expected")
		}
		return ok
	case len(a) > 1 && unary[a[0]] != nil:
		t.args = a[2:]
		return unary[a[0]](t, a[1])
	}
	t.args = a[1:]
	return a[0] != ""
}

// unary are the operators before a word.
var unary = map[string]func(t *tester, word string) bool{
	"-n": func(_ *tester, w string) bool { return w != "" },
	"-z": func(_ *tester, w string) bool { return w == "" },
	"-e": func(t *tester, w string) bool { return t.is(w, func(fs.FileInfo) bool { return true }) },
	"-f": func(t *tester, w string) bool {
		return t.is(w, func(i fs.FileInfo) bool { return i.Mode().IsRegular() })
	},
	"-d": func(t *tester, w string) bool { return t.is(w, fs.FileInfo.IsDir) },
	"-s": func(t *tester, w string) bool { return t.is(w, func(i fs.FileInfo) bool { return i.Size() > 0 }) },
	"-p": func(t *tester, w string) bool { return t.mode(w, fs.ModeNamedPipe) },
	"-S": func(t *tester, w string) bool { return t.mode(w, fs.ModeSocket) },
	"-c": func(t *tester, w string) bool { return t.mode(w, fs.ModeCharDevice) },
	"-b": func(*tester, string) bool { return false },
	"-L": link, "-h": link,
	// Everybody is root here.
	"-r": func(t *tester, w string) bool { return t.is(w, func(fs.FileInfo) bool { return true }) },
	"-w": func(t *tester, w string) bool { return t.is(w, func(fs.FileInfo) bool { return true }) },
	"-x": func(t *tester, w string) bool {
		return t.is(w, func(i fs.FileInfo) bool { return i.IsDir() || i.Mode()&0o111 != 0 })
	},
	"-t": func(t *tester, w string) bool { t.number(w); return false },
}

func link(t *tester, w string) bool {
	i, err := t.s.p.Lstat(w)
	return err == nil && i.Mode()&fs.ModeSymlink != 0
}

func (t *tester) is(name string, ok func(fs.FileInfo) bool) bool {
	i, err := t.s.p.Stat(name)
	return err == nil && ok(i)
}

func (t *tester) mode(name string, bit fs.FileMode) bool {
	return t.is(name, func(i fs.FileInfo) bool { return i.Mode()&bit != 0 })
}

func (t *tester) number(word string) int64 {
	n, err := strconv.ParseInt(strings.TrimSpace(word), 10, 64)
	if err != nil {
		t.fail("Illegal number: " + word)
	}
	return n
}

func compare(ok func(x, y int64) bool) func(*tester, string, string) bool {
	return func(t *tester, x, y string) bool { return ok(t.number(x), t.number(y)) }
}

// binary are the operators between words.
var binary = map[string]func(t *tester, x, y string) bool{
	"=":   func(_ *tester, x, y string) bool { return x == y },
	"!=":  func(_ *tester, x, y string) bool { return x != y },
	"<":   func(_ *tester, x, y string) bool { return x < y },
	">":   func(_ *tester, x, y string) bool { return x > y },
	"-eq": compare(func(x, y int64) bool { return x == y }),
	"-ne": compare(func(x, y int64) bool { return x != y }),
	"-lt": compare(func(x, y int64) bool { return x < y }),
	"-le": compare(func(x, y int64) bool { return x <= y }),
	"-gt": compare(func(x, y int64) bool { return x > y }),
	"-ge": compare(func(x, y int64) bool { return x >= y }),
	"-nt": func(t *tester, x, y string) bool { return t.newer(x, y) },
	"-ot": func(t *tester, x, y string) bool { return t.newer(y, x) },
	"-ef": func(t *tester, x, y string) bool {
		_, errX := t.s.p.Stat(x)
		_, errY := t.s.p.Stat(y)
		return errX == nil && errY == nil && t.s.p.Real(x) == t.s.p.Real(y)
	},
}

func (t *tester) newer(x, y string) bool {
	i, errX := t.s.p.Stat(x)
	j, errY := t.s.p.Stat(y)
	return errX == nil && (errY != nil || i.ModTime().After(j.ModTime()))
}
