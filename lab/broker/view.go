package broker

import (
	"slices"
	"sync"
	"time"
)

// view is what this node believes about the others: `cluster show`. It is
// computed anew every 10 seconds while all is well, every 2 while not, and at
// once when a node comes or goes; that a cluster looks different from node to
// node for seconds after a join comes from here.
type view struct {
	a    *app
	kick chan struct{}

	mu      sync.Mutex
	peers   map[string]*peer
	status  map[string]bool
	ready   bool
	begun   bool // the stored membership has its peers
	stopped bool
}

func newView(a *app) *view {
	v := &view{a: a, kick: make(chan struct{}, 1), peers: map[string]*peer{}, status: map[string]bool{}}
	v.recheckLocked(a.members.names(), nil)
	return v
}

// run rechecks until the app ends, then waits for every peer.
func (v *view) run() {
	for v.a.ctx.Err() == nil {
		v.recheck()
		wait := v.a.n.timing().NotReady
		if v.isReady() {
			wait = v.a.n.timing().Ready
		}
		t := time.NewTimer(wait)
		select {
		case <-t.C:
		case <-v.kick:
		case <-v.a.ctx.Done():
		}
		t.Stop()
	}
	v.mu.Lock()
	v.stopped = true
	old := v.peers
	v.peers = map[string]*peer{}
	v.mu.Unlock()
	for _, p := range old {
		p.end()
	}
}

// wake asks for a recheck now.
func (v *view) wake() {
	select {
	case v.kick <- struct{}{}:
	default:
	}
}

// recheck starts and ends peers as the membership says and computes the view.
func (v *view) recheck() {
	names := v.a.members.names()
	v.mu.Lock()
	var gone []*peer
	for name, p := range v.peers {
		if !slices.Contains(names, name) {
			gone = append(gone, p)
			delete(v.peers, name)
		}
	}
	for _, name := range names {
		if name != v.a.n.id.Node && v.peers[name] == nil && !v.stopped {
			v.peers[name] = startPeer(v, name, v.begun)
		}
	}
	v.begun = true
	v.recheckLocked(names, v.peers)
	v.mu.Unlock()
	for _, p := range gone {
		p.end()
	}
}

func (v *view) recheckLocked(names []string, peers map[string]*peer) {
	was := v.ready
	v.ready = true
	v.status = make(map[string]bool, len(names))
	for _, name := range names {
		ok := name == v.a.n.id.Node
		if p := peers[name]; p != nil {
			if p.untried() {
				continue // has just joined: shown once it was called
			}
			ok = p.running(v.a.n.dialect)
		}
		v.status[name] = ok
		v.ready = v.ready && ok
	}
	switch {
	case peers == nil:
	case was && !v.ready:
		v.a.n.met.add("netsplit_detected", 1)
	case !was && v.ready:
		v.a.n.met.add("netsplit_resolved", 1)
	}
}

// statuses is the table of `cluster show`.
func (v *view) statuses() map[string]bool {
	v.mu.Lock()
	defer v.mu.Unlock()
	out := make(map[string]bool, len(v.status))
	for k, s := range v.status {
		out[k] = s
	}
	return out
}

// isReady is false while any member is not running: then clients are refused.
func (v *view) isReady() bool {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.ready
}
