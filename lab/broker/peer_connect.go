package broker

import (
	"context"
	"time"

	"vmqbot/lab/broker/erldist"
)

func (p *peer) connectLoop(ctx context.Context) {
	t := p.v.a.n.timing()
	for ctx.Err() == nil {
		l := p.connect(ctx)
		if l == nil && p.untried() {
			p.v.wake()
		}
		p.mu.Lock()
		p.fresh = false
		p.link = l
		p.mu.Unlock()
		if l != nil {
			p.live(ctx, l)
			continue
		}
		wait := time.NewTimer(t.NotReady)
		select {
		case <-wait.C:
		case <-p.kick:
		case <-ctx.Done():
		}
		wait.Stop()
	}
}

func (p *peer) connect(ctx context.Context) *erldist.Link {
	ctx, cancel := context.WithTimeout(ctx, p.v.a.n.timing().Unreachable)
	defer cancel()
	l, err := erldist.Dial(ctx, p.v.a.n.dialOptions(false), p.name)
	if err != nil {
		return nil
	}
	var up bool
	if err := l.Call(ctx, "app_state", nil, &up); err != nil {
		l.Close()
		return nil
	}
	p.mu.Lock()
	p.appUp = up
	p.mu.Unlock()
	return l
}

// live holds the link until it ends.
func (p *peer) live(ctx context.Context, l *erldist.Link) {
	p.v.wake()
	_ = l.Cast("app_up", nil) // the link's end is seen below
	select {
	case <-l.Done():
		p.v.a.n.log.warn("vmq_cluster_mon:handle_info", "cluster node %s DOWN", erldist.Atom(p.name))
	case <-ctx.Done():
	}
	p.mu.Lock()
	p.link = nil
	p.appUp = false
	p.mu.Unlock()
	l.Close()
	p.v.wake()
}

// dialOptions is how this node opens links.
func (n *Node) dialOptions(admin bool) erldist.DialOptions {
	return erldist.DialOptions{Dialer: n.opt.Network, Self: n.id, EpmdPort: n.opt.EpmdPort,
		NetTick: n.timing().NetTick, Admin: admin}
}
