package tools

import (
	"errors"
	"strconv"
	"strings"
	"time"

	"vmqbot/sim/kernel"
)

// become runs another program in this process. What cannot be run is 127 or
// 126, with the program's own word for it.
func become(p *kernel.Process, failed string, argv []string) int {
	status, err := p.Exec(argv...)
	if err == nil {
		return status
	}
	who := p.Argv[0]
	if i := strings.LastIndexByte(who, '/'); i >= 0 {
		who = who[i+1:]
	}
	if errors.Is(err, kernel.ErrNotFound) {
		p.Errorf("%s: "+failed+": No such file or directory\n", who, argv[0])
		return 127
	}
	p.Errorf("%s: "+failed+": %v\n", who, argv[0], err)
	return 126
}

// env changes the environment of a command, or prints it.
func env(p *kernel.Process) int {
	o, ok := parse(p, "+iu:", "ignore-environment", "unset=")
	if !ok {
		return 125
	}
	if o.has("i", "ignore-environment") {
		p.Env = map[string]string{}
	}
	for _, name := range strings.Split(o.get("u", o.get("unset", "")), "\n") {
		delete(p.Env, name)
	}
	args := o.args
	for len(args) > 0 && strings.Contains(args[0], "=") {
		name, value, _ := strings.Cut(args[0], "=")
		p.Env[name] = value
		args = args[1:]
	}
	if len(args) == 0 {
		printLines(p, p.Environ())
		return 0
	}
	return become(p, "‘%s’", args)
}

func printenv(p *kernel.Process) int {
	if len(p.Argv) == 1 {
		printLines(p, p.Environ())
		return 0
	}
	status := 0
	for _, name := range p.Argv[1:] {
		value, ok := p.Env[name]
		if !ok {
			status = 1
			continue
		}
		p.Printf("%s\n", value)
	}
	return status
}

// setsid runs a command in a group of its own: in this process, or in a child
// when this one leads a group already. With -w it waits for the child.
func setsid(p *kernel.Process) int {
	o, ok := parse(p, "+cfw", "fork", "wait", "ctty")
	if !ok {
		return 1
	}
	if len(o.args) == 0 {
		complain(p, "no command specified")
		p.Errorf("Try 'setsid --help' for more information.\n")
		return 1
	}
	if !o.has("f", "fork") && p.Setsid() {
		return become(p, "failed to execute %s", o.args)
	}
	child, err := p.Start(kernel.Spec{Argv: p.Argv, Session: true, Main: func(c *kernel.Process) int {
		return become(c, "failed to execute %s", o.args)
	}})
	if err != nil {
		complain(p, "fork: %v", err)
		return 1
	}
	if o.has("w", "wait") {
		return await(p, child)
	}
	return 0
}

// await is wait(2).
func await(p, child *kernel.Process) int {
	select {
	case <-child.Done():
		return child.Wait()
	case <-p.Context().Done():
		return 0
	}
}

// nsenter runs a command in the namespaces of another process.
func nsenter(p *kernel.Process) int {
	o, ok := parse(p, "+t:nmpuiUCaFS:G:", "target=", "net", "mount", "pid", "uts", "ipc", "all", "no-fork", "setuid=", "setgid=")
	if !ok {
		return 1
	}
	pid, err := strconv.Atoi(o.get("t", o.get("target", "")))
	if err != nil {
		complain(p, "no target PID specified")
		return 1
	}
	target, err := p.Find(pid)
	if err != nil {
		complain(p, "cannot open /proc/%d/ns/net: No such file or directory", pid)
		return 1
	}
	args := o.args
	if len(args) == 0 {
		args = []string{"/bin/sh"}
	}
	if o.has("n", "net", "a", "all") {
		p.SetNet(target.Net)
	}
	if !o.has("m", "mount", "p", "pid", "a", "all") {
		return become(p, "failed to execute %s", args)
	}
	s := kernel.Spec{Argv: p.Argv, Main: func(c *kernel.Process) int { return become(c, "failed to execute %s", args) }}
	if o.has("m", "mount", "a", "all") {
		s.Root, s.Dir = target.Root, "/"
	}
	if o.has("p", "pid", "a", "all") {
		s.PIDs = target.PIDs
	}
	child, err := p.Start(s)
	if err != nil {
		complain(p, "fork failed: %v", err)
		return 1
	}
	return await(p, child)
}

// timeout ends a command that takes too long: 124.
func timeout(p *kernel.Process) int {
	o, ok := parse(p, "+s:k:", "signal=", "kill-after=", "preserve-status", "foreground")
	if !ok || len(o.args) < 2 {
		return 125
	}
	limit, fine := duration(o.args[0])
	sig, known := kernel.SignalOf(o.get("s", o.get("signal", "TERM")))
	if !fine || !known {
		complain(p, "invalid time interval ‘%s’", o.args[0])
		return 125
	}
	child, err := p.Start(kernel.Spec{Argv: p.Argv, Session: true, Main: func(c *kernel.Process) int {
		return become(c, "failed to run command ‘%s’", o.args[1:])
	}})
	if err != nil {
		return 125
	}
	t := time.NewTimer(limit)
	defer t.Stop()
	select {
	case <-child.Done():
		return child.Wait()
	case <-p.Context().Done():
		return 0
	case <-t.C:
	}
	p.Kill(-child.NSPID, sig)
	if after, ok := duration(o.get("k", o.get("kill-after", "inf"))); ok {
		more := time.NewTimer(after)
		defer more.Stop()
		select {
		case <-child.Done():
		case <-p.Context().Done():
		case <-more.C:
			p.Kill(-child.NSPID, kernel.KILL)
		}
	}
	if status := await(p, child); o.has("preserve-status") {
		return status
	}
	return 124
}

// xargs runs a command with the words of its input.
func xargs(p *kernel.Process) int {
	o, ok := parse(p, "+0n:r", "null", "no-run-if-empty")
	if !ok {
		return 1
	}
	all, _ := slurp(p, nil)
	words := strings.Fields(string(all))
	if o.has("0", "null") {
		words = strings.Split(strings.TrimSuffix(string(all), "\x00"), "\x00")
	}
	argv := o.args
	if len(argv) == 0 {
		argv = []string{"echo"}
	}
	if len(words) == 0 && o.has("r", "no-run-if-empty") {
		return 0
	}
	n, err := strconv.Atoi(o.get("n", "10000"))
	if err != nil || n < 1 {
		complain(p, "invalid number \"%s\" for -n option", o.get("n", ""))
		return 1
	}
	status := 0
	for first := true; first || len(words) > 0; first = false {
		m := min(n, len(words))
		child, err := p.Start(kernel.Spec{Argv: append(argv[:len(argv):len(argv)], words[:m]...)})
		words = words[m:]
		if err != nil {
			complain(p, "%s: No such file or directory", argv[0])
			return 127
		}
		if await(p, child) != 0 {
			status = 123
		}
	}
	return status
}
