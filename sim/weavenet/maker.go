package weavenet

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// How long the connection maker waits before it tries again, as in mesh's
// connection_maker.go; and settle, which it waits so that what follows from one
// event reaches it at once.
const (
	firstInterval = 2 * time.Second
	maxInterval   = 6 * time.Minute
	resetAfter    = time.Minute
	settle        = 50 * time.Millisecond
	newcomer      = 500 * time.Millisecond
)

// maker is mesh's connection maker: whom to dial, and when.
type maker struct {
	direct  []direct
	targets []*target
	ended   int // connections that ended
}

// direct is a peer that somebody named.
type direct struct {
	word    string // as typed
	addr    netip.AddrPort
	anyPort bool // no port was typed
}

type targetState int

const (
	waiting targetState = iota
	attempting
	connected
	suspended
)

// target is an address where a peer may be.
type target struct {
	address  string
	state    targetState
	lastErr  error
	tryAfter time.Time // zero: never
	interval time.Duration
}

func (t *target) now() { t.tryAfter, t.interval = time.Now(), firstInterval }

func (t *target) never() { t.tryAfter, t.interval = time.Time{}, maxInterval }

func (t *target) later(pace func(time.Duration) time.Duration) {
	t.tryAfter = time.Now().Add(pace(t.interval/2 + rand.N(t.interval)))
	t.interval = min(t.interval*3/2, maxInterval)
}

func (m *maker) target(address string) *target {
	for _, t := range m.targets {
		if t.address == address {
			return t
		}
	}
	return nil
}

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

// pause waits one of Weave's delays, or until the router ends.
func (r *router) pause(d time.Duration) bool {
	t := time.NewTimer(r.n.after(d))
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-r.ctx.Done():
		return false
	}
}

// look makes the connection maker look at its targets.
func (r *router) look() {
	select {
	case r.kick <- struct{}{}:
	default:
	}
}

// dialing is the connection maker's loop.
func (r *router) dialing() {
	<-r.kick // of the peers that were given at the start
	for {
		next := time.NewTimer(r.dial())
		select {
		case <-next.C:
		case <-r.kick:
			if !r.pause(r.settle()) {
				next.Stop()
				return
			}
			select {
			case <-r.kick:
			default:
			}
		case <-r.ctx.Done():
			next.Stop()
			return
		}
		next.Stop()
	}
}

// settle is longer for a router that has been connected for a while: of two that
// hear of each other, the one that is new to the mesh dials, as recorded.
func (r *router) settle() time.Duration {
	r.mu.Lock()
	defer r.mu.Unlock()
	if time.Since(r.joined) < r.n.after(newcomer) {
		return settle
	}
	return 4 * settle
}

// dial begins what is due and says when to look again.
func (r *router) dial() time.Duration {
	r.mu.Lock()
	defer r.mu.Unlock()
	valid := r.valid()
	now, after := time.Now(), 365*24*time.Hour
	r.maker.targets = slices.DeleteFunc(r.maker.targets, func(t *target) bool {
		if t.state == attempting || t.state == connected {
			return false
		}
		direct := r.isDirect(t.address)
		switch wait := t.tryAfter.Sub(now); {
		case !valid[t.address] && direct:
			t.state = suspended
		case !valid[t.address]:
			return true
		case t.tryAfter.IsZero():
		case wait <= 0:
			t.state = attempting
			r.run.Go(func() { r.attempt(t.address, direct) })
		default:
			t.state = waiting
			after = min(after, wait)
		}
		return false
	})
	return after
}

func (r *router) isDirect(address string) bool {
	return slices.ContainsFunc(r.maker.direct, func(d direct) bool { return d.addr.String() == address })
}

// valid are the addresses that are worth dialing: named ones that are not
// connected, and with discovery those of peers that others are connected to.
// The caller holds the lock.
func (r *router) valid() map[string]bool {
	valid := map[string]bool{}
	peers, addresses, inbound := map[string]bool{}, map[string]bool{}, map[string]bool{}
	for _, l := range r.links {
		peers[l.remote], addresses[l.address] = true, true
		if ip, _, err := net.SplitHostPort(l.address); err == nil && !l.outbound {
			inbound[ip] = true
		}
	}
	add := func(address string) {
		if addresses[address] {
			return
		}
		valid[address] = true
		if r.maker.target(address) == nil {
			t := &target{address: address}
			t.now()
			r.maker.targets = append(r.maker.targets, t)
		}
	}
	for _, d := range r.maker.direct {
		if !d.anyPort || !inbound[d.addr.Addr().String()] {
			add(d.addr.String())
		}
	}
	if r.s.noDiscovery {
		return valid
	}
	for _, p := range r.mesh.all() {
		for _, c := range p.Connections {
			if p.Name == r.name || c.Name == r.name || peers[c.Name] {
				continue
			}
			ip, _, _ := net.SplitHostPort(c.Address)
			if c.Outbound {
				add(c.Address)
			} else {
				add(net.JoinHostPort(ip, strconv.Itoa(int(r.s.port))))
			}
		}
	}
	return valid
}

func (r *router) attempt(address string, direct bool) {
	c, err := r.p.Net.DialContext(r.ctx, "tcp", address)
	if err == nil {
		r.serve(c, address, true, direct)
		return
	}
	r.mu.Lock()
	if t := r.maker.target(address); t != nil {
		t.state, t.lastErr = waiting, dialError(address, err)
		t.later(r.n.after)
	}
	r.mu.Unlock()
	r.look()
}

// dialError says it as Go's net does when it was given a local address.
func dialError(address string, err error) error {
	for errno, words := range linuxErrors {
		if errors.Is(err, errno) {
			return fmt.Errorf("dial tcp :0->%s: connect: %s", address, words)
		}
	}
	return err
}

// linuxErrors are the words of the hosts' kernel, whatever this machine's are.
var linuxErrors = map[syscall.Errno]string{
	syscall.ECONNREFUSED: "connection refused", syscall.EHOSTUNREACH: "no route to host",
	syscall.ENETUNREACH: "network is unreachable", syscall.ETIMEDOUT: "connection timed out",
}

// targets are the peers that somebody named; the caller holds the lock.
func (r *router) targets() []string {
	var words []string
	for _, d := range r.maker.direct {
		words = append(words, d.word)
	}
	return words
}
