package broker

import (
	"encoding/json"
)

// publish routes a message from a client of this node: to the queues here, and
// once to every other node that has a subscriber, over its data channel.
func (a *app) publish(m message) {
	if m.Retain {
		a.retain(m)
	}
	direct, shared := a.routes.matches(m.Topic)
	remote := map[string]bool{}
	for _, t := range direct {
		if t.Node == a.n.id.Node {
			a.n.met.add("router_matches_local", 1)
			a.queues.deliver(t, m)
			continue
		}
		a.n.met.add("router_matches_remote", 1)
		remote[t.Node] = true
	}
	for node := range remote {
		a.sendTo(node, m)
	}
	for _, group := range shared {
		t := pickShared(group, a.n.id.Node)
		if t.Node == a.n.id.Node {
			a.queues.deliver(t, m)
			continue
		}
		one := m
		one.Only, one.Filter = t.Client, t.Sub.Filter
		a.sendTo(t.Node, one)
	}
}

// sendTo hands a message to the data channel. Nobody learns whether it is
// kept: the publisher has its PUBACK either way.
func (a *app) sendTo(node string, m message) {
	p := a.view.peer(node)
	b, err := json.Marshal(m)
	if p == nil || err != nil {
		return
	}
	p.chn.send(sized("msg", b))
}

// routeLocal takes a message from another node. Only queues of this node get
// it, by this node's own knowledge of subscriptions.
func (a *app) routeLocal(m message) {
	m.Retain = false // the retained copy travels with the metadata
	if m.Only != "" {
		if rec, ok := a.routes.get(m.Only); ok && rec.Node == a.n.id.Node {
			for _, s := range rec.Subs {
				if s.Filter == m.Filter {
					a.queues.deliver(match{Client: m.Only, Node: rec.Node, Sub: s}, m)
				}
			}
		}
		return
	}
	direct, _ := a.routes.matches(m.Topic)
	for _, t := range direct {
		if t.Node == a.n.id.Node {
			a.queues.deliver(t, m)
		}
	}
}
