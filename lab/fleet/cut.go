package fleet

import (
	"context"
	"errors"
	"strconv"

	"vmqbot/lab/world"
)

// chain holds the rules of Cut and Lose, so that Mend knows which they are.
const chain = "LAB-CUT"

// Cut drops every packet between a host and another, in both directions, as a
// broken line does; both stay reachable from the machine.
func (l *Lab) Cut(ctx context.Context, h, peer world.Host) error {
	return l.drop(ctx, h, peer)
}

// Lose drops a share of the packets between two hosts, 0 to 1, in each
// direction.
func (l *Lab) Lose(ctx context.Context, h, peer world.Host, share float64) error {
	return l.drop(ctx, h, peer, "-m", "statistic", "--mode", "random", "--probability", strconv.FormatFloat(share, 'f', 4, 64))
}

// drop drops the packets between two hosts that a match picks; none is all.
func (l *Lab) drop(ctx context.Context, h, peer world.Host, match ...string) error {
	if !l.daemon.Running() {
		return notUp()
	}
	var steps [][]string
	if _, err := l.on(ctx, h, "iptables", "-n", "-L", chain); err != nil {
		steps = [][]string{{"-N", chain}, {"-I", "INPUT", "-j", chain}, {"-I", "OUTPUT", "-j", chain}}
	}
	for _, side := range []string{"-s", "-d"} {
		steps = append(steps, append(append([]string{"-A", chain, side, peer.IP}, match...), "-j", "DROP"))
	}
	for _, step := range steps {
		if _, err := l.on(ctx, h, append([]string{"iptables", "--wait"}, step...)...); err != nil {
			return err
		}
	}
	return nil
}

// Mend undoes what was done to a host: Cut, Lose, Delay, Disk, Fill, Refuse and
// Corrupt. A host without any is left alone.
func (l *Lab) Mend(ctx context.Context, h world.Host) error {
	if !l.daemon.Running() {
		return notUp()
	}
	var errs []error
	if _, err := l.on(ctx, h, "iptables", "-n", "-L", chain); err == nil {
		_, err := l.on(ctx, h, "iptables", "--wait", "-F", chain)
		errs = append(errs, err)
	}
	errs = append(errs, l.near(ctx, h), l.hostKeys(ctx, h))
	if h.HasDocker() {
		errs = append(errs, l.unmount(ctx, h), l.whole(ctx, h))
	}
	return errors.Join(errs...)
}
