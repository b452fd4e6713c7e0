package look

import (
	"context"
	"errors"
	"sync"

	"vmqbot/answer"
	"vmqbot/facts"
	"vmqbot/secret"
	"vmqbot/vernemq"
)

// switches are the four that decide whether clients are served while a member
// of the cluster is away.
var switches = []string{
	"allow_register_during_netsplit", "allow_publish_during_netsplit",
	"allow_subscribe_during_netsplit", "allow_unsubscribe_during_netsplit",
}

// broker asks VerneMQ in the container, five questions at once: each boots an
// Erlang machine, 0.2 to 0.3 s when the host is idle. When ping fails the
// commands cannot say anything true either.
func (v view) broker(ctx context.Context) facts.Seen[facts.Broker] {
	var b facts.Broker
	var all sync.WaitGroup
	all.Go(func() { b.Process = saw(v.docker.Process(ctx, v.node.Container)) })
	all.Go(func() { b.Ping = v.pong(ctx) })
	all.Go(func() { b.View = inside(ctx, v, vernemq.ShowCluster(), vernemq.ParseClusterShow) })
	all.Go(func() { b.Listeners = inside(ctx, v, vernemq.ShowListeners(), vernemq.ParseListeners) })
	all.Go(func() {
		argv, err := vernemq.ShowSettings(false, switches...)
		if err != nil {
			b.Switches = missed[map[string]bool](err)
			return
		}
		b.Switches = inside(ctx, v, argv, readSwitches)
	})
	all.Wait()
	if pong, ok := b.Ping.Get(); ok && !pong {
		why := "VerneMQ on " + v.name + " does not answer `vernemq ping`, so its commands cannot either: its address is missing, or it is down."
		b.View = facts.Missed[[]vernemq.Member](facts.Down, why)
		b.Listeners = facts.Missed[[]vernemq.Listener](facts.Down, why)
		b.Switches = facts.Missed[map[string]bool](facts.Down, why)
	}
	return facts.Saw(b)
}

// pong is false when VerneMQ says that the node does not respond; any other
// answer than pong is no fact.
func (v view) pong(ctx context.Context) facts.Seen[bool] {
	a, err := v.docker.Exec(ctx, v.node.Container, secret.Words(vernemq.Ping()...), nil)
	if err != nil {
		return missed[bool](err)
	}
	_, err = vernemq.ParsePing(a)
	var no *answer.Refusal
	if errors.As(err, &no) && no.Kind == vernemq.NotResponding {
		return facts.Saw(false)
	}
	return saw(err == nil, err)
}

// inside runs a command in the container and reads its answer.
func inside[T any](ctx context.Context, v view, argv []string, read func(answer.Answer) (T, error)) facts.Seen[T] {
	a, err := v.docker.Exec(ctx, v.node.Container, secret.Words(argv...), nil)
	if err != nil {
		return missed[T](err)
	}
	return saw(read(a))
}

// readSwitches reads the four, all of which this node must have told.
func readSwitches(a answer.Answer) (map[string]bool, error) {
	nodes, _, err := vernemq.ParseShow(a)
	if err != nil {
		return nil, err
	}
	set := make(map[string]bool, len(switches))
	for _, name := range switches {
		switch value := nodes[0].Values[name]; value {
		case "on", "true":
			set[name] = true
		case "off", "false":
			set[name] = false
		default:
			return nil, &blindness{facts.Unreadable, "VerneMQ says that " + name + " is \"" + value + "\", which is neither on nor off."}
		}
	}
	return set, nil
}
