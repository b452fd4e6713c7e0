package onhost

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"vmqbot/guard"
	"vmqbot/ops"
)

// Body is what the guard sees and does on its host.
type Body interface {
	Look(ctx context.Context) guard.Sight
	Attach(ctx context.Context) error // the configured address to the configured container
	// Hear hears what happens to containers until the stream ends; ready is
	// called once, when nothing that happens from then on is missed.
	Hear(ctx context.Context, ready func(), hear func(container string)) error
	Tell(s guard.State) error // keeps what the guard tells about itself
}

// Guard is the guard at work: it watches one container. All fields are needed.
type Guard struct {
	Config guard.Config
	Body   Body
	Leases ops.HostLeases // those of the bot's operations, on this host
	Clock  ops.Clock
	Logger *slog.Logger
	State  guard.State // what it tells about itself, as far as it does not change

	mind guard.Mind
	hint chan struct{}
}

const (
	every    = 5 * time.Second  // between two looks when nothing happens
	lookTime = 20 * time.Second // the longest that one look may take
	tryTime  = 90 * time.Second // the longest that an attempt may take, with its lease
	leaseFor = 2 * time.Minute  // longer than an attempt: nobody may come between
	longest  = 20 * time.Second // between two attempts to hear events
)

// Run guards until ctx ends.
func (g *Guard) Run(ctx context.Context) error {
	g.hint = make(chan struct{}, 1)
	g.State.Config, g.State.Began = g.Config.Text(), g.now()
	heard := make(chan struct{})
	go func() {
		defer close(heard)
		g.listen(ctx)
	}()
	for ctx.Err() == nil {
		g.turn(ctx)
		select {
		case <-ctx.Done():
		case <-g.hint:
		case <-g.Clock.After(every):
		}
	}
	<-heard
	return nil
}

// listen asks for a look whenever something happens to the container. What is
// missed, the next tick sees.
func (g *Guard) listen(ctx context.Context) {
	pause := time.Second
	for ctx.Err() == nil {
		err := g.Body.Hear(ctx, func() { pause = time.Second }, func(container string) {
			if container == g.Config.Container {
				select {
				case g.hint <- struct{}{}:
				default: // one is asked for already
				}
			}
		})
		if ctx.Err() != nil {
			return
		}
		g.Logger.Debug("Docker's events cannot be heard", "err", err)
		select {
		case <-ctx.Done():
		case <-g.Clock.After(pause):
		}
		pause = min(pause*3/2, longest)
	}
}

// turn is one look with what follows from it.
func (g *Guard) turn(ctx context.Context) {
	word, why := g.look(ctx)
	if ctx.Err() != nil {
		return // a look that was cut proves nothing
	}
	if word == guard.Attach {
		word, why = g.attempt(ctx)
	}
	if string(word) != g.State.Word {
		g.Logger.Info(string(word), "node", g.Config.Node, "why", why)
	}
	g.State.Word, g.State.Why, g.State.Looked = string(word), why, g.now()
	if err := g.Body.Tell(g.State); err != nil {
		g.Logger.Warn("what the guard does could not be written down", "err", err)
	}
}

func (g *Guard) look(ctx context.Context) (w guard.Word, why string) {
	ctx, cancel := context.WithTimeout(ctx, lookTime)
	defer cancel()
	s := g.Body.Look(ctx)
	g.mind, w, why = guard.Decide(g.Config, g.mind, s, g.now())
	return w, why
}

// attempt takes the region's lease, looks again, and attaches. Somebody else who
// holds the lease is at work here: then it is theirs, and the waiting begins anew.
func (g *Guard) attempt(ctx context.Context) (guard.Word, string) {
	ctx, cancel := context.WithTimeout(ctx, tryTime)
	defer cancel()
	lease, err := g.Leases.AcquireOn(ctx, g.Config.Place(), ops.Lease{
		Name: g.Config.Cluster + "/" + g.Config.Region, Holder: fmt.Sprintf("guard@%s#%d", g.Config.Node, g.State.PID),
		Reason: fmt.Sprintf("weave attach %s by the guard of %s", g.Config.Address, g.Config.Node), TTL: leaseFor,
	})
	var held *ops.Held
	switch {
	case errors.As(err, &held):
		g.mind.Missing = g.now()
		return guard.Waiting, held.Error()
	case err != nil: // nobody knows who is at work here
		return guard.Unseen, err.Error()
	}
	word, why := g.look(ctx)
	if word == guard.Attach {
		word, why = g.attach(ctx)
	}
	late, stop := context.WithTimeout(context.WithoutCancel(ctx), 15*time.Second)
	defer stop()
	if err := g.Leases.ReleaseOn(late, g.Config.Place(), lease); err != nil {
		g.Logger.Warn("the lease ends by itself", "err", err, "after", leaseFor.String())
	}
	return word, why
}

// attach is proven by a look: what weave answers is no proof.
func (g *Guard) attach(ctx context.Context) (guard.Word, string) {
	g.Logger.Info("giving the address back", "node", g.Config.Node, "address", g.Config.Address.String())
	failed := g.Body.Attach(ctx)
	g.mind = g.mind.Tried(g.now())
	word, why := g.look(ctx)
	at := g.now().UTC().Format("2006-01-02 15:04:05")
	if word == guard.Attached {
		g.State.Given++
		g.State.Last = at + " UTC: gave " + g.Config.Address.String() + " back"
		g.Logger.Info("gave the address back", "node", g.Config.Node)
		return word, why
	}
	if failed == nil {
		failed = errors.New("weave took the command, and the address is not there")
	}
	g.State.Last = at + " UTC: " + failed.Error()
	g.Logger.Warn("the address could not be given back", "node", g.Config.Node, "err", failed)
	return word, why
}

// now is the time without the reading of the monotonic clock, as files have it.
func (g *Guard) now() time.Time { return g.Clock.Now().Round(0).UTC() }
