package shell

import (
	"maps"
	"slices"
	"strings"

	"mvdan.cc/sh/v3/syntax"

	"vmqbot/sim/kernel"
)

// flow is what moves the shell past the statements that follow.
type flow int

const (
	onward flow = iota
	breaking
	continuing
	returning
	exiting
)

// shell is one shell process.
type shell struct {
	p      *kernel.Process
	name   string   // $0
	params []string // $1...
	vars   map[string]variable
	funcs  map[string]*syntax.Stmt
	flags  map[byte]bool // as set -e
	pid    int           // $$, which subshells keep
	status int           // $?
	front  string        // of what exec complains about
	subst  int           // status of the last command substitution
	line   uint

	flow   flow
	levels int // loops that break or continue still leaves
	loops  int // loops that we are in
	calls  int // functions and files that we are in
	tested int // conditions that we are in, where -e is deaf
	locals []map[string]*variable

	last    int // $!
	jobs    map[int][]*kernel.Process
	waited  []int // jobs that are forgotten when the next one starts
	traps   map[kernel.Signal]string
	onExit  string
	signals chan kernel.Signal
	umask   int
	optAt   int // where getopts stands in a word
}

type variable struct {
	value    string
	exported bool
	readonly bool
	set      bool // an exported name may have no value
}

func newShell(p *kernel.Process) *shell {
	s := &shell{
		p: p, name: p.Argv[0], pid: p.NSPID, vars: map[string]variable{}, funcs: map[string]*syntax.Stmt{}, flags: map[byte]bool{},
		jobs: map[int][]*kernel.Process{}, traps: map[kernel.Signal]string{}, signals: make(chan kernel.Signal, 64), umask: 0o022,
	}
	for name, value := range p.Env {
		if syntax.ValidName(name) {
			s.vars[name] = variable{value: value, exported: true, set: true}
		}
	}
	s.vars["IFS"] = variable{value: " \t\n", set: true}
	s.vars["OPTIND"] = variable{value: "1", set: true}
	s.vars["PWD"] = variable{value: p.Dir, exported: true, set: true}
	s.vars["PPID"] = variable{value: "1", set: true}
	return s
}

// fork runs a part of the script in a child process with a copy of everything.
func (s *shell) fork(main func(*shell)) (*kernel.Process, error) {
	s.forget()
	c := s.clone()
	return s.p.Fork(func(p *kernel.Process) int {
		c.p = p
		main(c)
		return c.leave()
	})
}

// forget drops the jobs whose end somebody has asked for.
func (s *shell) forget() {
	for _, pid := range s.waited {
		delete(s.jobs, pid)
	}
	s.waited = nil
}

func (s *shell) clone() *shell {
	c := *s
	c.params = slices.Clone(s.params)
	c.vars, c.funcs, c.flags = maps.Clone(s.vars), maps.Clone(s.funcs), maps.Clone(s.flags)
	c.jobs, c.traps, c.onExit = map[int][]*kernel.Process{}, map[kernel.Signal]string{}, ""
	c.waited = nil
	c.signals = make(chan kernel.Signal, 64)
	c.loops, c.locals = 0, nil
	for range s.locals {
		c.locals = append(c.locals, map[string]*variable{})
	}
	for sig, action := range s.traps {
		if action == "" { // children ignore what is ignored
			c.traps[sig] = action
		}
	}
	return &c
}

// stopped reports that no further statement may run.
func (s *shell) stopped() bool {
	return s.flow != onward || s.p.Context().Err() != nil
}

// exit ends the shell.
func (s *shell) exit(status int) {
	s.status, s.flow = status, exiting
}

// complain says what is wrong, as dash does: NAME: LINE: WHAT.
func (s *shell) complain(format string, args ...any) {
	args = append([]any{s.name, max(s.line, 1)}, args...)
	s.p.Errorf("%s: %d: "+format+"\n", args...)
}

// fatal is an error that ends a shell that nobody types into.
func (s *shell) fatal(format string, args ...any) {
	s.complain(format, args...)
	s.exit(2)
}

// get is a variable's value.
func (s *shell) get(name string) (string, bool) {
	v := s.vars[name]
	return v.value, v.set
}

// set gives a variable a value; false when it is read-only.
func (s *shell) set(name, value string) bool {
	v := s.vars[name]
	if v.readonly {
		s.fatal("%s: is read only", name)
		return false
	}
	v.value, v.set = value, true
	if s.flags['a'] {
		v.exported = true
	}
	s.vars[name] = v
	return true
}

// environ is what the shell's commands get.
func (s *shell) environ() []string {
	list := []string{}
	for name, v := range s.vars {
		if v.exported && v.set {
			list = append(list, name+"="+v.value)
		}
	}
	return list
}

// become makes the process's own environment the shell's, before exec.
func (s *shell) become() {
	env := map[string]string{}
	for _, pair := range s.environ() {
		name, value, _ := strings.Cut(pair, "=")
		env[name] = value
	}
	s.p.Env = env
}
