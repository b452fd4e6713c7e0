package broker

import (
	"context"
	"hash/fnv"

	mqtt "github.com/mochi-mqtt/server/v2"
)

// registrable says whether a client may connect now. The registration of a
// client id is coordinated by one node of the cluster, chosen by its hash: if
// that node is silent but not yet known to be down, the client waits.
func (a *app) registrable(client string) bool {
	if !a.allowed("register") {
		return false
	}
	if !a.n.on("coordinate_registrations") || !a.view.isReady() {
		return true
	}
	names := a.members.names()
	h := fnv.New32a()
	_, _ = h.Write([]byte(client)) // never fails
	node := names[int(h.Sum32()%uint32(len(names)))]
	if node == a.n.id.Node {
		return true
	}
	ctx, cancel := context.WithTimeout(a.ctx, a.n.timing().NetTick*5/4)
	defer cancel()
	return a.view.call(ctx, node, "sync", nil, nil) == nil || a.allowed("register") && !a.view.isReady()
}

// register makes this node the home of a client: a session that it had
// elsewhere ends there, and its queue comes over unless it is to be discarded.
// clean says that the new session ends with its connection.
func (a *app) register(cl *mqtt.Client, discard, clean bool) {
	old, known := a.routes.get(cl.ID)
	var items []*item
	if known && old.Node != a.n.id.Node {
		ctx, cancel := context.WithTimeout(a.ctx, a.n.timing().Unreachable)
		// a node that does not answer keeps the queue until it hears of this
		_ = a.view.call(ctx, old.Node, "take", takeRequest{cl.ID, discard}, &items)
		cancel()
	}
	rec := subscriber{Node: a.n.id.Node, Clean: clean}
	if keep := known && !discard && !old.Clean; keep {
		rec.Subs = old.Subs
		a.rememberSession(cl.ID)
	} else {
		a.forgetSession(cl.ID)
	}
	a.queues.attach(cl, discard, clean)
	a.queues.prepend(cl.ID, items)
	a.set(subPrefix+cl.ID, rec)
}
