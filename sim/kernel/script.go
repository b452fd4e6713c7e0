package kernel

import (
	"bufio"
	"errors"
	"os"
	"path"
	"strings"
)

// program is what a path can be executed as: one of the root's programs, or a
// file of the tree that is a script, which its first line hands to a program.
func (p *Process) program(at string) (Program, error) {
	main, err := p.Root.program(at)
	if err == nil || err == ErrFormat { //nolint:errorlint // made by program itself
		return main, err
	}
	real := p.Root.Real(at)
	i, err := os.Stat(real)
	if err != nil {
		return nil, ErrNotFound
	}
	if i.IsDir() || i.Mode()&0o111 == 0 {
		return nil, ErrDenied
	}
	f, err := os.Open(real)
	if err != nil {
		return nil, ErrDenied
	}
	defer f.Close()                                         //nolint:errcheck // only read
	line, _ := bufio.NewReaderSize(f, 256).ReadString('\n') // a script may be one line without an end
	line, isScript := strings.CutPrefix(line, "#!")
	words := strings.SplitN(strings.TrimSpace(line), " ", 2)
	if !isScript && p.Root.Native != nil {
		return p.Root.Native, nil
	}
	if !isScript || words[0] == "" {
		return nil, ErrFormat
	}
	interpreter, err := p.Root.program(words[0])
	if err != nil {
		return nil, ErrNotFound
	}
	return func(p *Process) int {
		argv := append(append(words[:len(words):len(words)], at), p.Argv[1:]...)
		p.setWords(argv, at)
		return interpreter(p)
	}, nil
}

// lookup finds a program as execvp does.
func (p *Process) lookup(name string) (Program, error) {
	main, _, err := p.search(name, p.Env["PATH"])
	return main, err
}

// LookPath reports whether a program of that name would be found.
func (p *Process) LookPath(name string) error {
	_, err := p.lookup(name)
	return err
}

// Which is where a program is, in a list of folders as PATH has it.
func (p *Process) Which(name, dirs string) (string, error) {
	_, at, err := p.search(name, dirs)
	return at, err
}

const defaultPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

func (p *Process) search(name, dirs string) (main Program, at string, err error) {
	if strings.Contains(name, "/") {
		main, err = p.program(p.abs(name))
		return main, name, err
	}
	if dirs == "" {
		dirs = defaultPath
	}
	err = ErrNotFound
	for _, dir := range strings.Split(dirs, ":") {
		at := path.Join(p.abs(dir), name)
		main, e := p.program(at)
		if e == nil {
			return main, at, nil
		}
		if !errors.Is(e, ErrNotFound) {
			err = e
		}
	}
	return nil, "", err
}
