package shell

import (
	"errors"
	"maps"
	"strings"

	"mvdan.cc/sh/v3/syntax"

	"vmqbot/sim/kernel"
)

// call runs a simple command: assignments, a word and its arguments.
func (s *shell) call(c *syntax.CallExpr, redirs []*syntax.Redirect, tail bool) {
	s.subst = 0
	argv := s.arguments(c.Args)
	if s.stopped() {
		return
	}
	if s.flags['x'] {
		s.p.Errorf("+ %s\n", strings.Join(argv, " "))
	}
	if len(argv) == 0 {
		s.assignOnly(c, redirs)
		return
	}
	name := argv[0]
	builtin, special := builtins[name], specials[name]
	body := s.funcs[name]
	switch {
	case name == "exec" && body == nil:
		s.exec(c, argv, redirs)
	case special && body == nil:
		s.special(c, builtin, argv, redirs)
	case body != nil || builtin != nil:
		s.inside(c, body, builtin, argv, redirs)
	default:
		s.outside(c, argv, redirs, tail)
	}
}

func (s *shell) assignOnly(c *syntax.CallExpr, redirs []*syntax.Redirect) {
	undo, ok := s.redirect(redirs)
	undo()
	if !ok {
		s.status = 2
		return
	}
	for _, a := range c.Assigns {
		value := s.assigned(a)
		if s.stopped() || !s.set(a.Name.Value, value) {
			return
		}
	}
	s.status = s.subst
}

// assigned is the value of an assignment.
func (s *shell) assigned(a *syntax.Assign) string {
	if a.Value == nil {
		return ""
	}
	return s.literal(a.Value)
}

// special runs a special builtin: its assignments stay, and a redirection that
// fails ends the shell. POSIX 2.14.
func (s *shell) special(c *syntax.CallExpr, builtin builtin, argv []string, redirs []*syntax.Redirect) {
	undo, ok := s.redirect(redirs)
	defer undo()
	if !ok {
		s.exit(2)
		return
	}
	for _, a := range c.Assigns {
		if value := s.assigned(a); s.stopped() || !s.set(a.Name.Value, value) {
			return
		}
	}
	s.run(builtin, argv)
}

// run runs a builtin. Those that end or return give the status themselves.
func (s *shell) run(b builtin, argv []string) {
	if status := b(s, argv); s.flow != exiting && s.flow != returning {
		s.status = status
	}
}

// inside runs a function or an ordinary builtin, with assignments for its time.
func (s *shell) inside(c *syntax.CallExpr, body *syntax.Stmt, b builtin, argv []string, redirs []*syntax.Redirect) {
	undo, ok := s.redirect(redirs)
	defer undo()
	if !ok {
		s.status = 2
		return
	}
	for _, a := range c.Assigns {
		name, value := a.Name.Value, s.assigned(a)
		if s.stopped() {
			return
		}
		before, had := s.vars[name]
		if !s.set(name, value) {
			return
		}
		v := s.vars[name]
		v.exported = true
		s.vars[name] = v
		defer func() {
			if s.vars[name] = before; !had {
				delete(s.vars, name)
			}
		}()
	}
	if body == nil {
		s.run(b, argv)
		return
	}
	s.function(body, argv[1:])
}

func (s *shell) function(body *syntax.Stmt, params []string) {
	before, loops := s.params, s.loops
	s.params, s.loops = params, 0
	s.calls++
	s.locals = append(s.locals, map[string]*variable{})
	s.stmt(body, false)
	if s.flow == returning {
		s.flow = onward
	}
	for name, v := range s.locals[len(s.locals)-1] {
		if v == nil {
			delete(s.vars, name)
		} else {
			s.vars[name] = *v
		}
	}
	s.locals = s.locals[:len(s.locals)-1]
	s.calls--
	s.params, s.loops = before, loops
}

// outside runs another program.
func (s *shell) outside(c *syntax.CallExpr, argv []string, redirs []*syntax.Redirect, tail bool) {
	if tail && !s.hasTraps() {
		if s.redirectForGood(redirs) {
			s.replace(c, argv)
		}
		return
	}
	child, err := s.fork(func(c2 *shell) {
		if c2.redirectForGood(redirs) {
			c2.replace(c, argv)
		}
	})
	if err != nil {
		s.cannotFork(err)
		return
	}
	s.await([]*kernel.Process{child})
}

// exec is the builtin: it becomes another program, or redirects for good.
func (s *shell) exec(c *syntax.CallExpr, argv []string, redirs []*syntax.Redirect) {
	if argv = argv[1:]; len(argv) > 0 && argv[0] == "--" {
		argv = argv[1:]
	}
	if !s.redirectForGood(redirs) {
		s.exit(2)
		return
	}
	if s.status = 0; len(argv) == 0 {
		for _, a := range c.Assigns {
			if !s.set(a.Name.Value, s.assigned(a)) {
				return
			}
		}
		return
	}
	s.onExit = ""
	s.front = "exec: "
	s.replace(c, argv)
}

// replace makes the process another program, and ends with it.
func (s *shell) replace(c *syntax.CallExpr, argv []string) {
	vars := maps.Clone(s.vars)
	for _, a := range c.Assigns {
		value := s.assigned(a)
		if s.stopped() || !s.set(a.Name.Value, value) {
			return
		}
		v := s.vars[a.Name.Value]
		v.exported = true
		s.vars[a.Name.Value] = v
	}
	s.become()
	s.vars = vars
	s.onExit = ""
	status, err := s.p.Exec(argv...)
	switch {
	case err == nil:
	case errors.Is(err, kernel.ErrNotFound):
		s.complain("%s%s: not found", s.front, argv[0])
		status = 127
	default:
		s.complain("%s%s: %v", s.front, argv[0], err)
		status = 126
	}
	s.exit(status)
}
