package onhost

import (
	"context"
	"io"
	"io/fs"
	"net"
	"time"

	"vmqbot/answer"
	"vmqbot/secret"
)

// Machine is the host as its programs see it.
type Machine interface {
	// Dial connects to a "unix" or "tcp" address.
	Dial(ctx context.Context, network, addr string) (net.Conn, error)
	// Run runs a program to its end. What it printed is cut at a megabyte.
	Run(ctx context.Context, argv []string) (answer.Answer, error)
	Files
}

// Files are the host's files.
type Files interface {
	ReadFile(name string) ([]byte, error)
	// WriteFile replaces a file in one step and makes its folder.
	WriteFile(name string, content []byte, mode fs.FileMode) error
	Remove(name string) error // one that is not there is fine
	Stat(name string) (changed time.Time, err error)
}

// Process is what a program gets from the machine that runs it.
type Process struct {
	Machine Machine
	Self    string // the path of its own program file
	PID     int
	Version string
	Out     io.Writer
	Err     io.Writer
}

// here is the machine as a host of the executor's rooms.
type here struct{ m Machine }

func (h here) Dial(ctx context.Context, network, addr string) (net.Conn, error) {
	return h.m.Dial(ctx, network, addr)
}

func (h here) Run(ctx context.Context, argv []secret.Word, line func(string)) (answer.Answer, error) {
	a, err := h.m.Run(ctx, secret.Reveal(argv))
	if line != nil {
		for _, text := range lines(a.Stdout + a.Stderr) {
			line(text)
		}
	}
	return a, err
}

// Pipe is asked for only where Docker's socket cannot be reached.
func (h here) Pipe(context.Context, []secret.Word) (io.ReadWriteCloser, error) {
	return nil, errNoPipe
}

// Ping is that of a machine to itself.
func (h here) Ping(context.Context) (time.Duration, bool, error) { return 0, false, nil }

// WriteFile is for actions that the guard never does.
func (h here) WriteFile(_ context.Context, name string, content []byte, mode fs.FileMode) error {
	return h.m.WriteFile(name, content, mode)
}
