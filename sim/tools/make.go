package tools

import (
	"math/rand/v2"
	"os"
	"path"
	"strings"
	"time"

	"vmqbot/sim/kernel"
)

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
