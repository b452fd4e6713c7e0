package tools

import (
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path"
	"strconv"
	"strings"
	"syscall"
	"time"

	"vmqbot/sim/kernel"
)

// operands complains when there are fewer than n.
func operands(p *kernel.Process, o options, n int) bool {
	if len(o.args) >= n {
		return true
	}
	what := "missing operand"
	if n == 2 {
		what = "missing file operand"
		if len(o.args) == 1 {
			what = fmt.Sprintf("missing destination file operand after '%s'", o.args[0])
		}
	}
	complain(p, "%s", what)
	p.Errorf("Try '%s --help' for more information.\n", self(p))
	return false
}

func rm(p *kernel.Process) int {
	o, ok := parse(p, "rRfdv", "recursive", "force")
	if !ok {
		return 1
	}
	force := o.has("f", "force")
	if len(o.args) == 0 && force || !operands(p, o, 1) {
		return map[bool]int{true: 0, false: 1}[force]
	}
	status := 0
	for _, name := range o.args {
		i, err := p.Lstat(name)
		if err == nil && i.IsDir() && !o.has("r", "R", "recursive") {
			err = syscall.EISDIR
		}
		if err == nil {
			if i.IsDir() {
				err = p.RemoveAll(name)
			} else {
				err = p.Remove(name)
			}
		}
		if err != nil && !(force && errors.Is(err, fs.ErrNotExist)) {
			complain(p, "cannot remove '%s': %s", name, kernel.Reason(err))
			status = 1
		}
	}
	return status
}

func mkdir(p *kernel.Process) int {
	o, ok := parse(p, "pm:v", "parents", "mode=")
	if !ok || !operands(p, o, 1) {
		return 1
	}
	mode, err := strconv.ParseUint(o.get("m", "755"), 8, 12)
	if err != nil {
		complain(p, "invalid mode ‘%s’", o.get("m", ""))
		return 1
	}
	status := 0
	for _, name := range o.args {
		parents := o.has("p", "parents")
		_, missing := p.Stat(name)
		_, above := p.Stat(path.Dir(strings.TrimRight(name, "/")))
		switch {
		case parents:
			err = p.MkdirAll(name, 0o755)
		case missing == nil:
			err = fs.ErrExist
		case above != nil:
			err = fs.ErrNotExist
		default:
			err = p.MkdirAll(name, 0o755)
		}
		if err == nil && missing != nil && o.has("m") {
			err = p.Chmod(name, fs.FileMode(mode))
		}
		if err != nil {
			complain(p, "cannot create directory ‘%s’: %s", name, kernel.Reason(err))
			status = 1
		}
	}
	return status
}

func rmdir(p *kernel.Process) int {
	o, ok := parse(p, "")
	if !ok || !operands(p, o, 1) {
		return 1
	}
	status := 0
	for _, name := range o.args {
		i, err := p.Lstat(name)
		if err == nil && !i.IsDir() {
			err = syscall.ENOTDIR
		}
		if err == nil {
			err = p.Remove(name)
		}
		if err != nil {
			complain(p, "failed to remove '%s': %s", name, kernel.Reason(err))
			status = 1
		}
	}
	return status
}

// target is where a file goes: into a folder under its own name.
func target(p *kernel.Process, from, to string) string {
	if i, err := p.Stat(to); err == nil && i.IsDir() {
		return path.Join(to, path.Base(from))
	}
	return to
}

func mv(p *kernel.Process) int {
	o, ok := parse(p, "fnTv")
	if !ok || !operands(p, o, 2) {
		return 1
	}
	status, to := 0, o.args[len(o.args)-1]
	for _, from := range o.args[:len(o.args)-1] {
		if _, err := p.Lstat(from); err != nil {
			complain(p, "cannot stat '%s': %s", from, kernel.Reason(err))
			status = 1
			continue
		}
		at := target(p, from, to)
		err := p.Rename(from, at)
		if errors.Is(err, syscall.EXDEV) {
			if err = copyTree(p, from, at); err == nil {
				err = p.RemoveAll(from)
			}
		}
		if err != nil {
			complain(p, "cannot move '%s' to '%s': %s", from, at, kernel.Reason(err))
			status = 1
		}
	}
	return status
}

