package fleet

import (
	"context"
	"fmt"

	"vmqbot/lab/world"
)

// Empty takes the brokers of the hosts away, with everything that was kept or
// prepared beside them, and the content of the three volume folders: hosts
// with Docker and weave, and nothing else. Members elsewhere keep the node in
// their views; Reset makes the fleet whole again.
func (l *Lab) Empty(ctx context.Context, hosts []world.Host) error {
	return l.locked(func() error {
		return each(ctx, hosts, func(ctx context.Context, h world.Host) error {
			if err := l.clearOut(ctx, h, false); err != nil {
				return err
			}
			if _, err := l.on(ctx, h, "mkdir", "-p", confDir, logPath, dataPath); err != nil {
				return err
			}
			_, err := l.on(ctx, h, "find", confDir, logPath, dataPath, "-mindepth", "1", "-delete")
			return err
		})
	})
}

// locked does something to a lab that is up, alone.
func (l *Lab) locked(do func() error) error {
	release, err := l.lock()
	if err != nil {
		return err
	}
	defer release()
	if !l.daemon.Running() {
		return notUp()
	}
	return do()
}

// Runbook makes the brokers of the hosts again as the oldest runbook made
// them. What they knew, membership and messages, moves from the data folder
// into the container's layer; a host that had nothing joins the others.
func (l *Lab) Runbook(ctx context.Context, hosts []world.Host) error {
	return l.locked(func() error {
		if err := each(ctx, hosts, l.byRunbook); err != nil {
			return err
		}
		var there []world.Host
		for _, h := range world.Regions() {
			state, err := l.containerState(ctx, h)
			if err != nil {
				return err
			}
			if state == "running" {
				there = append(there, h)
			}
		}
		return l.cluster(ctx, there)
	})
}

func (l *Lab) byRunbook(ctx context.Context, h world.Host) error {
	if err := l.unmount(ctx, h); err != nil {
		return err
	}
	if err := l.rescue(ctx, h); err != nil {
		return err
	}
	if state, err := l.containerState(ctx, h); err != nil {
		return err
	} else if state == "running" {
		if _, err := l.on(ctx, h, "docker", "stop", h.Container()); err != nil {
			return err
		}
	}
	if err := l.clearOut(ctx, h, false); err != nil {
		return err
	}
	if err := l.sweep(ctx, h); err != nil {
		return err
	}
	if err := l.configure(ctx, h, ""); err != nil {
		return err
	}
	for _, argv := range [][]string{
		append([]string{"docker"}, world.OldRun(h, world.BrokerImage)...),
		{"mkdir", "-p", dataPath},
		{"docker", "cp", dataPath + "/.", h.Container() + ":" + dataInside},
		{"rm", "-r", dataPath},
		world.Attach(h),
		{"docker", "exec", h.Container(), "vernemq", "start"},
	} {
		if _, err := l.on(ctx, h, argv...); err != nil {
			return err
		}
	}
	return until(ctx, startLimit, h.Node()+" has its cluster port", func(ctx context.Context) error {
		bound, err := l.bound(ctx, h)
		if err == nil && !bound {
			err = fmt.Errorf("%s:%d is not bound", h.Address(), clusterPort)
		}
		return err
	})
}
