package fleet

import (
	"context"
	"fmt"
	"io"
	"strings"
	"time"

	"vmqbot/lab/world"
)

// Status prints one line per host and returns an error when the lab is not up.
// It changes nothing.
func (l *Lab) Status(ctx context.Context, out io.Writer) error {
	if !l.daemon.Running() {
		return notUp()
	}
	lines := make([]string, len(world.All()))
	group := func(ctx context.Context, h world.Host) error {
		for i, other := range world.All() {
			if other.Name == h.Name {
				lines[i] = l.describe(ctx, h)
			}
		}
		return nil
	}
	if err := each(ctx, world.All(), group); err != nil {
		return err
	}
	_, err := fmt.Fprintln(out, strings.Join(lines, "\n"))
	return err
}

func (l *Lab) describe(ctx context.Context, h world.Host) string {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	line := fmt.Sprintf("%-5s %s  host %s", h.Name, h.IP, orNone(l.hostState(ctx, h)))
	if !h.HasDocker() || l.hostState(ctx, h) != "running" {
		return line
	}
	state, err := l.containerState(ctx, h)
	if err != nil {
		return line + ", Docker does not answer"
	}
	bound, _ := l.bound(ctx, h)
	members, _ := l.members(ctx, h)
	running := 0
	for _, up := range members {
		if up {
			running++
		}
	}
	return fmt.Sprintf("%s, %s %s, 44053 bound %t, sees %d of %d members running",
		line, h.Container(), orNone(state), bound, running, len(members))
}

func orNone(state string) string {
	if state == "" {
		return "missing"
	}
	return state
}
