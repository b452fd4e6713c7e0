package shell

import (
	"mvdan.cc/sh/v3/syntax"

	"vmqbot/sim/kernel"
)

// stmts runs a list. tail is as in eval.
func (s *shell) stmts(list []*syntax.Stmt, tail bool) {
	for i, st := range list {
		s.stmt(st, tail && i == len(list)-1)
		if s.stopped() {
			return
		}
	}
}

func (s *shell) stmt(st *syntax.Stmt, tail bool) {
	if st.Background {
		s.background(st)
	} else {
		if st.Negated {
			s.tested++
		}
		s.redirected(st, tail && !st.Negated)
		if st.Negated {
			s.tested--
			if !s.stopped() {
				s.status = boolStatus(s.status != 0)
			}
		}
		if s.status != 0 && s.flags['e'] && s.tested == 0 && !s.stopped() && !st.Negated && checked(st) {
			s.exit(s.status)
		}
	}
	s.runTraps()
}

// checked reports a statement whose failure -e acts upon: of an and-or list the
// parts have been looked at already.
func checked(st *syntax.Stmt) bool {
	switch c := st.Cmd.(type) {
	case *syntax.BinaryCmd:
		return c.Op == syntax.Pipe
	case *syntax.CallExpr, *syntax.Subshell, nil:
		return true
	}
	return false
}

func boolStatus(ok bool) int {
	if ok {
		return 0
	}
	return 1
}

// redirected runs a statement's command under its redirections.
func (s *shell) redirected(st *syntax.Stmt, tail bool) {
	if st.Position.IsValid() {
		s.line = st.Position.Line()
	}
	switch c := st.Cmd.(type) {
	case *syntax.CallExpr:
		s.call(c, st.Redirs, tail)
		return
	case *syntax.Subshell:
		s.subshell(c, st.Redirs)
		return
	}
	if len(st.Redirs) == 0 {
		s.command(st.Cmd, tail)
		return
	}
	undo, ok := s.redirect(st.Redirs)
	if ok {
		s.status = 0
		s.command(st.Cmd, false)
	} else {
		s.status = 2
	}
	undo()
}

func (s *shell) command(cmd syntax.Command, tail bool) {
	switch c := cmd.(type) {
	case nil:
	case *syntax.Block:
		s.stmts(c.Stmts, tail)
	case *syntax.BinaryCmd:
		s.binary(c, tail)
	case *syntax.IfClause:
		s.ifClause(c, tail)
	case *syntax.WhileClause:
		s.whileClause(c)
	case *syntax.ForClause:
		s.forClause(c)
	case *syntax.CaseClause:
		s.caseClause(c, tail)
	case *syntax.FuncDecl:
		s.funcs[c.Name.Value] = c.Body
		s.status = 0
	default:
		s.fatal("Syntax error: this shell has no %T", cmd)
	}
}

func (s *shell) binary(c *syntax.BinaryCmd, tail bool) {
	if c.Op == syntax.Pipe {
		procs := s.pipeline(c, false)
		s.await(procs)
		return
	}
	s.tested++
	s.stmt(c.X, false)
	s.tested--
	if s.stopped() {
		return
	}
	if (s.status == 0) == (c.Op == syntax.AndStmt) {
		s.stmt(c.Y, tail)
	}
}

// holds runs a condition.
func (s *shell) holds(cond []*syntax.Stmt) bool {
	s.tested++
	s.stmts(cond, false)
	s.tested--
	return s.status == 0 && !s.stopped()
}

func (s *shell) ifClause(c *syntax.IfClause, tail bool) {
	for ; c != nil; c = c.Else {
		if len(c.Cond) == 0 || s.holds(c.Cond) { // else has no condition
			s.stmts(c.Then, tail)
			return
		}
		if s.stopped() {
			return
		}
	}
	s.status = 0
}

func (s *shell) whileClause(c *syntax.WhileClause) {
	status := 0
	s.loops++
	defer func() { s.loops-- }()
	for {
		ok := s.holds(c.Cond)
		if s.stopped() {
			if s.looped() {
				continue
			}
			break
		}
		if ok == c.Until {
			s.status = status
			break
		}
		s.stmts(c.Do, false)
		status = s.status
		if s.stopped() && !s.looped() {
			break
		}
	}
}

// looped clears a continue that meant this loop; false when the loop ends.
func (s *shell) looped() bool {
	if s.flow != breaking && s.flow != continuing {
		return false
	}
	if s.levels--; s.levels > 0 {
		return false
	}
	again := s.flow == continuing
	s.flow = onward
	return again && s.p.Context().Err() == nil
}

func (s *shell) forClause(c *syntax.ForClause) {
	iter, ok := c.Loop.(*syntax.WordIter)
	if !ok {
		s.fatal("Syntax error: Bad for loop variable")
		return
	}
	items := s.params
	if iter.InPos.IsValid() {
		items = s.fields(iter.Items)
	}
	if s.stopped() {
		return
	}
	s.status = 0
	s.loops++
	defer func() { s.loops-- }()
	for _, item := range items {
		if !s.set(iter.Name.Value, item) {
			return
		}
		s.stmts(c.Do, false)
		if s.stopped() && !s.looped() {
			return
		}
	}
}

func (s *shell) caseClause(c *syntax.CaseClause, tail bool) {
	word := s.literal(c.Word)
	for _, item := range c.Items {
		for _, p := range item.Patterns {
			if s.stopped() {
				return
			}
			if match(s.pattern(p), word) {
				s.status = 0
				s.stmts(item.Stmts, tail)
				return
			}
		}
	}
	s.status = 0
}

func (s *shell) subshell(c *syntax.Subshell, redirs []*syntax.Redirect) {
	child, err := s.fork(func(c2 *shell) {
		if c2.redirectForGood(redirs) {
			c2.stmts(c.Stmts, true)
		}
	})
	if err != nil {
		s.cannotFork(err)
		return
	}
	s.await([]*kernel.Process{child})
}

func (s *shell) cannotFork(err error) { s.fatal("Cannot fork: %v", err) }
