package broker

import (
	"context"
	"time"

	"vmqbot/lab/broker/clique"
)

// leaveDead removes a node that is down and finds new homes for its clients.
// The membership goes first: when another node is down too, the consistency
// check never ends and nodetool gives up after a minute, with the node gone
// and its queues not repaired. A name that nobody knows is Done as well.
func (a *app) leaveDead(ctx context.Context, node string) clique.Result {
	known := a.members.has(node)
	if err := a.members.remove(node); err != nil {
		return clique.Fail(err.Error())
	}
	a.view.cast("gossip", a.members.state())
	a.view.wake()
	if !known {
		return clique.Say("Done")
	}
	for !a.consistent(ctx) {
		t := time.NewTimer(a.n.timing().Reconnect)
		select {
		case <-t.C:
		case <-ctx.Done():
			t.Stop()
			return clique.Fail("timeout") // nobody is left to read it
		}
	}
	t := time.NewTimer(a.n.timing().RepairQueues)
	defer t.Stop()
	select {
	case <-t.C:
	case <-ctx.Done():
	}
	a.rehome(node)
	return clique.Say("Done")
}

// consistent asks every member whether it finds the cluster whole.
func (a *app) consistent(ctx context.Context) bool {
	for _, name := range a.members.names() {
		if name == a.n.id.Node {
			if !a.view.isReady() {
				return false
			}
			continue
		}
		if a.view.call(ctx, name, "sync", nil, nil) != nil {
			return false
		}
	}
	return true
}

// rehome gives the clients of a dead node new, empty queues on living ones.
// What was stored for them on the dead node is lost.
func (a *app) rehome(dead string) {
	targets := a.members.names()
	i := 0
	for id, rec := range a.routes.on(dead) {
		if rec.Clean {
			a.set(subPrefix+id, nil)
			continue
		}
		rec.Node = targets[i%len(targets)]
		i++
		a.homeQueue(a.ctx, rec.Node, enqueueRequest{Client: id})
		a.set(subPrefix+id, rec)
	}
}

func (a *app) homeQueue(ctx context.Context, node string, r enqueueRequest) {
	err := a.view.call(ctx, node, "enqueue", r, nil)
	if node == a.n.id.Node {
		err = a.queues.receive(r)
	}
	if err != nil {
		a.n.log.error("vmq_reg:fix_dead_queues", "can't create the queue of %s on %s: %v", r.Client, node, err)
	}
}
