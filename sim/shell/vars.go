package shell

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"mvdan.cc/sh/v3/syntax"
)

// settable are the letters that set and sh take.
const settable = "aCefnuvxbh"

func (s *shell) flagWord() string {
	word := ""
	for _, f := range []byte(settable) {
		if s.flags[f] {
			word += string(f)
		}
	}
	return word
}

var longFlags = map[string]byte{"allexport": 'a', "noclobber": 'C', "errexit": 'e', "noglob": 'f', "noexec": 'n', "nounset": 'u', "verbose": 'v', "xtrace": 'x'}

func set(s *shell, argv []string) int {
	args := argv[1:]
	if len(args) == 0 {
		s.list("", func(variable) bool { return true })
		return 0
	}
	for len(args) > 0 && len(args[0]) > 1 && (args[0][0] == '-' || args[0][0] == '+') {
		word := args[0]
		args = args[1:]
		if word == "--" {
			s.params = slices.Clone(args)
			return 0
		}
		for _, f := range []byte(word[1:]) {
			if f == 'o' && len(args) > 0 {
				f, args = longFlags[args[0]], args[1:]
			}
			if strings.IndexByte(settable+"m", f) < 0 {
				s.fatal("set: Illegal option %s", word)
				return 2
			}
			s.flags[f] = word[0] == '-'
		}
		if len(args) == 0 {
			return 0
		}
	}
	s.params = slices.Clone(args)
	return 0
}

// list prints variables so that a shell can read them.
func (s *shell) list(before string, want func(variable) bool) {
	for _, name := range slices.Sorted(maps.Keys(s.vars)) {
		v := s.vars[name]
		switch {
		case !want(v):
		case v.set:
			s.p.Printf("%s%s=%s\n", before, name, quote(v.value))
		case before != "":
			s.p.Printf("%s%s\n", before, name)
		}
	}
}

// quote is a value in single quotes, as dash writes it.
func quote(value string) string {
	return "'" + strings.ReplaceAll(value, "'", `'"'"'`) + "'"
}

func shift(s *shell, argv []string) int {
	n := 1
	if len(argv) > 1 {
		var err error
		if n, err = strconv.Atoi(argv[1]); err != nil || n < 0 {
			return s.badNumber("shift", argv[1])
		}
	}
	if n > len(s.params) {
		s.complain("shift: can't shift that many")
		s.exit(2)
		return 2
	}
	s.params = s.params[n:]
	return 0
}

func export(s *shell, argv []string) int {
	return s.mark(argv, func(v *variable) { v.exported = true }, func(v variable) bool { return v.exported })
}

func readonly(s *shell, argv []string) int {
	return s.mark(argv, func(v *variable) { v.readonly = true }, func(v variable) bool { return v.readonly })
}

func (s *shell) mark(argv []string, how func(*variable), is func(variable) bool) int {
	args := argv[1:]
	for len(args) > 0 && (args[0] == "-p" || args[0] == "--") {
		args = args[1:]
	}
	if len(args) == 0 {
		s.list(argv[0]+" ", is)
		return 0
	}
	for _, arg := range args {
		name, value, given := strings.Cut(arg, "=")
		if !syntax.ValidName(name) {
			s.fatal("%s: %s: bad variable name", argv[0], name)
			return 2
		}
		if given && !s.set(name, value) {
			return 2
		}
		v := s.vars[name]
		how(&v)
		s.vars[name] = v
	}
	return 0
}

func unset(s *shell, argv []string) int {
	args, function := argv[1:], false
	for len(args) > 0 && (args[0] == "-v" || args[0] == "-f" || args[0] == "--") {
		function = function || args[0] == "-f"
		args = args[1:]
	}
	for _, name := range args {
		if function {
			delete(s.funcs, name)
			continue
		}
		if !syntax.ValidName(name) {
			s.fatal("unset: %s: bad variable name", name)
			return 2
		}
		if s.vars[name].readonly {
			s.fatal("unset: %s: is read only", name)
			return 2
		}
		delete(s.vars, name)
	}
	return 0
}

// local makes variables that end with the function; until they are set they
// keep the value from outside, as in dash.
func local(s *shell, argv []string) int {
	if len(s.locals) == 0 {
		s.fatal("local: not in a function")
		return 2
	}
	scope := s.locals[len(s.locals)-1]
	for _, arg := range argv[1:] {
		name, value, given := strings.Cut(arg, "=")
		if !syntax.ValidName(name) {
			s.fatal("local: %s: bad variable name", name)
			return 2
		}
		if _, already := scope[name]; !already {
			scope[name] = nil
			if v, ok := s.vars[name]; ok {
				scope[name] = &v
			}
		}
		if given && !s.set(name, value) {
			return 2
		}
	}
	return 0
}
