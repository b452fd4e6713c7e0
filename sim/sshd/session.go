package sshd

import (
	"io"
	"slices"
	"sync"

	"golang.org/x/crypto/ssh"

	"vmqbot/sim/kernel"
)

// session opens a channel for one command; sshd counts those, and no others.
func (l *login) session(ch ssh.NewChannel) {
	l.mu.Lock()
	full := l.sessions >= l.options.MaxSessions
	if !full {
		l.sessions++
	}
	l.mu.Unlock()
	if full {
		_ = ch.Reject(ssh.ConnectionFailed, "open failed")
		return
	}
	channel, requests, err := ch.Accept()
	if err != nil {
		l.end()
		return
	}
	l.work.Go(func() {
		defer l.end()
		l.serveSession(channel, requests)
	})
}

func (l *login) end() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.sessions--
}

// serveSession answers the requests of one session. A signal request is
// accepted and does nothing, as seen of OpenSSH for a root login.
func (l *login) serveSession(ch ssh.Channel, requests <-chan *ssh.Request) {
	var env []string
	var running sync.WaitGroup
	begun := false
	for r := range requests {
		ok := false
		switch {
		case r.Type == "env":
			var pair struct{ Name, Value string }
			ok = ssh.Unmarshal(r.Payload, &pair) == nil
			env = append(env, pair.Name+"="+pair.Value)
		case r.Type == "exec" && !begun:
			var line struct{ Line string }
			if ok = ssh.Unmarshal(r.Payload, &line) == nil; ok {
				begun = true
				running.Go(func() { l.exec(ch, line.Line, env) })
			}
		case r.Type == "subsystem" && !begun:
			var name struct{ Name string }
			if ok = ssh.Unmarshal(r.Payload, &name) == nil && name.Name == "sftp" && !l.options.NoSFTP; ok {
				begun = true
				running.Go(func() { l.sftp(ch) })
			}
		}
		if r.WantReply {
			_ = r.Reply(ok, nil)
		}
	}
	running.Wait()
	_ = ch.Close()
}

// exec runs a command line in the user's shell. The channel ends when the
// shell has and nobody holds its output any more; the process outlives the
// channel.
func (l *login) exec(ch ssh.Channel, line string, env []string) {
	defer ch.Close() //nolint:errcheck // it may be closed from afar
	inR, inW := kernel.NewPipe()
	outR, outW := kernel.NewPipe()
	errR, errW := kernel.NewPipe()
	p, err := l.server.machine.Start(kernel.Spec{
		Argv: []string{"sh", "-c", line}, Env: append(slices.Clone(l.options.Env[l.user]), env...), Dir: home(l.user), Session: true,
		FDs: map[int]*kernel.FD{0: inR, 1: outW, 2: errW},
	})
	if err != nil {
		for _, d := range []*kernel.FD{inW, outR, errR} {
			_ = d.Close()
		}
		_, _ = io.WriteString(ch.Stderr(), err.Error()+"\n")
		_, _ = ch.SendRequest("exit-status", false, ssh.Marshal(struct{ Status uint32 }{127}))
		return
	}
	var in, out sync.WaitGroup
	in.Go(func() {
		_, _ = io.Copy(inW.Outside(l.ctx), ch)
		_ = inW.Close()
	})
	pump := func(to io.Writer, from *kernel.FD) {
		_, _ = io.Copy(to, from.Outside(l.ctx))
		_ = from.Close()
	}
	out.Go(func() { pump(ch, outR) })
	out.Go(func() { pump(ch.Stderr(), errR) })
	select {
	case <-p.Done():
		out.Wait()
		_, _ = ch.SendRequest("exit-status", false, ssh.Marshal(struct{ Status uint32 }{uint32(p.Wait())}))
	case <-l.ctx.Done():
	}
	_ = ch.CloseWrite()
	_ = ch.Close()
	out.Wait()
	in.Wait()
}

func home(user string) string {
	if user == "root" {
		return "/root"
	}
	return "/home/" + user
}
