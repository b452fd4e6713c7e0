package broker

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"vmqbot/lab/broker/erldist"
)

// handle answers what needs the MQTT server.
func (a *app) handle(ctx context.Context, from erldist.Peer, op string, body json.RawMessage) (any, error) {
	switch op {
	case "app_up", "app_down":
		if p := a.view.peer(from.Node); p != nil {
			p.setApp(op == "app_up")
		}
		return nil, nil
	case "sync":
		return true, nil
	case "connect_params":
		return a.connectParams()
	case "join":
		return decode(body, func(r joinRequest) (any, error) { return a.welcome(r) })
	case "gossip":
		return decode(body, func(s map[string]member) (any, error) { return nil, a.hear(from.Node, s) })
	case "exchange":
		return decode(body, func(r exchangeRequest) (any, error) { return a.answerExchange(from.Node, r) })
	case "compare":
		return decode(body, func(r compareRequest) (any, error) { return a.answerCompare(from.Node, r) })
	case "meta":
		return decode(body, func(list []entry) (any, error) { return nil, a.acceptAll(from.Node, list) })
	case "suspend":
		a.listeners.suspendMQTT(false)
		return nil, nil
	case "teardown":
		return decode(body, func(to []string) (any, error) { return a.teardown(ctx, to) })
	case "take":
		return decode(body, func(r takeRequest) (any, error) { return a.queues.give(r), nil })
	case "enqueue":
		return decode(body, func(r enqueueRequest) (any, error) { return nil, a.queues.receive(r) })
	case "kick":
		return decode(body, func(id string) (any, error) { return a.queues.kick(id), nil })
	case "status":
		return a.status(), nil
	case "sessions":
		return a.queues.describe(), nil
	}
	return nil, fmt.Errorf("undef: %s", op)
}

// connectParams is where others shall dial: the configured address of the
// cluster port, whether or not it could be opened.
func (a *app) connectParams() (string, error) {
	for _, l := range a.n.opt.Config.Listeners() {
		if l.Type() == "vmq" {
			return l.Addr(), nil
		}
	}
	return "", errors.New("can't connect to cluster node")
}
