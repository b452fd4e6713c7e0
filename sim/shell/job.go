package shell

import (
	"slices"

	"mvdan.cc/sh/v3/syntax"

	"vmqbot/sim/kernel"
)

// await waits for commands in the foreground; the status is the last one's.
func (s *shell) await(procs []*kernel.Process) {
	for _, c := range procs {
		select {
		case <-c.Done():
		case <-s.p.Context().Done():
			return
		}
	}
	if len(procs) > 0 {
		s.ended(procs[len(procs)-1])
	}
}

// ended takes the status of a command that has ended, and says when a signal
// ended it.
func (s *shell) ended(c *kernel.Process) {
	s.status = c.Wait()
	if by, killed := c.KilledBy(); killed && by != kernel.INT && by != kernel.PIPE {
		s.p.Errorf("%s\n", by.Description())
	}
}

// pipeline starts every command of a pipeline.
func (s *shell) pipeline(c *syntax.BinaryCmd, background bool) []*kernel.Process {
	var parts []*syntax.Stmt
	for {
		parts = append(parts, c.Y)
		left, ok := c.X.Cmd.(*syntax.BinaryCmd)
		if !ok || left.Op != syntax.Pipe || len(c.X.Redirs) > 0 || c.X.Negated {
			parts = append(parts, c.X)
			break
		}
		c = left
	}
	slices.Reverse(parts)
	var procs []*kernel.Process
	var in *kernel.FD
	for i, part := range parts {
		var r, w *kernel.FD
		if i < len(parts)-1 {
			r, w = kernel.NewPipe()
		}
		child, err := s.forkWith(part, in, w, background && i == 0)
		if in = r; err != nil {
			s.cannotFork(err)
			break
		}
		procs = append(procs, child)
	}
	if in != nil {
		_ = in.Close()
	}
	return procs
}

// forkWith starts a statement in a child between two ends of pipes, which it
// takes over.
func (s *shell) forkWith(st *syntax.Stmt, in, out *kernel.FD, background bool) (*kernel.Process, error) {
	part := *st
	part.Background = false
	if background && in == nil {
		in = kernel.Null() // without job control
	}
	s.forget()
	c := s.clone()
	fds := s.p.CopyFDs()
	for n, d := range map[int]*kernel.FD{0: in, 1: out} {
		if d != nil {
			if old := fds[n]; old != nil {
				_ = old.Close()
			}
			fds[n] = d
		}
	}
	return s.p.Start(kernel.Spec{Argv: s.p.Argv, FDs: fds, Main: func(p *kernel.Process) int {
		c.p = p
		if background {
			p.Ignore(kernel.INT, kernel.QUIT)
		}
		c.stmt(&part, true)
		return c.leave()
	}})
}

func (s *shell) background(st *syntax.Stmt) {
	var procs []*kernel.Process
	if c, ok := st.Cmd.(*syntax.BinaryCmd); ok && c.Op == syntax.Pipe && !st.Negated && len(st.Redirs) == 0 {
		procs = s.pipeline(c, true)
	} else {
		child, err := s.forkWith(st, nil, nil, true)
		if err != nil {
			s.cannotFork(err)
			return
		}
		procs = []*kernel.Process{child}
	}
	if s.stopped() {
		return
	}
	s.last = procs[len(procs)-1].NSPID
	s.jobs[s.last] = procs
	s.status = 0
}
