package weavenet

import (
	"bytes"
	"encoding/binary"
	"sync"
)

// peer is what the mesh knows of one router. It is what routers tell each
// other, and what weave report shows. A peer does not change any more once it
// is known: each change makes another one.
type peer struct {
	Name, NickName string
	UID            uint64
	ShortID        uint16
	Version        uint64
	Connections    []peerConn

	raw []byte // as it is said
}

// peerConn is one connection as its owner sees it.
type peerConn struct {
	Name, NickName string
	Address        string
	Outbound       bool
	Established    bool
}

func appendString(b []byte, s string) []byte {
	return append(binary.AppendUvarint(b, uint64(len(s))), s...)
}

// seal writes the record down.
func (p peer) seal() *peer {
	b := appendString(appendString(nil, p.Name), p.NickName)
	b = binary.AppendUvarint(b, p.UID)
	b = binary.AppendUvarint(b, uint64(p.ShortID))
	b = binary.AppendUvarint(b, p.Version)
	b = binary.AppendUvarint(b, uint64(len(p.Connections)))
	for _, c := range p.Connections {
		b = appendString(appendString(appendString(b, c.Name), c.NickName), c.Address)
		flags := byte(0)
		if c.Outbound {
			flags |= 1
		}
		if c.Established {
			flags |= 2
		}
		b = append(b, flags)
	}
	p.raw = appendString(nil, string(b))
	return &p
}

// scanner reads records; what is too short makes it bad.
type scanner struct {
	b   []byte
	bad bool
}

func (s *scanner) number() uint64 {
	n, size := binary.Uvarint(s.b)
	if size <= 0 {
		s.bad, s.b = true, nil
		return 0
	}
	s.b = s.b[size:]
	return n
}

func (s *scanner) bytes() []byte {
	n := s.number()
	if n > uint64(len(s.b)) {
		s.bad, s.b = true, nil
		return nil
	}
	head := s.b[:n]
	s.b = s.b[n:]
	return head
}

func (s *scanner) string() string { return string(s.bytes()) }

// open reads one record as seal wrote it, without its length.
func open(raw []byte) (*peer, bool) {
	s := &scanner{b: raw}
	p := &peer{Name: s.string(), NickName: s.string(), UID: s.number(), ShortID: uint16(s.number()), Version: s.number()}
	n := s.number()
	for ; n > 0 && !s.bad; n-- {
		c := peerConn{Name: s.string(), NickName: s.string(), Address: s.string()}
		if len(s.b) == 0 {
			return nil, false
		}
		c.Outbound, c.Established, s.b = s.b[0]&1 != 0, s.b[0]&2 != 0, s.b[1:]
		p.Connections = append(p.Connections, c)
	}
	p.raw = appendString(nil, string(raw))
	return p, !s.bad
}

// library keeps the record that was read last of each peer: routers of one
// world that heard the same share it, and memory grows with the connections
// and not with the routers times these.
type library struct {
	mu   sync.Mutex
	last map[string]*peer
}

// read reads the records of a message.
func (l *library) read(content []byte) ([]*peer, error) {
	var list []*peer
	for s := (&scanner{b: content}); len(s.b) > 0; {
		rest := s.b
		raw := s.bytes()
		p := l.known(raw, rest[:len(rest)-len(s.b)])
		if p == nil && !s.bad {
			var ok bool
			if p, ok = open(raw); !ok {
				return nil, errForeign
			}
			l.keep(p)
		}
		if s.bad {
			return nil, errForeign
		}
		list = append(list, p)
	}
	return list, nil
}

func (l *library) known(raw, whole []byte) *peer {
	name := (&scanner{b: raw}).string()
	l.mu.Lock()
	defer l.mu.Unlock()
	if p := l.last[name]; p != nil && bytes.Equal(p.raw, whole) {
		return p
	}
	return nil
}

func (l *library) keep(p *peer) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.last[p.Name] = p
}
