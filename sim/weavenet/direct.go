package weavenet

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"time"
)

// connect adds peers to those that are dialed.
func (r *router) connect(peers []string, replace bool) error {
	var errs []string
	var found []direct
	for _, word := range peers {
		d, err := r.direct(word)
		if err != nil {
			errs = append(errs, err.Error())
			continue
		}
		found = append(found, d)
	}
	r.mu.Lock()
	if replace {
		r.maker.direct = nil
	}
	for _, d := range found {
		if !slices.ContainsFunc(r.maker.direct, func(o direct) bool { return o.word == d.word }) {
			r.maker.direct = append(r.maker.direct, d)
		}
		if t := r.maker.target(d.addr.String()); t != nil {
			t.now()
		}
	}
	r.keepPeers()
	r.mu.Unlock()
	r.look()
	if errs != nil {
		return errors.New(strings.Join(errs, "\n"))
	}
	return nil
}

// forget takes peers off the list; connections stay.
func (r *router) forget(peers []string) {
	r.mu.Lock()
	r.maker.direct = slices.DeleteFunc(r.maker.direct, func(d direct) bool { return slices.Contains(peers, d.word) })
	r.keepPeers()
	r.mu.Unlock()
	r.look()
}

// keepPeers stores the list for the next start in this container; the caller
// holds the lock.
func (r *router) keepPeers() {
	words := r.targets()
	r.h.mu.Lock()
	r.db.peers = words
	r.h.mu.Unlock()
}

// direct reads host[:port].
func (r *router) direct(word string) (direct, error) {
	host, port, err := net.SplitHostPort(word)
	anyPort := err != nil
	if anyPort {
		host, port = word, strconv.Itoa(int(r.s.port))
	}
	n, err := strconv.ParseUint(port, 10, 16)
	if host == "" || err != nil {
		return direct{}, fmt.Errorf("invalid peer name %q, should be host[:port]", word)
	}
	a, err := r.resolve(host)
	return direct{word, netip.AddrPortFrom(a, uint16(n)), anyPort}, err
}

// resolve finds a host; a name that nobody knows takes the time that the
// resolver of a host without a name server takes.
func (r *router) resolve(host string) (netip.Addr, error) {
	if a, err := netip.ParseAddr(host); err == nil {
		return a, nil
	}
	if r.n.o.Resolve != nil {
		if word, ok := r.n.o.Resolve(host); ok {
			return netip.ParseAddr(word)
		}
	}
	r.pause(10 * time.Second)
	server := r.h.o.Upstream[0] + ":53"
	return netip.Addr{}, fmt.Errorf("lookup %s on %s: read udp 127.0.0.1:%d->%s: i/o timeout", host, server, randomPort(), server)
}

// direct is a peer that somebody named.
type direct struct {
	word    string // as typed
	addr    netip.AddrPort
	anyPort bool // no port was typed
}

// targets are the peers that somebody named; the caller holds the lock.
func (r *router) targets() []string {
	var words []string
	for _, d := range r.maker.direct {
		words = append(words, d.word)
	}
	return words
}
