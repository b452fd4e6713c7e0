package erldist

import (
	"context"
	"encoding/json"
	"net"
	"sync"
	"time"
)

// Peer is the other end of an accepted link.
type Peer struct {
	Node  string
	Admin bool // nodetool and the like: not a member of anything
}

// Handler answers calls and takes casts. Casts of one peer come in order, one
// at a time; calls run beside them.
type Handler interface {
	// Handle answers one call; the result is sent as JSON.
	Handle(ctx context.Context, from Peer, op string, body json.RawMessage) (any, error)
	// Up tells that a peer has connected and proved the cookie.
	Up(from Peer)
	// Gone tells that the peer's link has ended.
	Gone(from Peer)
}

// Server accepts links for one node.
type Server struct {
	Self    Identity
	NetTick time.Duration
	Handler Handler

	mu    sync.Mutex
	conns map[net.Conn]bool
	ended bool
}

// Serve accepts links until the context ends or the listener is closed, then
// closes all links and returns when every call has been answered.
func (s *Server) Serve(ctx context.Context, ln net.Listener) {
	ctx, cancel := context.WithCancel(ctx)
	var conns group
	stop := context.AfterFunc(ctx, func() { ln.Close() })
	defer stop()
	for {
		c, err := ln.Accept()
		if err != nil {
			break
		}
		if !s.track(c) {
			c.Close()
			continue
		}
		conns.Go(func() {
			defer s.untrack(c)
			s.serveConn(ctx, c)
		})
	}
	cancel()
	s.closeAll()
	conns.Wait()
}

func (s *Server) track(c net.Conn) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.conns == nil {
		s.conns = map[net.Conn]bool{}
	}
	s.conns[c] = true
	return !s.ended
}

func (s *Server) untrack(c net.Conn) {
	c.Close()
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.conns, c)
}

func (s *Server) closeAll() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ended = true
	for c := range s.conns {
		c.Close()
	}
}
