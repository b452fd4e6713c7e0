package dockerd

import (
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"strings"

	"vmqbot/sim/kernel"
)

// executables finds the programs that a container sees, and the links to them:
// in its root folder, in its volumes, and on top of what is bound into it,
// which may be large. What a mount hides is not seen.
func (c *Container) executables() (programs map[string]kernel.Program, links map[string]string) {
	programs, found := map[string]kernel.Program{}, map[string]string{}
	c.scan("/", c.e.real(c.rootDir()), true, programs, found)
	for _, m := range c.mounts {
		hidden := func(at string) bool { return at == m.to || strings.HasPrefix(at, m.to+"/") }
		maps.DeleteFunc(programs, func(at string, _ kernel.Program) bool { return hidden(at) })
		maps.DeleteFunc(found, func(at, _ string) bool { return hidden(at) })
		c.scan(m.to, c.e.real(m.source), m.volume != "", programs, found)
	}
	links = map[string]string{}
	for at := range found {
		to := at
		for range 8 {
			if next, ok := found[to]; ok {
				to = next
			}
		}
		if programs[to] != nil {
			links[at] = to
		}
	}
	return programs, links
}

// scan looks through a folder of the real machine that is at a path here; not
// deep is its top alone.
func (c *Container) scan(here, folder string, deep bool, programs map[string]kernel.Program, links map[string]string) {
	_ = filepath.WalkDir(folder, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			if err == nil && !deep && name != folder {
				return fs.SkipDir
			}
			return nil
		}
		at := path.Join(here, filepath.ToSlash(strings.TrimPrefix(name, folder)))
		if d.Type()&fs.ModeSymlink != 0 {
			if to, err := os.Readlink(name); err == nil {
				links[at] = path.Join(path.Dir(at), filepath.ToSlash(to))
			}
			return nil
		}
		if i, err := d.Info(); err == nil && d.Type().IsRegular() && i.Mode()&0o111 != 0 {
			if main := c.e.lib.program(head(name), at, c.e.opt.Arch); main != nil {
				programs[at] = main
			}
		}
		return nil
	})
}
