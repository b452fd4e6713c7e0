package look

import (
	"context"
	"sync"
	"time"

	"vmqbot/facts"
	"vmqbot/regions"
)

// view is one node of one look.
type view struct {
	*seat
	node regions.Node
	seen *facts.Node
}

// node reads everything that is asked of one node, in one burst; only what
// needs to know the container's process or state follows.
func (l *Looker) node(ctx context.Context, r *round, i int) {
	limit := l.opt.Base
	if r.need.Broker != 0 || r.need.Pings || r.need.Vitals || r.need.Counters || r.need.LogLines > 0 || r.need.Ground || r.need.Guard || r.need.Machine || r.need.Library || r.need.Setup {
		limit = l.opt.Broker
	}
	if r.need.Admin != "" {
		limit = l.opt.Admin
	}
	v := view{seat: l.seat(r.nodes[i]), node: r.nodes[i], seen: &r.seen[i]}
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	var more sync.WaitGroup
	var certs map[string]facts.Seen[facts.Cert]
	if r.need.Broker != 0 {
		more.Go(func() { v.seen.Broker = v.broker(ctx, r.need.Broker) })
	}
	if r.need.Images {
		more.Go(func() { v.seen.Images = saw(v.docker.Images(ctx)) })
	}
	if r.need.LogLines > 0 {
		more.Go(func() { v.seen.Log = saw(v.docker.Logs(ctx, v.node.Container, r.need.LogLines)) })
	}
	if r.need.Ground {
		more.Go(func() { v.seen.Ground = v.ground(ctx, r.need, r.base[i]) })
	}
	if r.need.LogLines > 0 && r.need.LogFiles {
		more.Go(func() { v.seen.LogFiles = v.logged(ctx, r.need.LogLines) })
	}
	if r.need.Admin != "" {
		more.Go(func() { v.seen.Said = v.said(ctx, r.need.Admin) })
	}
	if r.need.Machine {
		more.Go(func() { v.seen.Machine = v.machineOf(ctx) })
	}
	if r.need.Library {
		more.Go(func() { v.seen.Library = v.library(ctx, r.base[i]) })
	}
	if r.need.Setup {
		more.Go(func() { v.seen.Setup = v.setup(ctx) })
	}
	if r.need.Guard {
		more.Go(func() { v.seen.Guard = v.guard(ctx) })
	}
	if r.need.Vitals || r.need.Counters || r.need.Pings {
		more.Go(func() { v.inside(ctx, r, i) })
	}
	disks := v.base(ctx, l.opt.Base, r.need.Vitals)
	close(r.base[i])
	if r.need.Vitals {
		more.Go(func() { certs = v.certs(ctx) })
	}
	more.Wait()
	if r.need.Broker != 0 {
		v.stopped()
	}
	if r.need.Vitals {
		v.join(disks, certs)
	}
}

// stopped says the one reason behind five failures: what runs in no container
// answers nothing.
func (v view) stopped() {
	if c, ok := v.seen.Container.Get(); !ok {
		v.seen.Broker = facts.Missed[facts.Broker](v.seen.Container.Blind(), v.seen.Container.Why())
	} else if !c.Running {
		v.seen.Broker = facts.Missed[facts.Broker](facts.Down, "the container "+c.Name+" on "+v.name+" is "+c.State+", so the broker in it cannot run.")
	}
}

// base reads the facts that every look brings, and the disks when they are
// wanted.
func (v view) base(ctx context.Context, limit time.Duration, disks bool) facts.Seen[map[string]facts.Disk] {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	var (
		all     sync.WaitGroup
		table   tables
		readErr error
		guess   = v.pid(v.node.Container)
		folders []string
	)
	all.Go(func() { v.seen.Docker = v.dockerd(ctx) })
	all.Go(func() { v.seen.Container = saw(v.docker.Container(ctx, v.node.Container)) })
	all.Go(func() { v.seen.Weave = v.report(ctx) })
	all.Go(func() {
		if disks {
			folders = v.folders(ctx)
		}
		table, readErr = v.reader.read(ctx, guess, folders...)
	})
	var host facts.Host
	var pingErr error
	all.Go(func() { host.RTT, host.Fresh, pingErr = v.host.Ping(ctx) })
	all.Wait()
	v.status()
	v.seen.Host = v.machine(host, pingErr, table, readErr)
	v.seen.Netns = v.netns(ctx, guess, table, readErr)
	if readErr != nil {
		return missed[map[string]facts.Disk](readErr)
	}
	return table.disks
}

// status takes the words of `docker ps` over, which only the list has.
func (v view) status() {
	d, _ := v.seen.Docker.Get()
	c, ok := v.seen.Container.Get()
	for _, listed := range d.Containers {
		if ok && listed.ID == c.ID {
			c.Status = listed.Status
			v.seen.Container = facts.Saw(c)
		}
	}
}

func (v view) machine(h facts.Host, pingErr error, t tables, readErr error) facts.Seen[facts.Host] {
	if pingErr != nil {
		return missed[facts.Host](pingErr)
	}
	if readErr != nil {
		return missed[facts.Host](readErr)
	}
	h.Clock, h.StaleVeths = t.clock, t.stale
	return facts.Saw(h)
}

// netns parses the tables that were read on the guess that the container
// still has the process it had, or reads those of the process that it has.
func (v view) netns(ctx context.Context, guess int, t tables, readErr error) facts.Seen[facts.Netns] {
	c, ok := v.seen.Container.Get()
	switch {
	case !ok:
		return facts.Missed[facts.Netns](v.seen.Container.Blind(), v.seen.Container.Why())
	case !c.Running || c.PID == 0:
		v.remember(v.node.Container, 0)
		return facts.Missed[facts.Netns](facts.Down, "the container "+v.node.Container+" on "+v.name+" is "+c.State+", so it has no network.")
	case c.PID != guess:
		v.remember(v.node.Container, c.PID)
		t, readErr = v.reader.read(ctx, c.PID)
	}
	if readErr != nil {
		return missed[facts.Netns](readErr)
	}
	return t.netns(v.name, c.PID)
}

// dockerd reads the engine's version and the list of all containers.
func (v view) dockerd(ctx context.Context) facts.Seen[facts.Docker] {
	var (
		d       facts.Docker
		all     sync.WaitGroup
		verErr  error
		listErr error
	)
	all.Go(func() { d.Version, d.APIVersion, verErr = v.docker.Version(ctx) })
	all.Go(func() { d.Containers, listErr = v.docker.Containers(ctx) })
	all.Wait()
	if listErr != nil {
		return missed[facts.Docker](listErr)
	}
	return saw(d, verErr)
}
