package weavenet

import (
	"fmt"
)

// connections are those that live and the targets that do not, as mesh's
// status.go lists them. The caller holds the lock.
func (r *router) connections() []connection {
	var list []connection
	for _, l := range r.links {
		kind, mtu := l.overlay()
		c := connection{l.address, l.outbound, "pending", fmt.Sprintf("%-6v %v", kind, l), map[string]any{"name": kind, "mtu": mtu}}
		if l.established {
			c.State = "established"
		}
		if r.s.password != "" && l.encrypted {
			c.Info = fmt.Sprintf("%-11v %v", "encrypted", c.Info)
			c.Attrs["encrypted"] = true
		} else if r.s.password != "" {
			c.Info = fmt.Sprintf("%-11v %v", "unencrypted", c.Info)
		}
		list = append(list, c)
	}
	for _, t := range r.maker.targets {
		c := connection{Address: t.address, Outbound: true}
		switch {
		case t.state == waiting && t.lastErr == nil:
			c.State, c.Info = "waiting", "until: "+t.retry()
		case t.state == waiting:
			c.State, c.Info = "failed", t.lastErr.Error()+", retry: "+t.retry()
		case t.state == attempting && t.lastErr == nil:
			c.State = "connecting"
		case t.state == attempting:
			c.State, c.Info = "retrying", t.lastErr.Error()
		default:
			continue
		}
		list = append(list, c)
	}
	return list
}

// retry is when the target is dialed again.
func (t *target) retry() string {
	if t.tryAfter.IsZero() {
		return "never"
	}
	return t.tryAfter.UTC().String()
}
