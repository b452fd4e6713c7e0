// Package guarded is the bot's guard as a program of the simulated hosts: the
// binary that guard install puts there runs as this.
package guarded

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"net"
	"os"
	"path"
	"strconv"
	"time"

	"vmqbot/answer"
	"vmqbot/guard/onhost"
	"vmqbot/ops"
	"vmqbot/sim/kernel"
)

// Main is the program.
func Main(p *kernel.Process) int {
	if len(p.Argv) < 2 || p.Argv[1] != "guard" {
		p.Errorf("bot: on a simulated host there is only: bot guard\n")
		return 2
	}
	err := onhost.Do(p.Context(), onhost.Process{
		Machine: machine{p}, Self: p.Argv[0], PID: p.PID, Version: "simulated", Out: writer(p.Printf), Err: writer(p.Errorf),
	}, p.Argv[2:])
	if err == nil {
		return 0
	}
	p.Errorf("bot: %v\n", err)
	return ops.CodeOf(err).Exit()
}

// writer prints.
type writer func(format string, args ...any)

func (w writer) Write(b []byte) (int, error) {
	w("%s", b)
	return len(b), nil
}

// machine is the simulated host.
type machine struct{ p *kernel.Process }

var _ onhost.Machine = machine{}

func (m machine) Dial(ctx context.Context, network, addr string) (net.Conn, error) {
	if network == "unix" {
		return m.p.Machine.DialUnix(ctx, path.Join("/", addr))
	}
	return m.p.Net.DialContext(ctx, network, addr)
}

// Run runs a program; one that is not there ends with 127.
func (m machine) Run(ctx context.Context, argv []string) (answer.Answer, error) {
	var out, said bytes.Buffer
	a := answer.Answer{Argv: argv}
	child, err := m.p.Start(kernel.Spec{Argv: argv, Session: true, FDs: map[int]*kernel.FD{0: kernel.Null(), 1: kernel.Output(&out), 2: kernel.Output(&said)}})
	if errors.Is(err, kernel.ErrNotFound) {
		a.Exit, a.Stderr = 127, argv[0]+": not found"
		return a, nil
	}
	if err != nil {
		return a, err
	}
	select {
	case <-child.Done():
	case <-ctx.Done():
		child.Signal(kernel.KILL)
		<-child.Done()
		return a, ctx.Err()
	}
	a.Exit, a.Stdout, a.Stderr = child.Wait(), out.String(), said.String()
	return a, nil
}

func (m machine) ReadFile(name string) ([]byte, error) { return m.p.ReadFile(name) }

func (m machine) WriteFile(name string, content []byte, mode fs.FileMode) error {
	if err := m.p.MkdirAll(path.Dir(name), 0o755); err != nil {
		return err
	}
	beside := name + ".new" + strconv.Itoa(m.p.PID)
	err := m.p.WriteFile(beside, content, mode)
	if err == nil {
		err = m.p.Chmod(beside, mode)
	}
	if err == nil {
		return m.p.Rename(beside, name)
	}
	_ = m.p.Remove(beside)
	return err
}

func (m machine) Remove(name string) error {
	if err := m.p.Remove(name); !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return nil
}

func (m machine) Stat(name string) (time.Time, error) {
	i, err := m.p.Stat(name)
	if err != nil {
		return time.Time{}, err
	}
	return i.ModTime(), nil
}
