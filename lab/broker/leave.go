package broker

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"vmqbot/lab/broker/clique"
	"vmqbot/lab/broker/erldist"
)

func (n *Node) clusterLeave(ctx context.Context, args clique.Args) clique.Result {
	node, ok := args.Key("node")
	if !ok {
		return clique.Warn("You have to provide a node")
	}
	for _, name := range []string{"summary-interval", "timeout"} {
		if v, given := args.Flag(name); given {
			if i, err := strconv.Atoi(v); err != nil || i <= 0 {
				return clique.Fail(fmt.Sprintf("Invalid value: %q for flag: %s", v, name))
			}
		}
	}
	a := n.running()
	if a == nil {
		return clique.Fail("not_ready")
	}
	_, kill := args.Flag("kill_sessions")
	switch up := a.reaches(ctx, node); {
	case !up:
		return a.leaveDead(ctx, node)
	case !kill:
		return a.leaveSuspend(ctx, node)
	default:
		return a.leaveKill(ctx, node)
	}
}

// reaches pings a node, member or not.
func (a *app) reaches(ctx context.Context, node string) bool {
	if node == a.n.id.Node {
		return true
	}
	ctx, cancel := context.WithTimeout(ctx, a.n.timing().Unreachable)
	defer cancel()
	l, err := erldist.Dial(ctx, a.n.dialOptions(false), node)
	if err != nil {
		return false
	}
	l.Close()
	return true
}

// leaveSuspend only stops the MQTT listeners of the node: it stays a member.
func (a *app) leaveSuspend(ctx context.Context, node string) clique.Result {
	if node == a.n.id.Node {
		a.listeners.suspendMQTT(false)
	} else if err := a.view.call(ctx, node, "suspend", nil, nil); err != nil && !errors.Is(err, erldist.ErrDown) {
		return clique.Fail(err.Error())
	}
	return clique.Say("Done! Use -k to teardown and migrate existing sessions!")
}
