package broker

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"vmqbot/lab/broker/erldist"
)

// joinRequest asks a node for admission.
type joinRequest struct {
	Node  string `json:"node"`
	Empty bool   `json:"empty"`  // nothing was ever stored there
	Force bool   `json:"force"`  // vmq_swc.prevent_nonempty_join = off
	Check bool   `json:"check"`  // this version refuses a node that is not empty
	Alone bool   `json:"single"` // not part of any cluster
}

// errNotEmpty is the answer to a node that has state of its own, or is a
// member already.
var errNotEmpty = errors.New("non_empty_node")

// join makes this node a member of the cluster that discovery belongs to. Its
// errors are Erlang's words: self_join, not_reachable, non_empty_node.
func (a *app) join(ctx context.Context, discovery string) error {
	if discovery == a.n.id.Node {
		return errors.New("self_join")
	}
	ctx, cancel := context.WithTimeout(ctx, a.n.timing().Unreachable)
	defer cancel()
	link, err := erldist.Dial(ctx, a.n.dialOptions(false), discovery)
	if err != nil {
		return errors.New("not_reachable")
	}
	defer link.Close()
	req := joinRequest{
		Node: a.n.id.Node, Empty: a.meta.empty(), Alone: len(a.members.names()) == 1,
		Force: !a.n.on("vmq_swc.prevent_nonempty_join"), Check: a.n.dialect.RefuseFull,
	}
	var state map[string]member
	if err := link.Call(ctx, "join", req, &state); err != nil {
		var remote erldist.RemoteError
		if errors.As(err, &remote) {
			return err
		}
		return errors.New("not_reachable")
	}
	if err := a.members.replace(state); err != nil {
		return fmt.Errorf("storing the cluster state: %w", err)
	}
	a.wakeSoon()
	return nil
}

// wakeSoon rechecks a moment later: right after Done the joining node may
// still show only itself.
func (a *app) wakeSoon() {
	a.wg.Go(func() {
		t := time.NewTimer(time.Duration(rand.Int64N(int64(a.n.timing().Reconnect) + 1)))
		defer t.Stop()
		select {
		case <-t.C:
			a.view.wake()
		case <-a.ctx.Done():
		}
	})
}

// welcome admits a node, on the discovery node.
func (a *app) welcome(r joinRequest) (map[string]member, error) {
	refuse := !r.Empty || !r.Alone || a.members.has(r.Node)
	if r.Check && !r.Force && refuse {
		return nil, errNotEmpty
	}
	if err := a.members.add(r.Node); err != nil {
		return nil, err
	}
	a.view.spread()
	return a.members.state(), nil
}
