package tools

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strconv"
	"strings"
	"syscall"

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
		if err != nil && (!force || !errors.Is(err, fs.ErrNotExist)) {
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
