package dockerd

import (
	"context"
	"errors"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/docker/docker/api/types/container"

	"vmqbot/sim/kernel"
)

// execution is one command in a container, from its creation on.
type execution struct {
	id      string
	c       *Container
	opt     container.ExecOptions
	started bool
	running bool
	exit    *int
	pid     int
}

// outTime is how long output is awaited from children that outlive a command.
const outTime = 2 * time.Second

// createExec makes a command that does not run.
func (c *Container) createExec(o container.ExecOptions) (*execution, error) {
	if len(o.Cmd) == 0 {
		return nil, invalid("No exec command specified")
	}
	c.e.mu.Lock()
	defer c.e.mu.Unlock()
	if err := c.enterable(c.id); err != nil {
		return nil, err
	}
	x := &execution{id: newID(), c: c, opt: o}
	c.e.execs[x.id] = x
	c.tell("exec_create: "+strings.Join(o.Cmd, " "), map[string]string{"execID": x.id})
	return x, nil
}

// enterable refuses a container in which nothing can be started; the caller
// holds the lock.
func (c *Container) enterable(named string) error {
	switch {
	case !c.st.running:
		return conflict("Container %s is not running", named)
	case c.st.paused:
		return conflict("Container %s is paused, unpause the container before exec", c.name)
	case c.st.restarting:
		return conflict("Container %s is restarting, wait until the container is running", named)
	}
	return nil
}

// Streams are what a command in a container reads and writes. Nil ones are
// empty and thrown away.
type Streams struct {
	In       io.Reader // must end soon after the command, or Close waits for it
	Out, Err io.Writer
}

// Exec runs a command in the container to its end and returns its status. ctx
// ends the wait, and not the command, as Docker does it.
func (c *Container) Exec(ctx context.Context, o container.ExecOptions, s Streams) (int, error) {
	x, err := c.createExec(o)
	if err != nil {
		return 0, err
	}
	return x.start(ctx, s)
}

// start runs the command. A program that is not there is an answer: its
// status is 126 or 127 and the output says why.
func (x *execution) start(ctx context.Context, s Streams) (int, error) {
	e, c := x.c.e, x.c
	e.mu.Lock()
	if x.started {
		e.mu.Unlock()
		return 0, conflict("Error: Exec command %s has already run", x.id)
	}
	if err := c.enterable(c.id); err != nil {
		e.mu.Unlock()
		return 0, err
	}
	x.started = true
	c.tell("exec_start: "+strings.Join(x.opt.Cmd, " "), map[string]string{"execID": x.id})
	r := c.run
	proc, in, quiet, err := x.begin(r, s)
	if err != nil {
		status := 126
		x.exit = &status
		e.mu.Unlock()
		if s.Out != nil {
			_, _ = io.WriteString(s.Out, err.Error()+"\r\n")
		}
		return status, nil
	}
	x.running, x.pid = true, proc.PID
	e.mu.Unlock()
	x.feed(proc, in, s.In)
	select {
	case <-proc.Done():
	case <-ctx.Done():
		e.pending.Go(func() { x.finish(r, proc) })
		return 0, context.Cause(ctx)
	}
	settle := time.NewTimer(outTime)
	defer settle.Stop()
	select {
	case <-quiet:
	case <-settle.C:
	case <-ctx.Done():
	}
	return x.finish(r, proc), nil
}

// finish notes the end.
func (x *execution) finish(r *run, proc *kernel.Process) int {
	status := proc.Wait()
	e := x.c.e
	e.mu.Lock()
	defer e.mu.Unlock()
	x.exit, x.running = &status, false
	x.c.tell("exec_die", map[string]string{"execID": x.id, "exitCode": itoa(status)})
	return status
}

// begin starts the process. quiet is closed when nobody can write any more.
func (x *execution) begin(r *run, s Streams) (proc *kernel.Process, in *kernel.FD, quiet <-chan struct{}, err error) {
	c := x.c
	env := c.environment(x.opt.Env)
	stdin := kernel.Null()
	if x.opt.AttachStdin && s.In != nil {
		stdin, in = kernel.NewPipe()
	}
	q := newQuiet(s, &c.e.pending)
	fds := map[int]*kernel.FD{0: stdin, 1: kernel.Sink(q.out), 2: kernel.Sink(q.err)}
	if x.opt.Tty {
		_ = fds[2].Close()
		fds[2] = fds[1].Dup()
	}
	spec := kernel.Spec{
		Argv: slices.Clone(x.opt.Cmd), Env: env, Dir: c.workDir(r.root.Dir, x.opt.WorkingDir), Root: r.root, Net: r.space, PIDs: r.pids, Session: true, FDs: fds,
	}
	proc, err = c.e.machine.Start(spec)
	if err == nil {
		select {
		case <-r.proc.Done(): // the container ended meanwhile, and would have taken it along
			proc.Signal(kernel.KILL)
		default:
		}
		return proc, in, q.done, nil
	}
	if in != nil {
		_ = in.Close()
	}
	why := unfound(r.root, spec.Argv[0], spec.Dir)
	if errors.Is(err, kernel.ErrFormat) {
		why = "exec " + spec.Argv[0] + ": exec format error"
	}
	return nil, nil, nil, errors.New("OCI runtime exec failed: exec failed: unable to start container process: " + why + ": unknown")
}

// feed copies what the caller sends into the process until either ends.
func (x *execution) feed(proc *kernel.Process, in *kernel.FD, from io.Reader) {
	if in == nil {
		return
	}
	x.c.e.pending.Go(func() {
		_, _ = io.Copy(proc.Use(in), from)
		_ = in.Close()
	})
}
