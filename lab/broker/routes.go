package broker

import (
	"encoding/json"
	"strings"
	"sync"
)

// routes is the routing table, kept from the metadata.
type routes struct {
	mu      sync.Mutex
	clients map[string]subscriber
}

func newRoutes() *routes { return &routes{clients: map[string]subscriber{}} }

// apply takes one metadata entry, when it is a subscriber record.
func (r *routes) apply(e entry) {
	id, ok := strings.CutPrefix(e.Key, subPrefix)
	if !ok {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	var s subscriber
	if e.Gone || json.Unmarshal(e.Val, &s) != nil {
		delete(r.clients, id)
		return
	}
	r.clients[id] = s
}

// get is the record of one client.
func (r *routes) get(id string) (subscriber, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	s, ok := r.clients[id]
	return s, ok
}

// count is the number of subscriptions in the whole cluster.
func (r *routes) count() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	n := 0
	for _, s := range r.clients {
		n += len(s.Subs)
	}
	return n
}

// on lists the clients whose record names a node.
func (r *routes) on(node string) map[string]subscriber {
	r.mu.Lock()
	defer r.mu.Unlock()
	out := map[string]subscriber{}
	for id, s := range r.clients {
		if s.Node == node {
			out[id] = s
		}
	}
	return out
}

// match is one client that a message goes to, once however many of its
// subscriptions fit, with the best QoS.
type match struct {
	Client string
	Node   string
	Sub    sub
	IDs    []int
}

// matches returns the direct subscribers, and the members of each shared group.
func (r *routes) matches(topic string) (direct []match, shared map[string][]match) {
	r.mu.Lock()
	defer r.mu.Unlock()
	shared = map[string][]match{}
	for id, s := range r.clients {
		var best *match
		for _, one := range s.Subs {
			group, filter, isShared := splitShared(one.Filter)
			if !topicMatches(filter, topic) {
				continue
			}
			m := match{Client: id, Node: s.Node, Sub: one}
			if one.ID > 0 {
				m.IDs = []int{one.ID}
			}
			if isShared {
				shared[group+"/"+filter] = append(shared[group+"/"+filter], m)
				continue
			}
			if best == nil {
				best = &m
				continue
			}
			best.IDs = append(best.IDs, m.IDs...)
			if one.QoS > best.Sub.QoS {
				best.Sub = one
			}
		}
		if best != nil {
			direct = append(direct, *best)
		}
	}
	return direct, shared
}
