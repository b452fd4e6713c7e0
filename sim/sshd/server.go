package sshd

import (
	"bytes"
	"context"
	"errors"
	"net"
	"sync"

	"golang.org/x/crypto/ssh"

	"vmqbot/sim/kernel"
)

// Options shape a server. The zero value allows what sshd allows by default.
type Options struct {
	HostKey    ssh.Signer
	Authorized map[string][]ssh.PublicKey // by user
	Env        map[string][]string        // NAME=value of each user's commands

	MaxSessions   int  // at once on one connection; 10 when 0
	MaxStartups   int  // logins under way; 100 when 0
	NoForwarding  bool // AllowTcpForwarding no
	NoStreamLocal bool // AllowStreamLocalForwarding no
	NoSFTP        bool // no Subsystem sftp

	NoRemoteForwarding bool // AllowTcpForwarding local: the client may listen on no port
}

// Server is one sshd. Its options may be changed while it serves: they hold
// for the next login.
type Server struct {
	machine *kernel.Machine

	mu       sync.Mutex
	options  Options
	conns    map[net.Conn]bool
	startups int
	closed   bool
	work     sync.WaitGroup
	ctx      context.Context
	cancel   context.CancelFunc
}

// New makes a server of a machine; it serves nobody yet.
func New(m *kernel.Machine, o Options) *Server {
	if o.MaxSessions == 0 {
		o.MaxSessions = 10
	}
	if o.MaxStartups == 0 {
		o.MaxStartups = 100
	}
	ctx, cancel := context.WithCancel(context.Background())
	return &Server{machine: m, options: o, conns: map[net.Conn]bool{}, ctx: ctx, cancel: cancel}
}

// Change edits the options.
func (s *Server) Change(edit func(*Options)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	edit(&s.options)
}

// Serve accepts logins until the listener or the server is closed.
func (s *Server) Serve(l net.Listener) {
	for {
		c, err := l.Accept()
		if err != nil {
			return
		}
		if !s.admit(c) {
			_ = c.Close()
		}
	}
}

// admit starts a login, or refuses it as MaxStartups does.
func (s *Server) admit(c net.Conn) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed || s.startups >= s.options.MaxStartups {
		return false
	}
	s.startups++
	s.conns[c] = true
	o := s.options
	s.work.Go(func() { s.serve(c, o) })
	return true
}

func (s *Server) serve(c net.Conn, o Options) {
	defer s.forget(c)
	config := &ssh.ServerConfig{ServerVersion: "SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3", PublicKeyCallback: o.authorize}
	config.AddHostKey(o.HostKey)
	conn, channels, requests, err := ssh.NewServerConn(c, config)
	s.mu.Lock()
	s.startups--
	s.mu.Unlock()
	if err != nil {
		return
	}
	login := &login{server: s, options: o, user: conn.User(), conn: conn}
	login.ctx, login.cancel = context.WithCancel(s.ctx)
	login.work.Go(func() { login.requests(requests) })
	for ch := range channels {
		login.channel(ch)
	}
	login.cancel()
	login.work.Wait()
}

func (s *Server) forget(c net.Conn) {
	_ = c.Close()
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.conns, c)
}

var errDenied = errors.New("no such key")

func (o Options) authorize(c ssh.ConnMetadata, key ssh.PublicKey) (*ssh.Permissions, error) {
	for _, k := range o.Authorized[c.User()] {
		if bytes.Equal(k.Marshal(), key.Marshal()) {
			return &ssh.Permissions{}, nil
		}
	}
	return nil, errDenied
}

// Drop closes every connection, as a restart of sshd's machine does.
func (s *Server) Drop() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for c := range s.conns {
		_ = c.Close()
	}
}

// Close drops everybody and waits until all are gone. The listeners are the
// caller's to close, before.
func (s *Server) Close() {
	s.mu.Lock()
	s.closed = true
	s.mu.Unlock()
	s.cancel()
	s.Drop()
	s.work.Wait()
}
