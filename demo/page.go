package demo

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"time"

	"vmqbot/ops"
)

// startTime bounds local-slack's own start: it unpacks itself.
const startTime = 60 * time.Second

// Page is a running local-slack.
type Page struct {
	URL string // of the page
	API string // of its Web API, for the bot

	cmd   *exec.Cmd
	ended chan struct{} // closed when the process is gone
	err   error         // why; read after ended
}

// Open starts the program on a port of the loopback, with everything that it
// writes in dir. Close ends it.
func Open(ctx context.Context, program, dir string, port int) (*Page, error) {
	if err := free(ctx, port); err != nil {
		return nil, err
	}
	config := filepath.Join(dir, "workspace.yaml")
	files := filepath.Join(dir, "files")
	if err := errors.Join(os.WriteFile(config, []byte(workspace), 0o600), os.MkdirAll(files, 0o700)); err != nil {
		return nil, ops.Errorf(ops.Failed, instead, "The demo's folder cannot be written: %v.", err)
	}
	p := &Page{URL: "http://localhost:" + strconv.Itoa(port), ended: make(chan struct{})}
	p.API = p.URL + "/api/"
	p.cmd = exec.Command(program, "--config", config, "--port", strconv.Itoa(port), "--files-dir", files) //nolint:gosec // Find has found it
	p.cmd.Env = append(os.Environ(), "TMPDIR="+dir)
	out, err := p.cmd.StdoutPipe()
	if err == nil {
		p.cmd.Stderr = p.cmd.Stdout
		err = p.cmd.Start()
	}
	if err != nil {
		return nil, ops.Errorf(ops.Failed, instead, "local-slack does not start: %v.", err)
	}
	up, said := make(chan struct{}), &last{}
	go p.drink(out, up, said) // ends with the process
	select {
	case <-up:
		return p, nil
	case <-p.ended:
		return nil, ops.Errorf(ops.Failed, instead, "local-slack ended at once (%s).", reason(said.String(), p.err))
	case <-time.After(startTime):
		err = ops.Errorf(ops.Failed, instead, "local-slack did not come up within %s.", startTime)
	case <-ctx.Done():
		err = ctx.Err()
	}
	return nil, errors.Join(err, p.Close())
}

// free tells of a taken port before anything is started.
func free(ctx context.Context, port int) error {
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:"+strconv.Itoa(port))
	if err != nil {
		return ops.Errorf(ops.Invalid, fmt.Sprintf("bot demo --port %d", port+1), "Port %d, the page's, cannot be listened on: %v.", port, errors.Unwrap(err))
	}
	return l.Close()
}

// drink reads what the program says to its end; up is closed when it serves.
func (p *Page) drink(out io.Reader, up chan<- struct{}, said *last) {
	told := false
	for sc := bufio.NewScanner(out); sc.Scan(); {
		said.add(sc.Text())
		if !told && strings.Contains(sc.Text(), "Apps:") {
			told = true
			close(up)
		}
	}
	p.err = p.cmd.Wait()
	close(p.ended)
}

// Ended is closed when local-slack has ended, by itself or by Close.
func (p *Page) Ended() <-chan struct{} { return p.ended }

// Close ends it and returns when it is gone.
func (p *Page) Close() error {
	err := p.cmd.Process.Kill()
	<-p.ended
	if errors.Is(err, os.ErrProcessDone) {
		return nil
	}
	return err
}

// last is the last lines that a program said.
type last struct {
	mu    sync.Mutex
	lines []string
}

const lastLines = 20

func (l *last) add(line string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.lines = append(l.lines, line)
	if len(l.lines) > lastLines {
		l.lines = l.lines[1:]
	}
}

func (l *last) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return strings.Join(l.lines, "\n")
}
