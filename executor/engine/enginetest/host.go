package enginetest

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"time"

	"vmqbot/answer"
	"vmqbot/executor/engine"
	"vmqbot/executor/wire"
	"vmqbot/facts"
	"vmqbot/secret"
)

// Host reaches a Docker as a host would be reached through ssh, with the
// faults that its fields ask for.
type Host struct {
	Docker *Docker
	Weave  string        // address that stands for 127.0.0.1:6784; "" refuses
	RTT    time.Duration // of every channel and command
	Refuse error         // every call fails so, when set
	Socket error         // channels to the socket fail so, when set
	Path   string        // folder that is searched for commands first

	Dials, Pipes atomic.Int64 // how many were made
}

var _ engine.Host = (*Host)(nil)

// Dial connects to the engine's socket, to the stand-in for weave, or to any
// other address as it is.
func (h *Host) Dial(ctx context.Context, network, addr string) (net.Conn, error) {
	h.Dials.Add(1)
	if err := h.wait(ctx, 1); err != nil {
		return nil, err
	}
	switch {
	case network == "unix" && h.Socket != nil:
		return nil, h.Socket
	case network == "unix":
		addr = h.Docker.Socket
	case addr == "127.0.0.1:6784" && h.Weave == "":
		return nil, &wire.Error{Blind: facts.Down, Tried: "connecting from ops@cn to 127.0.0.1:6784", Why: "nothing answers there (Connection refused)"}
	case addr == "127.0.0.1:6784":
		addr = h.Weave
	}
	var d net.Dialer
	c, err := d.DialContext(ctx, network, addr)
	if err != nil || h.RTT == 0 {
		return c, err
	}
	return Delay(c, h.RTT), nil
}

// wait spends round trips, or the caller's time.
func (h *Host) wait(ctx context.Context, trips int) error {
	if h.Refuse != nil {
		return h.Refuse
	}
	select {
	case <-time.After(time.Duration(trips) * h.RTT):
		return ctx.Err()
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (h *Host) command(ctx context.Context, argv []secret.Word) *exec.Cmd {
	words := secret.Reveal(argv)
	if p := filepath.Join(h.Path, words[0]); h.Path != "" && fileExists(p) {
		words[0] = p
	}
	c := exec.CommandContext(ctx, words[0], words[1:]...)
	c.Env = append(os.Environ(), "DOCKER_HOST=unix://"+h.Docker.Socket, "PATH="+h.Path+":"+os.Getenv("PATH"))
	return c
}

func fileExists(p string) bool {
	_, err := os.Stat(p)
	return err == nil
}

// Run runs a command on this machine.
func (h *Host) Run(ctx context.Context, argv []secret.Word, line func(string)) (answer.Answer, error) {
	a := answer.Answer{Argv: secret.Reveal(argv)}
	if err := h.wait(ctx, 2); err != nil {
		return a, err
	}
	var out, errs bytes.Buffer
	c := h.command(ctx, argv)
	c.Stdout, c.Stderr = &out, &errs
	err := c.Run()
	a.Stdout, a.Stderr, a.Exit = out.String(), errs.String(), c.ProcessState.ExitCode()
	if errors.Is(err, exec.ErrNotFound) {
		a.Exit, a.Stderr, err = 127, argv[0].String()+": not found", nil
	}
	var status *exec.ExitError
	if errors.As(err, &status) && ctx.Err() == nil {
		err = nil
	}
	for l := range strings.Lines(a.Stdout + a.Stderr) {
		if line != nil {
			line(strings.TrimSuffix(l, "\n"))
		}
	}
	return a, err
}

type pipe struct {
	net.Conn
	ended chan struct{}
	stop  context.CancelFunc
}

func (p *pipe) Close() error {
	p.stop()
	err := p.Conn.Close()
	<-p.ended
	return err
}

// Pipe starts a command on this machine.
func (h *Host) Pipe(ctx context.Context, argv []secret.Word) (io.ReadWriteCloser, error) {
	h.Pipes.Add(1)
	if err := h.wait(ctx, 2); err != nil {
		return nil, err
	}
	near, far := net.Pipe()
	alive, stop := context.WithCancel(context.WithoutCancel(ctx))
	c := h.command(alive, argv)
	in, err := c.StdinPipe()
	if err != nil {
		stop()
		return nil, err
	}
	c.Stdout = far
	if err := c.Start(); err != nil {
		stop()
		return nil, err
	}
	ended := make(chan struct{})
	go func() {
		_, _ = io.Copy(in, far)
		_ = in.Close()
	}()
	go func() {
		defer close(ended)
		_ = c.Wait()
		_ = far.Close()
	}()
	if h.RTT > 0 {
		near = Delay(near, h.RTT)
	}
	return &pipe{near, ended, stop}, nil
}

// Ping takes one round trip.
func (h *Host) Ping(ctx context.Context) (time.Duration, bool, error) {
	begun := time.Now()
	err := h.wait(ctx, 1)
	return time.Since(begun), false, err
}
