package fleet

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"syscall"

	"vmqbot/lab/world"
)

// hostVerbs are what the outer Docker may do to a host.
var hostVerbs = []string{"stop", "start", "restart", "pause", "unpause", "kill"}

// Host does verb to a host: stop and restart are an orderly shutdown, kill is
// the power cord, pause freezes it. It returns when Docker has done it, not
// when the host answers again.
func (l *Lab) Host(ctx context.Context, verb string, h world.Host) error {
	if !slices.Contains(hostVerbs, verb) {
		return fmt.Errorf("lab host cannot %q; type one of %s", verb, strings.Join(hostVerbs, ", "))
	}
	if !l.daemon.Running() {
		return notUp()
	}
	_, err := l.daemon.Docker(ctx, verb, world.Prefix+h.Name)
	return err
}

// Exec becomes argv on a host, as root: same output, same exit status, and
// with stdin the same input. It returns only when that cannot be done.
func (l *Lab) Exec(h world.Host, stdin bool, argv []string) error {
	if !l.daemon.Running() {
		return notUp()
	}
	if len(argv) == 0 {
		return errors.New("nothing to run; type lab exec HOST PROGRAM and its arguments")
	}
	line := l.daemon.Argv(world.Prefix+h.Name, stdin, argv)
	return syscall.Exec(line[0], line, os.Environ())
}
