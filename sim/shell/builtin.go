package shell

import (
	"path"
	"slices"
	"strconv"
	"strings"

	"mvdan.cc/sh/v3/syntax"

	"vmqbot/sim/kernel"
)

// builtin is a command that the shell does itself; it returns the status.
type builtin func(s *shell, argv []string) int

// specials are the special builtins of POSIX 2.14.
var specials = map[string]bool{
	":": true, ".": true, "break": true, "continue": true, "eval": true, "exec": true, "exit": true, "export": true,
	"readonly": true, "return": true, "set": true, "shift": true, "times": true, "trap": true, "unset": true,
}

var builtins map[string]builtin

func init() {
	builtins = map[string]builtin{
		":": yes, "true": yes, "false": no, "times": yes, "hash": yes,
		"echo": echo, "printf": printf, "test": test, "[": test, "read": read,
		"cd": cd, "pwd": pwd, "umask": umask, "ulimit": ulimit,
		"set": set, "shift": shift, "export": export, "readonly": readonly, "unset": unset, "local": local, "getopts": getopts,
		"eval": eval, ".": dot, "command": command, "type": typeOf, "exec": yes, // see shell.exec
		"exit": exit, "return": exit, "break": leap, "continue": leap,
		"trap": trap, "wait": wait, "kill": kill, "jobs": yes,
	}
}

func yes(*shell, []string) int { return 0 }
func no(*shell, []string) int  { return 1 }

// badNumber ends the shell with a complaint about a word that is no number.
func (s *shell) badNumber(builtin, word string) int {
	s.complain("%s: Illegal number: %s", builtin, word)
	s.exit(2)
	return 2
}

// exit is exit and return. Without a number the status stays.
func exit(s *shell, argv []string) int {
	status := s.status
	if len(argv) > 1 {
		n, err := strconv.Atoi(argv[1])
		if err != nil || n < 0 {
			return s.badNumber(argv[0], argv[1])
		}
		status = n
	}
	s.exit(status & 0xff)
	if argv[0] == "return" && s.calls > 0 {
		s.status, s.flow = status, returning
	}
	return s.status
}

// leap is break and continue.
func leap(s *shell, argv []string) int {
	n := 1
	if len(argv) > 1 {
		var err error
		if n, err = strconv.Atoi(argv[1]); err != nil || n < 1 {
			return s.badNumber(argv[0], argv[1])
		}
	}
	if s.loops == 0 {
		return 0
	}
	s.levels, s.flow = min(n, s.loops), breaking
	if argv[0] == "continue" {
		s.flow = continuing
	}
	return 0
}

func eval(s *shell, argv []string) int {
	text := strings.Join(argv[1:], " ")
	s.status = 0
	s.eval(text, false)
	return s.status
}

// dot runs a file in this shell.
func dot(s *shell, argv []string) int {
	if len(argv) < 2 {
		return 0
	}
	names := []string{argv[1]}
	if !strings.Contains(argv[1], "/") {
		names = nil
		dirs, _ := s.get("PATH")
		for _, dir := range strings.Split(dirs, ":") {
			names = append(names, path.Join(dir, argv[1]))
		}
	}
	for _, name := range names {
		text, err := s.p.ReadFile(name)
		if err != nil {
			continue
		}
		s.calls++
		s.status = 0
		s.eval(string(text), false)
		s.calls--
		if s.flow == returning {
			s.flow = onward
		}
		return s.status
	}
	if strings.Contains(argv[1], "/") {
		s.fatal(".: cannot open %s: No such file", argv[1])
	} else {
		s.fatal(".: %s: not found", argv[1])
	}
	return 2
}

// command runs a command that is no function, or tells with -v what it is.
func command(s *shell, argv []string) int {
	args := argv[1:]
	for len(args) > 0 && slices.Contains([]string{"-p", "-v", "-V", "--"}, args[0]) {
		if args[0] == "-v" || args[0] == "-V" {
			return s.describe(args[1:min(2, len(args))], args[0] == "-V")
		}
		args = args[1:]
	}
	if len(args) == 0 {
		return 0
	}
	if args[0] == "exec" {
		s.exec(&syntax.CallExpr{}, args, nil)
		return s.status
	}
	if b := builtins[args[0]]; b != nil {
		s.run(b, args)
		return s.status
	}
	s.outside(&syntax.CallExpr{}, args, nil, false)
	return s.status
}

func typeOf(s *shell, argv []string) int { return s.describe(argv[1:], true) }

func (s *shell) describe(names []string, words bool) int {
	status := 0
	for _, name := range names {
		at, err := s.p.Which(name, s.vars["PATH"].value)
		short, long := name, name+" is a shell builtin"
		switch {
		case s.funcs[name] != nil:
			long = name + " is a shell function"
		case specials[name]:
			long = name + " is a special shell builtin"
		case builtins[name] != nil:
		case syntax.IsKeyword(name):
			long = name + " is a shell keyword"
		case err == nil:
			short, long = at, name+" is "+at
		default:
			if status = 127; words {
				s.p.Printf("%s: not found\n", name)
			}
			continue
		}
		if words {
			short = long
		}
		s.p.Printf("%s\n", short)
	}
	return status
}

func cd(s *shell, argv []string) int {
	args := argv[1:]
	if len(args) > 0 && (args[0] == "--" || args[0] == "-P" || args[0] == "-L") {
		args = args[1:]
	}
	to, _ := s.get("HOME")
	if len(args) > 0 {
		to = args[0]
	}
	if to == "-" {
		to, _ = s.get("OLDPWD")
		defer func() { s.p.Printf("%s\n", s.p.Dir) }()
	}
	if !strings.HasPrefix(to, "/") {
		to = s.p.Dir + "/" + to
	}
	to = path.Clean(to)
	if !s.isFolder(to) {
		s.complain("cd: can't cd to %s", strings.Join(args, " "))
		return 2
	}
	for _, v := range [][2]string{{"OLDPWD", s.p.Dir}, {"PWD", to}} {
		if s.set(v[0], v[1]) {
			s.vars[v[0]] = variable{value: v[1], exported: true, set: true}
		}
	}
	s.p.Dir = to
	return 0
}

func pwd(s *shell, _ []string) int {
	s.p.Printf("%s\n", s.p.Dir)
	return 0
}

func umask(s *shell, argv []string) int {
	if len(argv) < 2 {
		s.p.Printf("%04o\n", s.umask)
		return 0
	}
	n, err := strconv.ParseUint(argv[1], 8, 12)
	if err != nil {
		s.fatal("umask: Illegal mode: %s", argv[1])
		return 2
	}
	s.umask = int(n)
	return 0
}

// ulimit knows the number of open files, which nothing here bounds.
func ulimit(s *shell, argv []string) int {
	flags := strings.ReplaceAll(strings.Join(argv[1:], ""), "-", "")
	switch {
	case !strings.Contains(flags, "n"):
		s.p.Printf("unlimited\n")
	case strings.Contains(flags, "H"):
		s.p.Printf("%d\n", kernel.MaxFiles)
	default:
		s.p.Printf("%d\n", 1024)
	}
	return 0
}
