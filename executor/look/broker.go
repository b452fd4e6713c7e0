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

// hearing is whether any of several commands found the broker. Each pings it before
// it asks, and says so when there is no answer.
type hearing struct {
	mu               sync.Mutex
	answered, silent bool
}

func (h *hearing) note(err error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	var no *answer.Refusal
	h.answered = h.answered || err == nil
	h.silent = h.silent || errors.As(err, &no) && no.Kind == vernemq.NotResponding
}

// broker asks VerneMQ in the container, all questions at once. When ping fails
// the commands cannot say anything true either; what they say tells of ping too,
// which boots an Erlang machine of its own where they do not.
func (v view) broker(ctx context.Context, wanted facts.Questions) facts.Seen[facts.Broker] {
	var b facts.Broker
	var all sync.WaitGroup
	var heard hearing
	ask := func(q facts.Questions, f func()) {
		if wanted.Has(q) {
			all.Go(f)
		}
	}
	all.Go(func() { b.Process = saw(v.docker.Process(ctx, v.node.Container)) })
	ask(facts.AskView, func() { b.View = inside(ctx, v, &heard, vernemq.ShowCluster(), vernemq.ParseClusterShow) })
	ask(facts.AskListeners, func() { b.Listeners = inside(ctx, v, &heard, vernemq.ShowListeners(), vernemq.ParseListeners) })
	ask(facts.AskSwitches, func() {
		argv, err := vernemq.ShowSettings(false, switches...)
		if err != nil {
			b.Switches = missed[map[string]bool](err)
			return
		}
		b.Switches = inside(ctx, v, &heard, argv, readSwitches)
	})
	all.Wait()
	switch {
	case !wanted.Has(facts.AskPing):
	case heard.answered:
		b.Ping = facts.Saw(true)
	case heard.silent:
		b.Ping = facts.Saw(false)
	default:
		b.Ping = v.pong(ctx)
	}
	if pong, ok := b.Ping.Get(); ok && !pong {
		why := "VerneMQ on " + v.name + " does not answer `vernemq ping`, so its commands cannot either: its address is missing, or it is down."
		b.View = down(wanted.Has(facts.AskView), b.View, why)
		b.Listeners = down(wanted.Has(facts.AskListeners), b.Listeners, why)
		b.Switches = down(wanted.Has(facts.AskSwitches), b.Switches, why)
	}
	return facts.Saw(b)
}

// down replaces an answer that was asked for of a broker that does not answer.
func down[T any](asked bool, seen facts.Seen[T], why string) facts.Seen[T] {
	if !asked {
		return seen
	}
	return facts.Missed[T](facts.Down, why)
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
func inside[T any](ctx context.Context, v view, heard *hearing, argv []string, read func(answer.Answer) (T, error)) facts.Seen[T] {
	a, err := v.docker.Exec(ctx, v.node.Container, secret.Words(argv...), nil)
	if err != nil {
		return missed[T](err)
	}
	what, err := read(a)
	heard.note(err)
	return saw(what, err)
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
