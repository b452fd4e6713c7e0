package shell

import (
	"errors"
	"io/fs"
	"os"
	"strconv"
	"strings"

	"mvdan.cc/sh/v3/syntax"

	"vmqbot/sim/kernel"
)

// redirectForGood redirects the process itself.
func (s *shell) redirectForGood(list []*syntax.Redirect) bool {
	for _, r := range list {
		n, d, ok := s.open(r)
		if !ok {
			s.status = 2
			return false
		}
		s.p.SetFD(n, d)
	}
	return true
}

// redirect redirects until undo is called.
func (s *shell) redirect(list []*syntax.Redirect) (undo func(), ok bool) {
	type saved struct {
		n int
		d *kernel.FD
	}
	var before []saved
	undo = func() {
		for i := len(before) - 1; i >= 0; i-- {
			s.p.SetFD(before[i].n, before[i].d)
		}
	}
	for _, r := range list {
		n, d, ok := s.open(r)
		if !ok {
			return undo, false
		}
		old, _ := s.p.DupFD(n) // nil when it is not open
		before = append(before, saved{n, old})
		s.p.SetFD(n, d)
	}
	return undo, true
}

// open opens what one redirection names; nil closes.
func (s *shell) open(r *syntax.Redirect) (n int, d *kernel.FD, ok bool) {
	n = 1
	switch r.Op {
	case syntax.RdrIn, syntax.RdrInOut, syntax.DplIn, syntax.Hdoc, syntax.DashHdoc:
		n = 0
	}
	if r.N != nil {
		n, _ = strconv.Atoi(r.N.Value) // the parser took digits only
	}
	switch r.Op {
	case syntax.Hdoc, syntax.DashHdoc:
		text := ""
		if r.Hdoc != nil {
			text = s.document(r.Hdoc, quotedWord(r.Word), r.Op == syntax.DashHdoc)
		}
		return n, kernel.Input(strings.NewReader(text)), !s.stopped()
	case syntax.DplIn, syntax.DplOut:
		d, ok = s.duplicate(s.literal(r.Word))
		return n, d, ok && !s.stopped()
	}
	name := s.literal(r.Word)
	if s.stopped() {
		return n, nil, false
	}
	flag := map[syntax.RedirOperator]int{
		syntax.RdrIn: os.O_RDONLY, syntax.RdrInOut: os.O_RDWR | os.O_CREATE, syntax.AppOut: os.O_WRONLY | os.O_CREATE | os.O_APPEND,
		syntax.RdrOut: os.O_WRONLY | os.O_CREATE | os.O_TRUNC, syntax.RdrClob: os.O_WRONLY | os.O_CREATE | os.O_TRUNC,
	}[r.Op]
	if s.flags['C'] && r.Op == syntax.RdrOut {
		if i, err := s.p.Stat(name); err == nil && i.Mode().IsRegular() {
			s.complain("cannot create %s: File exists", name)
			return n, nil, false
		}
	}
	d, err := s.p.Open(name, flag, fs.FileMode(0o666&^s.umask))
	if err == nil {
		return n, d, true
	}
	switch missing := errors.Is(err, fs.ErrNotExist); {
	case flag&os.O_CREATE == 0:
		s.complain("cannot open %s: %s", name, reason(err))
	case missing:
		s.complain("cannot create %s: Directory nonexistent", name)
	default:
		s.complain("cannot create %s: %s", name, reason(err))
	}
	return n, nil, false
}

// duplicate is what follows >& and <&: a number or a minus.
func (s *shell) duplicate(word string) (*kernel.FD, bool) {
	if word == "-" {
		return nil, true
	}
	from, err := strconv.Atoi(word)
	if err != nil || from < 0 {
		s.fatal("Syntax error: Bad fd number")
		return nil, false
	}
	d, err := s.p.DupFD(from)
	if err != nil {
		s.complain("%d: Bad file descriptor", from)
		return nil, false
	}
	return d, true
}

// quotedWord reports quotes in the word that ends a here-document.
func quotedWord(w *syntax.Word) bool {
	for _, part := range w.Parts {
		lit, ok := part.(*syntax.Lit)
		if !ok || strings.Contains(lit.Value, `\`) {
			return true
		}
	}
	return false
}
