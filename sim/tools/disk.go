package tools

import (
	"io/fs"
	"path"
	"strconv"
	"strings"
	"syscall"

	"vmqbot/sim/kernel"
)

// df knows one disk, which carries everything.
func df(p *kernel.Process) int {
	o, ok := parse(p, "Pkh")
	if !ok {
		return 1
	}
	status, found := 0, len(o.args) == 0
	for _, name := range o.args {
		if _, err := p.Stat(name); err != nil {
			status = cannot(p, name, err)
			continue
		}
		found = true
	}
	if !found {
		return status
	}
	used, free := p.Machine.Disk()
	head := []string{"Filesystem", "1K-blocks", "Used", "Available", "Use%", "Mounted on"}
	if o.has("P") {
		head[1], head[4] = "1024-blocks", "Capacity"
	}
	row := []string{"/dev/vda1", strconv.FormatInt((used+free)>>10, 10), strconv.FormatInt(used>>10, 10), strconv.FormatInt(free>>10, 10), strconv.FormatInt((100*used+used+free-1)/(used+free), 10) + "%", "/"}
	rows := [][]string{head}
	for range max(1, len(o.args)) {
		rows = append(rows, row)
	}
	for _, r := range rows {
		for i, cell := range r[:5] {
			pad := strings.Repeat(" ", max(0, max(len(head[i]), len(row[i]))-len(cell)))
			if i == 0 {
				p.Printf("%s%s%s ", cell, pad, strings.Repeat(" ", 4))
				continue
			}
			p.Printf("%s%s ", pad, cell)
		}
		p.Printf("%s\n", r[5])
	}
	return status
}

// du counts in blocks of 4 KiB, as ext4 does.
func du(p *kernel.Process) int {
	o, ok := parse(p, "skhbxa")
	if !ok {
		return 1
	}
	names := o.args
	if len(names) == 0 {
		names = []string{"."}
	}
	status := 0
	for _, name := range names {
		if _, err := p.Lstat(name); err != nil {
			complain(p, "cannot access '%s': %s", name, kernel.Reason(err))
			status = 1
			continue
		}
		n := weigh(p, name, func(folder string, kib int64) {
			if !o.has("s") && folder != name {
				p.Printf("%d\t%s\n", kib, folder)
			}
		})
		p.Printf("%d\t%s\n", n, name)
	}
	return status
}

func weigh(p *kernel.Process, name string, folder func(string, int64)) int64 {
	i, err := p.Lstat(name)
	if err != nil {
		return 0 // gone meanwhile
	}
	if !i.IsDir() {
		return (i.Size() + 4095) / 4096 * 4
	}
	n := int64(4)
	list, _ := p.ReadDir(name) // what cannot be read weighs nothing
	for _, e := range list {
		n += weigh(p, path.Join(name, e.Name()), folder)
	}
	folder(name, n)
	return n
}

// stat knows -c with the commonest letters.
func stat(p *kernel.Process) int {
	o, ok := parse(p, "c:Lft", "format=", "printf=")
	if !ok {
		return 1
	}
	format := o.get("c", o.get("format", o.get("printf", "  File: %n\n  Size: %s\n")))
	status := 0
	for _, name := range o.args {
		i, err := p.Lstat(name)
		if o.has("L") && err == nil {
			i, err = p.Stat(name)
		}
		if err != nil {
			complain(p, "cannot statx '%s': %s", name, kernel.Reason(err))
			status = 1
			continue
		}
		p.Printf("%s", expandStat(format, name, i))
		if !o.has("printf") {
			p.Printf("\n")
		}
	}
	return status
}

func expandStat(format, name string, i fs.FileInfo) string {
	kind := map[fs.FileMode]string{0: "regular file", fs.ModeDir: "directory", fs.ModeSymlink: "symbolic link", fs.ModeNamedPipe: "fifo", fs.ModeSocket: "socket"}[i.Mode().Type()]
	if kind == "regular file" && i.Size() == 0 {
		kind = "regular empty file"
	}
	seconds := strconv.FormatInt(i.ModTime().Unix(), 10)
	return strings.NewReplacer("%%", "%", "%n", name, "%s", strconv.FormatInt(i.Size(), 10), "%a", strconv.FormatUint(uint64(i.Mode().Perm()), 8),
		"%A", modeWord(i.Mode()), "%F", kind, "%Y", seconds, "%X", seconds, "%Z", seconds, "%U", "root", "%G", "root", "%u", "0", "%g", "0", "%d", "1", "%i", number(i), "%h", "1",
		"%b", strconv.FormatInt((i.Size()+4095)/4096*8, 10), "%B", "512").Replace(format)
}

// number is what tells a file from every other, whatever its name; that of the
// real machine, where the file lies there.
func number(i fs.FileInfo) string {
	if real, ok := i.Sys().(*syscall.Stat_t); ok {
		return strconv.FormatUint(real.Ino, 10)
	}
	return "1"
}

// readlink prints where a link points; -f makes any path absolute.
func readlink(p *kernel.Process) int {
	o, ok := parse(p, "femn")
	if !ok || !operands(p, o, 1) {
		return 1
	}
	for _, name := range o.args {
		to, err := p.Readlink(name)
		if o.has("f", "e", "m") {
			if err != nil {
				to = name
			}
			if !strings.HasPrefix(to, "/") {
				to = path.Join(p.Dir, path.Dir(name), to)
				if err != nil {
					to = path.Join(p.Dir, name)
				}
			}
			to, err = path.Clean(to), nil
		}
		if err != nil {
			return 1
		}
		p.Printf("%s\n", to)
	}
	return 0
}
