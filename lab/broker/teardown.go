package broker

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"vmqbot/lab/broker/clique"
)

// leaveKill moves every queue of the node to the others, takes it out of the
// cluster, and ends it a second later.
func (a *app) leaveKill(ctx context.Context, node string) clique.Result {
	var targets []string
	for _, m := range a.members.names() {
		if m != node {
			targets = append(targets, m)
		}
	}
	var lines []string
	var err error
	if node == a.n.id.Node {
		lines, err = a.teardown(ctx, targets)
	} else {
		err = a.view.call(ctx, node, "teardown", targets, &lines)
	}
	if err != nil {
		return clique.Say("error, still online queues, check the logs, and retry!")
	}
	if err := a.members.remove(node); err != nil && node != a.n.id.Node {
		return clique.Fail(err.Error())
	}
	a.view.wake()
	return clique.Say(strings.Join(append(lines, "Done"), "\n"))
}

// teardown runs on the node that leaves.
func (a *app) teardown(ctx context.Context, targets []string) ([]string, error) {
	a.listeners.suspendMQTT(true)
	a.queues.detachOnline()
	_, queues, messages := a.queues.totals()
	line := func(q, m int) string {
		return fmt.Sprintf("Migrated %d/%d queues and %d/%d messages", q, queues, m, messages)
	}
	lines := []string{line(0, 0)}
	i := 0
	for _, id := range slices.Sorted(slices.Values(a.queues.names())) {
		rec, ok := a.routes.get(id)
		if !ok || rec.Clean || len(targets) == 0 {
			a.queues.drop(id)
			a.set(subPrefix+id, nil)
			continue
		}
		rec.Node = targets[i%len(targets)]
		i++
		items := a.queues.give(takeRequest{Client: id})
		a.homeQueue(ctx, rec.Node, enqueueRequest{Client: id, Items: items})
		a.set(subPrefix+id, rec)
	}
	lines = append(lines, line(queues, messages))
	state := a.members.state()
	if me := state[a.n.id.Node]; !me.Gone {
		state[a.n.id.Node] = member{Clock: me.Clock + 1, Gone: true}
	}
	a.view.cast("gossip", state)
	if err := a.members.replace(map[string]member{}); err != nil {
		return nil, err
	}
	t := time.AfterFunc(a.n.timing().Reconnect, a.n.Stop)
	context.AfterFunc(a.ctx, func() { t.Stop() })
	return lines, nil
}

// detachOnline ends every running session, keeping the persistent ones' queues.
func (qs *queues) detachOnline() {
	for _, id := range qs.names() {
		if qs.kick(id) {
			if rec, ok := qs.a.routes.get(id); ok && rec.Clean {
				qs.drop(id)
				qs.a.set(subPrefix+id, nil)
			}
		}
	}
}
