package onhost

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"vmqbot/answer"
)

// Real is the machine on which this program runs.
type Real struct{}

var _ Machine = Real{}

// Dial connects.
func (Real) Dial(ctx context.Context, network, addr string) (net.Conn, error) {
	var d net.Dialer
	return d.DialContext(ctx, network, addr)
}

// most is how much of what a program prints is kept.
const most = 1 << 20

// Run runs a program. One that cannot be found ends with status 127, as a shell
// has it. What it leaves behind with our pipes is not waited for.
func (Real) Run(ctx context.Context, argv []string) (answer.Answer, error) {
	var out, said bounded
	cmd := exec.CommandContext(ctx, argv[0], argv[1:]...)
	cmd.Stdout, cmd.Stderr, cmd.WaitDelay = &out, &said, 5*time.Second
	err := cmd.Run()
	a := answer.Answer{Argv: argv, Stdout: out.kept.String(), Stderr: said.kept.String()}
	var ended *exec.ExitError
	switch {
	case ctx.Err() != nil:
		return a, ctx.Err()
	case errors.Is(err, exec.ErrNotFound):
		a.Exit, a.Stderr = 127, err.Error()
	case errors.As(err, &ended):
		a.Exit = ended.ExitCode()
	case err != nil:
		return a, err
	}
	return a, nil
}

// bounded keeps the first most bytes.
type bounded struct{ kept bytes.Buffer }

// Write takes everything and keeps what there is room for.
func (b *bounded) Write(p []byte) (int, error) {
	if room := most - b.kept.Len(); room > 0 {
		b.kept.Write(p[:min(room, len(p))])
	}
	return len(p), nil
}

// ReadFile reads a file.
func (Real) ReadFile(name string) ([]byte, error) { return os.ReadFile(name) }

// WriteFile writes beside the file and renames, so that nobody reads a part.
func (Real) WriteFile(name string, content []byte, mode fs.FileMode) error {
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil { //nolint:gosec // everybody may read what stands there
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(name), ".vmqbot-*")
	if err != nil {
		return err
	}
	_, err = f.Write(content)
	err = errors.Join(err, f.Chmod(mode), f.Sync(), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), name)
	}
	if err != nil {
		_ = os.Remove(f.Name())
	}
	return err
}

// Remove removes a file.
func (Real) Remove(name string) error {
	if err := os.Remove(name); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// Stat is when a file was changed last.
func (Real) Stat(name string) (time.Time, error) {
	i, err := os.Stat(name)
	if err != nil {
		return time.Time{}, err
	}
	return i.ModTime(), nil
}
