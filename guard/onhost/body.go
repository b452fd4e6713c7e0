package onhost

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"time"

	"vmqbot/executor/do"
	"vmqbot/executor/engine"
	"vmqbot/executor/lease"
	"vmqbot/executor/wire"
	"vmqbot/facts"
	"vmqbot/guard"
	"vmqbot/ops"
	"vmqbot/regions"
	"vmqbot/secret"
	"vmqbot/weave"
)

var errNoPipe = errors.New("this is the host itself: there is no way around its Docker socket")

// body looks and acts on this machine through the executor's rooms.
type body struct {
	c       guard.Config
	m       Machine
	engines *engine.Pool
	doer    *do.Doer
}

func newBody(c guard.Config, m Machine) *body {
	engines := engine.NewPool(func(regions.Node) engine.Host { return here{m} })
	return &body{c: c, m: m, engines: engines, doer: do.New(func(regions.Node) do.Host { return here{m} }, engines)}
}

// leases are the region's on this host, by the same script and the same file.
func leases(m Machine) *lease.Leases {
	return lease.On(func(regions.Node) lease.Host { return leaseHost{m} })
}

// Look asks Docker for the container, and the kernel for its addresses.
func (b *body) Look(ctx context.Context) guard.Sight {
	s := guard.Sight{Bot: b.bot()}
	c, err := b.engines.Of(b.c.Place()).Container(ctx, b.c.Container)
	if err != nil {
		s.Container = facts.Missed[facts.Container](blind(err), err.Error())
		return s
	}
	s.Container = facts.Saw(c)
	if c.PID == 0 {
		s.Netns = facts.Missed[facts.Netns](facts.Down, c.Name+" has no process")
		return s
	}
	s.Netns = b.netns(c.PID)
	return s
}

func (b *body) netns(pid int) facts.Seen[facts.Netns] {
	text, err := b.m.ReadFile(fmt.Sprintf("/proc/%d/net/fib_trie", pid))
	if err != nil {
		return facts.Missed[facts.Netns](facts.Failed, err.Error())
	}
	addresses, err := facts.ParseFibTrie(string(text))
	if err != nil {
		return facts.Missed[facts.Netns](facts.Unreadable, err.Error())
	}
	return facts.Saw(facts.Netns{PID: pid, Addresses: addresses})
}

// never stands in the file that the bot's looks touch, until one has emptied it.
const never = "no bot has looked yet\n"

// bot is when a bot looked at this host last: each of its looks empties a file.
func (b *body) bot() time.Time {
	if said, err := b.m.ReadFile(guard.SeenFile); err != nil || len(said) > 0 {
		return time.Time{} // none has, since the host started
	}
	at, err := b.m.Stat(guard.SeenFile)
	if err != nil {
		return time.Time{}
	}
	return at
}

// welcome makes that file.
func welcome(m Machine) error {
	if _, err := m.Stat(guard.SeenFile); err == nil || !absent(err) {
		return err
	}
	return m.WriteFile(guard.SeenFile, []byte(never), 0o666)
}

// Attach types what a person would.
func (b *body) Attach(ctx context.Context) error {
	argv, err := weave.Attach(b.c.Address, b.c.Container)
	if err != nil {
		return err
	}
	_, err = b.doer.Do(ctx, b.c.Place(), ops.Run{Argv: secret.Words(argv...)}, nil)
	return err
}

// Hear hears Docker's events.
func (b *body) Hear(ctx context.Context, ready func(), hear func(string)) error {
	return b.engines.Of(b.c.Place()).Listen(ctx, time.Time{}, ready, func(e engine.Event) { hear(e.Name) })
}

// Tell writes the state where everybody may read it.
func (b *body) Tell(s guard.State) error {
	text, err := json.Marshal(s)
	if err != nil {
		return err
	}
	return b.m.WriteFile(places(b.c.Node).state, append(text, '\n'), 0o644)
}

func (b *body) close() { b.engines.Close() }

func blind(err error) facts.Blind {
	var e *engine.Error
	if errors.As(err, &e) {
		return e.Blind
	}
	return wire.BlindOf(err)
}

func lines(text string) []string {
	return strings.FieldsFunc(text, func(r rune) bool { return r == '\n' })
}

// absent reports an error that says that a file is not there.
func absent(err error) bool { return errors.Is(err, fs.ErrNotExist) }
