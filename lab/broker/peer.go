package broker

import (
	"context"
	"sync"

	"vmqbot/lab/broker/erldist"
)

// peer is one other member: the link of the distribution to it and the data
// channel to it.
type peer struct {
	v    *view
	name string
	chn  *channel

	cancel context.CancelFunc
	wg     sync.WaitGroup
	kick   chan struct{}

	mu    sync.Mutex
	link  *erldist.Link
	appUp bool
	fresh bool // has joined just now and was not called yet
}

// startPeer begins to look for a node; fresh says that it was no member a
// moment ago. The caller ends it with end.
func startPeer(v *view, name string, fresh bool) *peer {
	ctx, cancel := context.WithCancel(v.a.ctx)
	p := &peer{v: v, name: name, cancel: cancel, kick: make(chan struct{}, 1), fresh: fresh}
	p.chn = newChannel(v.a, p)
	p.wg.Go(func() { p.connectLoop(ctx) })
	p.wg.Go(func() { p.chn.run(ctx) })
	return p
}

// end closes everything and waits.
func (p *peer) end() {
	p.cancel()
	p.wg.Wait()
}

// running is the node's row in `cluster show`: connected, and its data channel
// up or never tried. In 1.6 a channel that was up once and broke counts as
// down; later versions forget that.
func (p *peer) running(d Dialect) bool {
	p.mu.Lock()
	up := p.appUp
	p.mu.Unlock()
	return up && p.linked() != nil && (!d.BrokenIsDown || !p.chn.broken())
}

// untried is true until the first attempt to call a node that has joined.
func (p *peer) untried() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.fresh
}

// linked is the link, or nil while the node is down.
func (p *peer) linked() *erldist.Link {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.link == nil || p.link.Ended() {
		return nil
	}
	return p.link
}

// hurry ends the wait before the next attempt: the node has just called us.
func (p *peer) hurry() {
	select {
	case p.kick <- struct{}{}:
	default:
	}
}

// setApp records whether the server on the node runs, and rechecks.
func (p *peer) setApp(up bool) {
	p.mu.Lock()
	changed := p.appUp != up
	p.appUp = up
	p.mu.Unlock()
	if changed {
		p.v.wake()
	}
}
