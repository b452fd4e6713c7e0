package weavenet

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"sync"
	"time"

	"vmqbot/sim/kernel"
)

// router is one run of weaver.
type router struct {
	h  *Host
	n  *Net
	p  *kernel.Process
	b  *bridge
	s  settings
	db *database

	name, nick string
	uid        uint64
	short      uint16
	started    time.Time
	clustered  int // how many routers must know each other to seed a ring

	ctx  context.Context
	stop context.CancelFunc
	run  sync.WaitGroup
	kick chan struct{} // the connection maker is to look

	mu      sync.Mutex // below it only the fabric's and the overlay's locks
	mesh    topology
	links   []*link
	active  map[string]*link // by the peer's name
	maker   maker
	macs    map[string]sighting
	seen    []string          // keys of macs in the order of their arrival
	heard   int               // announcements
	joined  time.Time         // when the first of its connections was made
	unicast map[string]string // routes as published: the next hop to each peer
	stale   bool              // they may have changed

	alloc allocator
	dns   names
}

// sighting is where an interface was seen last.
type sighting struct {
	peer, nick string
	at         time.Time
}

// Router is weaver, the main program of the container weave.
func (h *Host) Router(p *kernel.Process) int {
	if len(p.Argv) == 2 && strings.TrimLeft(p.Argv[1], "-") == "version" {
		p.Printf("weave %s\n", version)
		return 0
	}
	r := &router{h: h, n: h.net, p: p, started: time.Now(), kick: make(chan struct{}, 1), active: map[string]*link{}, macs: map[string]sighting{}}
	r.ctx, r.stop = context.WithCancel(p.Context())
	defer r.run.Wait()
	defer r.stop()
	if err := r.prepare(); err != nil {
		r.log("FATA", "%v", err)
		return 1
	}
	term := make(chan kernel.Signal, 2)
	p.Catch(term, kernel.TERM, kernel.INT)
	closers, err := r.open()
	defer r.close(closers)
	if err != nil {
		r.log("FATA", "%v", err)
		return 1
	}
	select {
	case <-term:
	case <-r.ctx.Done():
	}
	return 0
}

// log writes a line as weaver logs it.
func (r *router) log(level, format string, args ...any) {
	r.p.Errorf("%s: %s %s\n", level, time.Now().UTC().Format("2006/01/02 15:04:05.000000"), fmt.Sprintf(format, args...))
}

// prepare decides who the router is and makes its bridge.
func (r *router) prepare() (err error) {
	r.s, err = parseFlags(r.p.Argv[1:], r.p.Env)
	if err != nil {
		return err
	}
	if r.s.proxy {
		r.log("INFO", "Docker API on unix:///var/run/docker.sock: &[Version=20.10.24]")
		r.log("INFO", "proxy listening on unix:///var/run/weave/weave.sock")
	}
	r.name, r.nick = r.s.name, r.s.nick
	if r.name == "" {
		r.name = r.h.PeerName()
	}
	if r.nick == "" {
		r.nick = r.p.Machine.Name
	}
	want := bridgedFastDP
	if r.s.noFastDP {
		want = plainBridge
	}
	if r.b, err = r.h.ensureBridge(r.p, want, r.name); err != nil {
		return err
	}
	r.db = r.h.store()
	r.uid, r.short = rand.Uint64(), uint16(rand.Uint32N(1<<12))
	r.mesh = newTopology(peer{Name: r.name, NickName: r.nick, UID: r.uid, ShortID: r.short})
	r.stale = true
	r.log("INFO", "Our name is %s(%s)", r.name, r.nick)
	if r.h.restarted() || r.s.resume {
		r.s.peers = r.db.peers
		r.log("INFO", "Restart/resume detected - using persisted peer list: %v", r.s.peers)
	}
	r.clustered = r.s.consensus
	if r.clustered == 0 {
		r.clustered = (len(r.s.peers)+1)/2 + 1
		if len(r.s.peers) == 0 {
			r.clustered = 1
		}
	}
	r.alloc.start(r)
	return r.checkDNS()
}

// checkDNS refuses to listen on an address that docker0 no longer has.
func (r *router) checkDNS() error {
	at, err := netip.ParseAddrPort(r.s.dnsListen)
	if r.s.noDNS || err != nil || at.Addr().IsUnspecified() {
		return nil
	}
	if own, ok := dockerBridge(r.p.Net); ok && own != at.Addr() {
		return fmt.Errorf("Unable to start dns server: listen udp %s: bind: cannot assign requested address", at) //nolint:staticcheck // weave's words
	}
	return nil
}

// open listens, dials the peers and begins to answer.
func (r *router) open() (closers []func(), err error) {
	mesh, err := r.p.Net.Listen(r.ctx, fmt.Sprintf("0.0.0.0:%d", r.s.port))
	if err != nil {
		return nil, err
	}
	closers = append(closers, func() { _ = mesh.Close() })
	r.run.Go(func() { r.accept(mesh) })
	r.n.join(r, r.b)
	if err := r.connect(r.s.peers, false); err != nil {
		return closers, err
	}
	r.run.Go(r.dialing)
	for i, at := range []string{r.s.http, r.s.status} {
		if i == 1 && at == r.s.http {
			break
		}
		l, err := r.p.Net.Listen(r.ctx, at)
		if err != nil {
			return closers, err
		}
		srv := &http.Server{Handler: r.h.half(r.handler(i == 0)), ReadHeaderTimeout: time.Minute, BaseContext: func(net.Listener) context.Context { return r.ctx }}
		closers = append(closers, func() { finish(srv) })
		r.run.Go(func() { _ = srv.Serve(l) })
	}
	return closers, nil
}

// finish ends a server and waits for what it still answers.
func finish(srv *http.Server) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	if srv.Shutdown(ctx) != nil {
		_ = srv.Close()
	}
}

func (r *router) close(closers []func()) {
	r.stop()
	r.n.leave(r)
	for _, c := range closers {
		c()
	}
	r.mu.Lock()
	links := append([]*link(nil), r.links...)
	r.mu.Unlock()
	for _, l := range links {
		l.shutdown(net.ErrClosed)
	}
}

func (r *router) accept(l net.Listener) {
	for {
		c, err := l.Accept()
		if err != nil {
			return
		}
		r.run.Go(func() { r.serve(c, c.RemoteAddr().String(), false, true) })
	}
}

// saw notes where an interface is.
func (r *router) saw(mac string, at *router) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if _, known := r.macs[mac]; !known {
		r.seen = append(r.seen, mac)
	}
	r.macs[mac] = sighting{at.name, at.nick, time.Now()}
	r.heard++
}
