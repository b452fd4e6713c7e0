package shell

import (
	"context"
	"strings"

	"mvdan.cc/sh/v3/syntax"
)

// read reads a line, byte by byte so that what follows is left, and splits it.
// It leaves NULs out, as dash does. 1 at the end of the input, and when a
// signal comes that is trapped.
func read(s *shell, argv []string) int {
	args, raw := argv[1:], false
	for len(args) > 0 && strings.HasPrefix(args[0], "-") {
		word := args[0]
		args = args[1:]
		if word == "--" {
			break
		}
		raw = raw || strings.Contains(word, "r")
		if strings.HasSuffix(word, "p") && len(args) > 0 {
			args = args[1:] // a prompt is for terminals
		}
	}
	if len(args) == 0 {
		s.fatal("read: arg count")
		return 2
	}
	for _, name := range args {
		if !syntax.ValidName(name) {
			s.fatal("read: %s: bad variable name", name)
			return 2
		}
	}
	text, quoted, status := s.readLine(raw)
	for i, value := range splitLine(text, quoted, s.ifs(), len(args)) {
		if !s.set(args[i], value) {
			return 2
		}
	}
	return status
}

// readLine reads a line; quoted marks the bytes that a backslash protects.
func (s *shell) readLine(raw bool) (text []byte, quoted []bool, status int) {
	ctx, cancel := s.interruptible()
	defer cancel()
	in := s.p.FD(0)
	next := func() (byte, bool) {
		b, err := in.ReadByteContext(ctx)
		return b, err == nil
	}
	for {
		c, ok := next()
		if !ok {
			return text, quoted, 1
		}
		protected := false
		if c == '\\' && !raw {
			if c, ok = next(); !ok {
				return text, quoted, 1
			}
			if c == '\n' {
				continue
			}
			protected = true
		}
		if c == '\n' && !protected {
			return text, quoted, 0
		}
		if c != 0 {
			text, quoted = append(text, c), append(quoted, protected)
		}
	}
}

// interruptible is a context that a trapped signal ends too; the trap runs
// after the command.
func (s *shell) interruptible() (context.Context, func()) {
	if !s.hasTraps() {
		return s.p.Context(), func() {}
	}
	ctx, cancel := context.WithCancel(s.p.Context())
	over := make(chan struct{})
	go func() {
		defer close(over)
		select {
		case sig := <-s.signals:
			s.signals <- sig // for runTraps; there is room for what was taken
			cancel()
		case <-ctx.Done():
		}
	}()
	return ctx, func() { cancel(); <-over }
}

// splitLine makes at most n fields; the last one keeps what is left, without
// the white space at its ends. POSIX read(1).
func splitLine(text []byte, quoted []bool, ifs string, n int) []string {
	is := func(i int) bool { return i < len(text) && !quoted[i] && strings.IndexByte(ifs, text[i]) >= 0 }
	white := func(i int) bool { return is(i) && strings.IndexByte(" \t\n", text[i]) >= 0 }
	fields := make([]string, n)
	i := 0
	for white(i) {
		i++
	}
	for f := range n {
		start := i
		if f == n-1 {
			fields[f] = string(text[start:lastEnd(text, start, is, white)])
			break
		}
		for i < len(text) && !is(i) {
			i++
		}
		fields[f] = string(text[start:i])
		for white(i) {
			i++
		}
		if is(i) {
			for i++; white(i); {
				i++
			}
		}
	}
	return fields
}

// lastEnd is where the last field ends: before white space at the end, and
// before one other delimiter when that is all that follows the field.
func lastEnd(text []byte, start int, is, white func(int) bool) int {
	end := len(text)
	for end > start && white(end-1) {
		end--
	}
	at := start
	for at < end && !is(at) {
		at++
	}
	i := at
	for white(i) {
		i++
	}
	if i == end-1 && is(i) && !white(i) { // one field and its delimiter
		end = at
	}
	return end
}
