package tools

import (
	"io/fs"
	"path"
	"strconv"
	"strings"

	"vmqbot/sim/kernel"
)

// ls lists one name a line, as it does when nobody looks. 2 when a name that
// was given is not there.
func ls(p *kernel.Process) int {
	o, ok := parse(p, "Aa1ldhnRF")
	if !ok {
		return 2
	}
	names := o.args
	if len(names) == 0 {
		names = []string{"."}
	}
	status := 0
	var files []fs.FileInfo
	var folders []string
	for _, name := range names {
		i, err := p.Stat(name)
		switch {
		case err != nil:
			complain(p, "cannot access '%s': %s", name, kernel.Reason(err))
			status = 2
		case i.IsDir() && !o.has("d"):
			folders = append(folders, name)
		default:
			files = append(files, named{i, name})
		}
	}
	show(p, o, files)
	for n, name := range folders {
		list, err := p.ReadDir(name)
		if err != nil {
			complain(p, "cannot open directory '%s': %s", name, kernel.Reason(err))
			status = 2
			continue
		}
		if len(names) > 1 {
			if n > 0 || len(files) > 0 {
				p.Printf("\n")
			}
			p.Printf("%s:\n", name)
		}
		if o.has("l") {
			p.Printf("total %d\n", 4*len(list))
		}
		if o.has("a") {
			if i, err := p.Stat(name); err == nil {
				list = append([]fs.FileInfo{named{i, "."}, named{i, ".."}}, list...)
			}
		}
		show(p, o, list)
	}
	return status
}

// named is a file under the name that it was asked for.
type named struct {
	fs.FileInfo
	name string
}

func (n named) Name() string { return n.name }

func show(p *kernel.Process, o options, list []fs.FileInfo) {
	var out strings.Builder
	width := 1
	for _, i := range list {
		width = max(width, len(strconv.FormatInt(i.Size(), 10)))
	}
	for _, i := range list {
		if strings.HasPrefix(path.Base(i.Name()), ".") && strings.HasPrefix(i.Name(), ".") && !o.has("a", "A") {
			continue
		}
		if o.has("l") {
			digits := strconv.FormatInt(i.Size(), 10)
			out.WriteString(modeWord(i.Mode()) + " 1 root root " + strings.Repeat(" ", width-len(digits)) + digits + " " + i.ModTime().UTC().Format("Jan _2 15:04") + " ")
		}
		out.WriteString(i.Name() + "\n")
	}
	if out.Len() > 0 {
		p.Printf("%s", out.String())
	}
}

// modeWord is a mode as ls writes it.
func modeWord(m fs.FileMode) string {
	kind := "-"
	switch {
	case m.IsDir():
		kind = "d"
	case m&fs.ModeSymlink != 0:
		kind = "l"
	case m&fs.ModeNamedPipe != 0:
		kind = "p"
	case m&fs.ModeSocket != 0:
		kind = "s"
	case m&fs.ModeCharDevice != 0:
		kind = "c"
	}
	return kind + m.Perm().String()[1:]
}
