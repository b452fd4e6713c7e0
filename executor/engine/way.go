package engine

import (
	"context"
	"errors"
	"net"
	"strings"
	"sync"
	"time"

	"vmqbot/executor/wire"
	"vmqbot/facts"
	"vmqbot/secret"
)

const (
	socket   = "/var/run/docker.sock"
	dialTime = 10 * time.Second
)

// way is how connections to the engine are made on one host: through a channel
// to its socket, or through a command there. It is found out once.
type way struct {
	host Host
	name string

	mu    sync.Mutex
	stdio bool     // sshd refuses channels to sockets
	spare net.Conn // opened while finding out, for the first caller
	last  error    // why the last dial failed; nil when it did not
}

// find tries the socket and, when that fails, asks the docker command on the
// host: its answer either opens the second way or says what is wrong.
func (w *way) find(ctx context.Context) error {
	conn, err := w.host.Dial(ctx, "unix", socket)
	if err != nil {
		return w.keep(w.ask(ctx, err))
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.spare, w.last = conn, nil
	return nil
}

func (w *way) dial(ctx context.Context, _, _ string) (net.Conn, error) {
	conn, err := w.open(ctx)
	if alive, ok := ctx.Value(watched{}).(context.Context); ok && err == nil {
		context.AfterFunc(alive, func() { _ = conn.Close() })
	}
	return conn, err
}

func (w *way) open(ctx context.Context) (net.Conn, error) {
	// Since Go 1.23 the transport's dials outlive the request that began them.
	ctx, cancel := context.WithTimeout(ctx, dialTime)
	defer cancel()
	w.mu.Lock()
	conn, stdio := w.spare, w.stdio
	w.spare = nil
	w.mu.Unlock()
	if conn != nil {
		return conn, nil
	}
	if stdio {
		pipe, err := w.host.Pipe(context.WithoutCancel(ctx), secret.Words("docker", "system", "dial-stdio"))
		if err != nil {
			return nil, w.keep(err)
		}
		return &pipeConn{pipe}, w.keep(nil)
	}
	conn, err := w.host.Dial(ctx, "unix", socket)
	if err != nil {
		return nil, w.keep(w.ask(ctx, err))
	}
	return conn, w.keep(nil)
}

// ask finds out why the socket could not be reached; nil means that the docker
// command reaches it, and that it shall be the way from now on.
func (w *way) ask(ctx context.Context, refused error) error {
	if b := wire.BlindOf(refused); ctx.Err() != nil || b == facts.Unreachable || b == facts.BadHostKey ||
		b == facts.NewHostKey || b == facts.LoginDenied || b == facts.TooLate {
		return refused // not Docker's fault: the host itself could not be asked
	}
	a, err := w.host.Run(ctx, secret.Words("docker", "version", "--format", "{{.Server.Version}}"), nil)
	if err != nil {
		return err
	}
	said := strings.TrimSpace(a.Stderr)
	fail := func(b facts.Blind, msg string) error {
		return &Error{Host: w.name, Blind: b, Msg: msg, Cause: errors.Join(refused, errors.New(said))}
	}
	switch low := strings.ToLower(said); {
	case a.Exit == 0:
		w.mu.Lock()
		defer w.mu.Unlock()
		w.stdio = true
		return nil
	case strings.Contains(low, "permission denied"):
		return fail(facts.Denied, "the login user may not use Docker on "+w.name+": add it to the group docker there, or log in as another user (ssh.user).")
	case strings.Contains(low, "cannot connect to the docker daemon"), strings.Contains(low, "is the docker daemon running"):
		return fail(facts.Down, "Docker is not running on "+w.name+": look there with `systemctl status docker`.")
	case a.Exit == 127 || strings.Contains(low, "not found"):
		return fail(facts.Absent, "nothing answers at "+socket+" on "+w.name+" and there is no docker command: install Docker there, or allow AllowStreamLocalForwarding in its sshd_config.")
	}
	return fail(facts.Failed, "Docker cannot be reached on "+w.name+": "+said)
}

func (w *way) keep(err error) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.last = err
	return err
}

func (w *way) failure() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.last
}

// idle is how many connections may wait for the next look. The second way
// spends a session of sshd's MaxSessions (10 by default) on each.
func (w *way) idle() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.stdio {
		return 2
	}
	return 16
}

func (w *way) close() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.spare != nil {
		_ = w.spare.Close()
		w.spare = nil
	}
}