func cp(p *kernel.Process) int {
	o, ok := parse(p, "rRapfTd", "recursive", "archive")
	if !ok || !operands(p, o, 2) {
		return 1
	}
	status, to := 0, o.args[len(o.args)-1]
	for _, from := range o.args[:len(o.args)-1] {
		i, err := p.Stat(from)
		switch {
		case err != nil:
			complain(p, "cannot stat '%s': %s", from, kernel.Reason(err))
		case i.IsDir() && !o.has("r", "R", "a", "recursive", "archive"):
			complain(p, "-r not specified; omitting directory '%s'", from)
			err = syscall.EISDIR
		default:
			at := target(p, from, to)
			if err = copyTree(p, from, at); err != nil {
				complain(p, "cannot create regular file '%s': %s", at, kernel.Reason(err))
			}
		}
		if err != nil {
			status = 1
		}
	}
	return status
}

func copyTree(p *kernel.Process, from, to string) error {
	i, err := p.Stat(from)
	if err != nil {
		return err
	}
	if !i.IsDir() {
		text, err := p.ReadFile(from)
		if err != nil {
			return err
		}
		if err := p.WriteFile(to, text, i.Mode().Perm()); err != nil {
			return err
		}
		return p.Chmod(to, i.Mode().Perm())
	}
	if err := p.MkdirAll(to, i.Mode().Perm()); err != nil {
		return err
	}
	list, err := p.ReadDir(from)
	for _, e := range list {
		err = errors.Join(err, copyTree(p, path.Join(from, e.Name()), path.Join(to, e.Name())))
	}
	return err
}

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

func touch(p *kernel.Process) int {
	o, ok := parse(p, "acmd:r:t:")
	if !ok || !operands(p, o, 1) {
		return 1
	}
	status := 0
	for _, name := range o.args {
		d, err := p.Open(name, os.O_WRONLY|os.O_CREATE, 0o644)
		if err == nil {
			_ = d.Close() // nothing was written
			err = p.Chtimes(name, time.Now())
		}
		if err != nil {
			complain(p, "cannot touch '%s': %s", name, kernel.Reason(err))
			status = 1
		}
	}
	return status
}

func mkfifo(p *kernel.Process) int {
	o, ok := parse(p, "m:")
	if !ok || !operands(p, o, 1) {
		return 1
	}
	status := 0
	for _, name := range o.args {
		if err := p.Mkfifo(name); err != nil {
			complain(p, "cannot create fifo '%s': %s", name, kernel.Reason(err))
			status = 1
		}
	}
	return status
}

func mktemp(p *kernel.Process) int {
	o, ok := parse(p, "dqtup:", "directory", "tmpdir=")
	if !ok {
		return 1
	}
	pattern := "tmp.XXXXXXXXXX"
	dir := p.Env["TMPDIR"]
	if dir == "" {
		dir = "/tmp"
	}
	if len(o.args) > 0 {
		if pattern = o.args[0]; !o.has("t", "p", "tmpdir") {
			dir = ""
		}
	}
	dir = o.get("p", o.get("tmpdir", dir))
	stem := strings.TrimRight(pattern, "X")
	if len(pattern)-len(stem) < 3 {
		complain(p, "too few X's in template ‘%s’", pattern)
		return 1
	}
	const letters = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
	name := stem
	for len(name) < len(pattern) {
		name += string(letters[rand.IntN(len(letters))])
	}
	name = path.Join(dir, name)
	kind, err := "file", error(nil)
	if _, missing := p.Stat(path.Dir(name)); missing != nil {
		err = missing
	} else if o.has("d", "directory") {
		kind, err = "directory", p.MkdirAll(name, 0o700)
	} else {
		err = p.WriteFile(name, nil, 0o600)
	}
	if o.has("d", "directory") {
		kind = "directory"
	}
	if err != nil {
		complain(p, "failed to create %s via template ‘%s’: %s", kind, path.Join(dir, pattern), kernel.Reason(err))
		return 1
	}
	p.Printf("%s\n", name)
	return 0
}
