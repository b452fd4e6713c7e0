package fleet

import (
	"context"
	"errors"
	"os"
	"strings"

	"golang.org/x/sync/errgroup"

	"vmqbot/lab/walls"
	"vmqbot/lab/world"
)

// Down removes everything that Up made except the cache, and is content when
// there is nothing to remove.
func (l *Lab) Down(ctx context.Context) error {
	release, err := l.lock()
	if err != nil {
		return err
	}
	defer release()
	if l.daemon.Left() {
		if err := l.clear(ctx); err != nil {
			return err
		}
	}
	if err := errors.Join(l.daemon.Stop(ctx), l.daemon.Unplug(ctx)); err != nil {
		return err
	}
	err = errors.Join(os.RemoveAll(l.Places.Hosts), os.RemoveAll(l.Places.Run),
		os.RemoveAll(l.Places.State), os.RemoveAll(l.Places.FleetFile()))
	l.said("the lab is down")
	return err
}

// clear removes the hosts. An outer Docker that died over them, or that hangs,
// is started again: only it can take them away.
func (l *Lab) clear(ctx context.Context) error {
	if l.daemon.Running() {
		err := l.removeHosts(ctx)
		if err == nil || ctx.Err() != nil {
			return err
		}
		l.said("the outer Docker does not do its work (%v); starting it again", err)
		if err := l.daemon.Stop(ctx); err != nil {
			return err
		}
	}
	var err error
	if l.walls, err = walls.Find(ctx); err != nil {
		return err
	}
	l.daemon.Flags = l.builder().RuntimeFlags()
	if err := l.daemon.Start(ctx); err != nil {
		return err
	}
	return l.removeHosts(ctx)
}

// removeHosts removes every container of the outer Docker that is the lab's.
func (l *Lab) removeHosts(ctx context.Context) error {
	list, err := l.daemon.Docker(ctx, "ps", "--all", "--format", "{{.Names}}", "--filter", "name=^/"+world.Prefix)
	if err != nil {
		return err
	}
	var group errgroup.Group
	for _, name := range strings.Fields(list) {
		group.Go(func() error { return l.remove(ctx, name) })
	}
	return group.Wait()
}

// remove removes one container of the outer Docker, if it is there.
func (l *Lab) remove(ctx context.Context, name string) error {
	// Its inner Docker's processes must run to die.
	if state, _ := l.daemon.Docker(ctx, "inspect", "--format", "{{.State.Paused}}", name); state == "true" {
		if _, err := l.daemon.Docker(ctx, "unpause", name); err != nil {
			return err
		}
	}
	_, err := l.daemon.Docker(ctx, "rm", "--force", "--volumes", name)
	return err
}
