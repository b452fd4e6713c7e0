package tools

import (
	"bytes"
	"errors"
	"io/fs"
	"strings"
	"syscall"

	"vmqbot/sim/kernel"
)

// sed edits lines: s, d and p with addresses, -n, -E, -e and -i. What else the
// real one knows is refused as a script that it does not understand.
func sed(p *kernel.Process) int {
	o, ok := parse(p, "nEre:si::", "quiet", "regexp-extended")
	if !ok {
		return 1
	}
	script, names := o.get("e", ""), o.args
	if !o.has("e") {
		if len(names) == 0 {
			p.Errorf("Usage: %s [OPTION]... {script-only-if-no-other-script} [input-file]...\n", self(p))
			return 1
		}
		script, names = names[0], names[1:]
	}
	edits, err := readEdits(script, o.has("E", "r", "regexp-extended"))
	if err != nil {
		complain(p, "-e expression #1, %v", err)
		return 1
	}
	e := editor{edits: edits, quiet: o.has("n", "quiet")}
	if o.has("i") {
		return e.inPlace(p, names, o.get("i", ""))
	}
	all, status := e.slurp(p, names)
	_, _ = p.Stdout().Write(e.run(all)) // nobody to tell
	return status
}

// slurp reads all files as one text: addresses count through them.
func (e editor) slurp(p *kernel.Process, names []string) (all []byte, status int) {
	if len(names) == 0 {
		return slurp(p, nil)
	}
	for _, name := range names {
		text, err := p.ReadFile(name)
		if err != nil {
			status = unread(p, name, err)
		}
		all = append(all, text...)
	}
	return all, status
}

// inPlace writes each file again. The old one stays under its name with the
// suffix, if there is one.
func (e editor) inPlace(p *kernel.Process, names []string, suffix string) (status int) {
	for _, name := range names {
		text, err := p.ReadFile(name)
		if err != nil {
			status = unread(p, name, err)
			continue
		}
		mode := fs.FileMode(0o644)
		if i, err := p.Stat(name); err == nil {
			mode = i.Mode().Perm()
		}
		if suffix != "" {
			err = p.Rename(name, name+suffix)
		}
		if err == nil {
			err = p.WriteFile(name, e.run(text), mode)
		}
		if err != nil {
			complain(p, "couldn't write %s: %s", name, kernel.Reason(err))
			return 4
		}
	}
	return status
}

func unread(p *kernel.Process, name string, err error) int {
	if errors.Is(err, syscall.EISDIR) {
		complain(p, "couldn't edit %s: not a regular file", name)
		return 4
	}
	complain(p, "can't read %s: %s", name, kernel.Reason(err))
	return 2
}

// editor is a script that is ready to run.
type editor struct {
	edits []edit
	quiet bool // only p prints
}

// run edits a text. A last line without its end keeps so.
func (e editor) run(text []byte) []byte {
	var out bytes.Buffer
	lines := strings.SplitAfter(string(text), "\n")
	if lines[len(lines)-1] == "" {
		lines = lines[:len(lines)-1]
	}
	within := make([]bool, len(e.edits))
	for i, full := range lines {
		line, ended := strings.CutSuffix(full, "\n")
		end := ""
		if ended {
			end = "\n"
		}
		keep := true
		for k, edit := range e.edits {
			if !edit.applies(i+1, i == len(lines)-1, line, &within[k]) {
				continue
			}
			switch edit.verb {
			case 'd':
				keep = false
			case 'p':
				out.WriteString(line + "\n")
			case 's':
				changed, hit := edit.replace(line)
				if line = changed; hit && edit.print {
					out.WriteString(line + "\n")
				}
			}
			if !keep {
				break
			}
		}
		if keep && !e.quiet {
			out.WriteString(line + end)
		}
	}
	return out.Bytes()
}
