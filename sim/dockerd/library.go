package dockerd

import (
	"bytes"
	"fmt"
	"strings"
	"sync"

	"vmqbot/sim/kernel"
)

// Program is a Go function that a file of an image stands for. The name is
// written into the file, so one name is one function in a whole world.
type Program struct {
	Name string
	Main kernel.Program
}

// Library is what the engines of one world share: the functions behind program
// files, and the layers, of which each is kept once.
type Library struct {
	mu       sync.Mutex
	programs map[string]kernel.Program
	layers   map[string]*layer // by diff id
}

// NewLibrary makes an empty one.
func NewLibrary() *Library {
	return &Library{programs: map[string]kernel.Program{}, layers: map[string]*layer{}}
}

// Add makes programs known, before images that hold their files are used.
func (l *Library) Add(programs ...Program) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, p := range programs {
		l.programs[p.Name] = p.Main
	}
}

func (l *Library) intern(n *layer) *layer {
	l.mu.Lock()
	defer l.mu.Unlock()
	if old := l.layers[n.diffID]; old != nil {
		return old
	}
	l.layers[n.diffID] = n
	return n
}

// The beginning of a program's file, as of an ELF file, and of the mark in it.
const (
	elf  = "\x7fELF"
	mark = elf + "\x02\x01\x01 program of the simulation: "
)

// ProgramFile is the content of the file that stands for a program on a
// processor, with as many bytes as size asks for.
func ProgramFile(name, arch string, size int) []byte {
	b := []byte(fmt.Sprintf("%s%s for %s\n", mark, name, arch))
	return append(b, bytes.Repeat([]byte{0}, max(0, size-len(b)))...)
}

// program is what executing a file runs, judged by its first bytes; nil when
// it is nothing that can be executed.
func (l *Library) program(head []byte, path, arch string) kernel.Program {
	first, _, _ := strings.Cut(string(head), "\n")
	if words, ok := strings.CutPrefix(first, mark); ok {
		name, on, _ := strings.Cut(words, " for ")
		l.mu.Lock()
		main := l.programs[name]
		l.mu.Unlock()
		if main != nil && on == arch {
			return main
		}
	}
	if strings.HasPrefix(first, elf) {
		return kernel.ForeignProgram
	}
	if by, ok := strings.CutPrefix(first, "#!"); ok {
		return script(strings.Fields(by), path)
	}
	return nil
}

// script is a file that names its interpreter.
func script(by []string, path string) kernel.Program {
	return func(p *kernel.Process) int {
		status, err := p.Exec(append(append(by[:len(by):len(by)], path), p.Argv[1:]...)...)
		if err != nil {
			p.Errorf("exec %s: no such file or directory\n", path)
			return 127
		}
		return status
	}
}
