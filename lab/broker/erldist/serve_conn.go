package erldist

import (
	"context"
	"encoding/json"
	"net"
	"time"
)

func (s *Server) serveConn(ctx context.Context, c net.Conn) {
	w := newWire(c, s.NetTick)
	_ = c.SetReadDeadline(time.Now().Add(epmdWait))
	var h hello
	if w.dec.Decode(&h) != nil || h.To != s.Self.Node || h.Proof != proof(s.Self.Cookie, h.From, h.To, h.Nonce) {
		return
	}
	if w.send(welcome{Proof: proof(s.Self.Cookie, h.To, h.From, h.Nonce)}) != nil {
		return
	}
	peer := Peer{Node: h.From, Admin: h.Admin}
	s.Handler.Up(peer)
	defer s.Handler.Gone(peer)

	ctx, cancel := context.WithCancel(ctx)
	var calls group
	defer calls.Wait()
	defer cancel()
	calls.Go(func() { w.heartbeat(ctx.Done()) })
	for {
		var f frame
		if w.read(&f) != nil {
			return
		}
		switch f.Kind {
		case kCast:
			_, _ = s.Handler.Handle(ctx, peer, f.Op, f.Body)
		case kCall:
			calls.Go(func() { s.answer(ctx, w, peer, f) })
		}
	}
}

func (s *Server) answer(ctx context.Context, w *wire, peer Peer, f frame) {
	out, err := s.Handler.Handle(ctx, peer, f.Op, f.Body)
	reply := frame{Kind: kOK, ID: f.ID}
	if err == nil && out != nil {
		reply.Body, err = json.Marshal(out)
	}
	if err != nil {
		reply = frame{Kind: kErr, ID: f.ID, Err: err.Error()}
	}
	_ = w.send(reply)
}
