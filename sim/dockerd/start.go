package dockerd

import (
	"errors"
	"os"
	"path"
	"strings"
	"time"

	"vmqbot/sim/kernel"
)

// startTime is what making namespaces and a first process takes.
const startTime = 200 * time.Millisecond

// Start starts a container that does not run; one that runs is left alone.
func (c *Container) Start() error { return done(c.start()) }

// start is Start, with errSame when it runs already.
func (c *Container) start() error {
	c.op.Lock()
	defer c.op.Unlock()
	c.e.mu.Lock()
	defer c.e.mu.Unlock()
	switch {
	case c.removed:
		return missing("No such container: %s", c.id)
	case c.st.paused:
		return conflict("cannot start a paused container, try unpause instead")
	case c.st.running:
		return errSame
	}
	c.again.reset()
	c.st.byHand = false
	return c.launch()
}

// launch begins a life. The caller holds op and the lock, which is released
// while the start takes its time.
func (c *Container) launch() error {
	e := c.e
	d := e.daemon
	if d == nil {
		return errDown
	}
	e.mu.Unlock()
	waited := e.wait(startTime, d.over, nil)
	e.mu.Lock()
	if !waited || e.daemon != d {
		return broken("context canceled")
	}
	r := &run{over: make(chan struct{}), pids: e.machine.Container()}
	err := c.ready()
	if err == nil {
		err = c.plug(r)
	}
	if err == nil {
		c.connected("connect")
		err = c.begin(r)
		if err != nil {
			c.connected("disconnect")
		}
	}
	if err != nil {
		c.unplug(r)
		var no *Error
		c.st.err, c.st.exit = err.Error(), 128
		if errors.As(err, &no) && no.Status == 400 {
			c.st.exit = 127
			if strings.Contains(no.Msg, "permission denied") {
				c.st.exit = 126
			}
		}
		c.st.running, c.st.restarting = false, false
		c.stir()
		return err
	}
	c.run = r
	c.st.started, c.st.err, c.st.exit, c.st.oom = time.Now(), "", 0, false
	c.st.running, c.st.restarting, c.st.paused = true, false, false
	for _, m := range c.mounts {
		if m.volume != "" {
			e.emit("volume", "mount", m.volume, map[string]string{"container": c.id, "destination": m.to, "driver": "local", "propagation": "", "read/write": "true"})
		}
	}
	c.tell("start", nil)
	c.stir()
	c.checkHealth(r)
	e.pending.Go(func() {
		<-r.proc.Done()
		c.ended(r)
	})
	return nil
}

// begin starts the first process.
func (c *Container) begin(r *run) error {
	e := c.e
	root := e.real(c.rootDir())
	if err := c.makeMountpoints(root, r); err != nil {
		return err
	}
	programs, links := c.executables()
	r.root = &kernel.Root{Dir: root, Mounts: c.mountTable(), Programs: programs, Links: links}
	out, errs := kernel.Sink(c.log.writer(1)), kernel.Sink(c.log.writer(2))
	in := kernel.Null()
	if c.config.OpenStdin {
		in, r.stdin = kernel.NewPipe()
	}
	if c.config.Tty {
		_ = errs.Close()
		errs = out.Dup()
	}
	spec := kernel.Spec{
		Argv: c.argv(), Env: c.environment(nil), Dir: c.workDir(root, ""), Root: r.root, Net: r.space, PIDs: r.pids, Session: true,
		FDs: map[int]*kernel.FD{0: in, 1: out, 2: errs},
	}
	proc, err := e.machine.Start(spec)
	if errors.Is(err, kernel.ErrFormat) { // the namespaces are made, and then the program cannot run
		spec.FDs = map[int]*kernel.FD{0: kernel.Null(), 1: kernel.Sink(c.log.writer(1)), 2: kernel.Sink(c.log.writer(2))}
		spec.Main = func(p *kernel.Process) int {
			p.Errorf("exec %s: exec format error\n", p.Argv[0])
			return 1
		}
		proc, err = e.machine.Start(spec)
	}
	if err != nil {
		if errors.Is(err, kernel.ErrHalted) {
			return broken("%v", err)
		}
		return invalid("failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: %s: unknown", unfound(r.root, spec.Argv[0], spec.Dir))
	}
	r.proc = proc
	return nil
}

// unfound says why a program cannot be started, in runc's words.
func unfound(root *kernel.Root, name, dir string) string {
	if !strings.Contains(name, "/") {
		return "exec: \"" + name + "\": executable file not found in $PATH"
	}
	at := name
	if !strings.HasPrefix(name, "/") {
		at = path.Join(dir, name)
	}
	if _, err := os.Stat(root.Real(at)); err == nil {
		return "exec: \"" + name + "\": permission denied"
	}
	return "exec: \"" + name + "\": stat " + name + ": no such file or directory"
}

// environment is what a process of the container finds in its environment.
func (c *Container) environment(more []string) []string {
	env := []string{"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOSTNAME=" + c.config.Hostname, "HOME=/root"}
	if c.config.Tty {
		env = append(env, "TERM=xterm")
	}
	for _, pair := range append(c.config.Env[:len(c.config.Env):len(c.config.Env)], more...) {
		if strings.Contains(pair, "=") {
			env = append(env, pair)
		}
	}
	return env
}

func (c *Container) workDir(root, own string) string {
	dir := own
	if dir == "" {
		dir = c.config.WorkingDir
	}
	if dir == "" {
		return "/"
	}
	_ = os.MkdirAll(path.Join(root, dir), 0o755)
	return dir
}

// mountTable is what of the container lies elsewhere on the real machine.
func (c *Container) mountTable() map[string]string {
	e, home := c.e, c.home()
	table := map[string]string{"/dev/shm": e.real(home + "/shm")}
	for _, name := range []string{"hostname", "hosts", "resolv.conf"} {
		table["/etc/"+name] = e.real(home + "/" + name)
	}
	for _, m := range c.mounts {
		table[m.to] = e.real(m.source)
	}
	return table
}

// makeMountpoints writes Docker's own files and the places of the mounts.
func (c *Container) makeMountpoints(root string, r *run) error {
	home := c.e.real(c.home())
	shm := path.Join(home, "shm") // memory: every start finds it empty
	if err := errors.Join(os.RemoveAll(shm), os.MkdirAll(shm, 0o777)); err != nil {
		return broken("%v", err)
	}
	own := ""
	if r.ip.IsValid() {
		own = r.ip.String() + "\t" + c.config.Hostname + "\n"
	}
	for _, f := range [][2]string{
		{"hostname", c.config.Hostname + "\n"},
		{"hosts", "127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost ip6-loopback\n" + own},
		{"resolv.conf", "nameserver 127.0.0.53\n"},
	} {
		if err := os.WriteFile(path.Join(home, f[0]), []byte(f[1]), 0o644); err != nil {
			return broken("%v", err)
		}
	}
	for _, m := range c.mounts {
		source, at := c.e.real(m.source), path.Join(root, m.to)
		folder := isDir(source)
		here, err := os.Stat(at)
		switch {
		case err == nil && here.IsDir() != folder:
			return invalid("failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: error during container init: error mounting %q to rootfs at %q: mount %s:%s (via /proc/self/fd/6), flags: 0x5000: not a directory: unknown: Are you trying to mount a directory onto a file (or vice-versa)? Check if the specified host path exists and is the expected type", m.source, m.to, m.source, m.to)
		case err != nil && folder:
			_ = os.MkdirAll(at, 0o755)
		}
	}
	return nil
}
