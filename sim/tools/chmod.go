package tools

import (
	"io/fs"
	"strconv"
	"strings"

	"vmqbot/sim/kernel"
)

func chmod(p *kernel.Process) int {
	args := p.Argv
	if len(args) > 1 && len(args[1]) > 1 && strings.Trim(args[1], "-rwx") == "" { // a mode, not an option
		p.Argv = append([]string{args[0], "--"}, args[1:]...)
	}
	o, ok := parse(p, "+Rfv")
	if !ok || !operands(p, o, 2) {
		return 1
	}
	status := 0
	for _, name := range o.args[1:] {
		i, err := p.Stat(name)
		if err != nil {
			complain(p, "cannot access '%s': %s", name, kernel.Reason(err))
			status = 1
			continue
		}
		mode, ok := newMode(o.args[0], i.Mode().Perm())
		if !ok {
			complain(p, "invalid mode: ‘%s’", o.args[0])
			p.Errorf("Try 'chmod --help' for more information.\n")
			return 1
		}
		if err := p.Chmod(name, mode); err != nil {
			complain(p, "changing permissions of '%s': %s", name, kernel.Reason(err))
			status = 1
		}
	}
	return status
}

// newMode reads 0644 or u+x,go-w.
func newMode(text string, old fs.FileMode) (fs.FileMode, bool) {
	if n, err := strconv.ParseUint(text, 8, 12); err == nil {
		return fs.FileMode(n) & fs.ModePerm, true
	}
	for _, part := range strings.Split(text, ",") {
		at := strings.IndexAny(part, "+-=")
		if at < 0 {
			return 0, false
		}
		var who, bits fs.FileMode
		for _, c := range part[:at] {
			who |= map[rune]fs.FileMode{'u': 0o700, 'g': 0o070, 'o': 0o007, 'a': 0o777}[c]
		}
		if at == 0 {
			who = 0o777
		}
		for _, c := range part[at+1:] {
			bits |= map[rune]fs.FileMode{'r': 0o444, 'w': 0o222, 'x': 0o111}[c]
		}
		switch part[at] {
		case '+':
			old |= who & bits
		case '-':
			old &^= who & bits
		default:
			old = old&^who | who&bits
		}
	}
	return old, true
}
