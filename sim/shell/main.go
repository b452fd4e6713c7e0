package shell

import (
	"errors"
	"io"
	"os"
	"strings"

	"mvdan.cc/sh/v3/syntax"

	"vmqbot/sim/kernel"
)

// Main is the shell as a program: sh [-aeuf...] [-c SCRIPT [NAME]] | [FILE] |
// [-s] and parameters; without a script it reads one from standard input. See
// dash(1).
func Main(p *kernel.Process) int {
	s := newShell(p)
	args, command, stdin := p.Argv[1:], false, false
	for len(args) > 0 && len(args[0]) > 1 && (args[0][0] == '-' || args[0][0] == '+') {
		word := args[0]
		args = args[1:]
		if word == "--" {
			break
		}
		if word == "-o" || word == "+o" {
			if len(args) > 0 {
				args = args[1:]
			}
			continue
		}
		for _, f := range []byte(word[1:]) {
			switch {
			case f == 'c':
				command = true
			case f == 's':
				stdin = true
			case f == 'l' || f == 'i' || f == 'm': // a terminal's
			case strings.IndexByte(settable, f) >= 0:
				s.flags[f] = word[0] == '-'
			default:
				p.Errorf("%s: 0: Illegal option -%c\n", s.name, f)
				return 2
			}
		}
	}
	switch {
	case command:
		return s.mainCommand(args)
	case stdin || len(args) == 0:
		s.params = args
		s.readStdin()
	default:
		s.name, s.params = args[0], args[1:]
		text, err := p.ReadFile(args[0])
		if err != nil {
			p.Errorf("%s: 0: cannot open %s: %s\n", p.Argv[0], args[0], reason(err))
			return 2
		}
		s.eval(string(text), true)
	}
	return s.leave()
}

func (s *shell) mainCommand(args []string) int {
	if len(args) == 0 {
		s.p.Errorf("%s: 0: -c requires an argument\n", s.name)
		return 2
	}
	if len(args) > 1 {
		s.name, s.params = args[1], args[2:]
	}
	s.eval(args[0], true)
	return s.leave()
}

// leave runs what was set for EXIT and returns the status.
func (s *shell) leave() int {
	s.runTraps()
	if action := s.onExit; action != "" && s.p.Context().Err() == nil {
		s.onExit, s.flow = "", onward
		status := s.status
		s.eval(action, false)
		if s.flow != exiting {
			s.status = status
		}
	}
	return s.status
}

func parser() *syntax.Parser { return syntax.NewParser(syntax.Variant(syntax.LangPOSIX)) }

// eval runs a script. tail says that nothing follows it, so that its last
// command may take the process over.
func (s *shell) eval(text string, tail bool) {
	file, err := parser().Parse(strings.NewReader(text), "")
	if err != nil {
		s.syntaxError(err)
		return
	}
	if len(file.Stmts) == 0 {
		s.status = 0
	}
	line := s.line
	s.stmts(file.Stmts, tail)
	s.line = line
}

func (s *shell) syntaxError(err error) {
	var pe syntax.ParseError
	if errors.As(err, &pe) {
		s.line = pe.Pos.Line()
		s.fatal("Syntax error: %s", pe.Text)
		return
	}
	s.fatal("Syntax error: %v", err)
}

// readStdin runs each command as soon as it is whole: commands read the same
// input.
func (s *shell) readStdin() {
	p := parser()
	for list, err := range p.InteractiveSeq(&script{s: s}) {
		if err != nil {
			s.syntaxError(err)
			return
		}
		if p.Incomplete() {
			continue
		}
		if s.stmts(list, false); s.stopped() {
			return
		}
	}
}

// script is a script on standard input. It takes single bytes, so that what
// follows a command is left for the command, and ends with a newline always.
type script struct {
	s     *shell
	last  byte
	ended bool
}

// Read reads one byte.
func (r *script) Read(b []byte) (int, error) {
	if r.ended {
		return 0, io.EOF
	}
	n, err := r.s.p.Stdin().Read(b[:1])
	if n == 1 {
		r.last = b[0]
		return 1, nil
	}
	if r.ended = true; r.last != '\n' && errors.Is(err, io.EOF) {
		b[0] = '\n'
		return 1, nil
	}
	return 0, io.EOF
}

// reason is an error in the words of dash, which has its own for two.
func reason(err error) string {
	if errors.Is(err, os.ErrNotExist) {
		return "No such file"
	}
	return kernel.Reason(err)
}
