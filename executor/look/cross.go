package look

import (
	"context"
	"net"
	"time"

	"vmqbot/executor/probe"
)

// cross sends one message from every node to every node. Each node's client
// connects as soon as its container is known, so that a host that hangs delays
// its own messages only.
func (l *Looker) cross(ctx context.Context, r *round) {
	points := make([]probe.Point, len(r.nodes))
	for i, n := range r.nodes {
		host := l.seat(n).host
		points[i] = probe.Point{
			Node: n.Name,
			Dial: func(ctx context.Context) (net.Conn, error) {
				select {
				case <-r.base[i]:
				case <-ctx.Done():
					return nil, ctx.Err()
				}
				c, ok := r.seen[i].Container.Get()
				if !ok {
					return nil, &blindness{r.seen[i].Container.Blind(), r.seen[i].Container.Why()}
				}
				return l.mqttPort(ctx, host, n.Host, c)
			},
		}
	}
	// The base facts, then the login, then the messages.
	ctx, cancel := context.WithTimeout(ctx, l.opt.Base+2*l.mqtt.Timeout+time.Second)
	defer cancel()
	r.cross = probe.Cross(ctx, l.mqtt, points, blind)
}
