package fleet

import (
	"context"

	"vmqbot/lab/world"
)

// chain holds the rules of Cut, so that Mend knows which they are.
const chain = "LAB-CUT"

// Cut drops every packet between a host and another, in both directions, as a
// broken line does; both stay reachable from the machine.
func (l *Lab) Cut(ctx context.Context, h, peer world.Host) error {
	if !l.daemon.Running() {
		return notUp()
	}
	steps := [][]string{{"-A", chain, "-s", peer.IP, "-j", "DROP"}, {"-A", chain, "-d", peer.IP, "-j", "DROP"}}
	if _, err := l.on(ctx, h, "iptables", "-n", "-L", chain); err != nil {
		steps = append([][]string{{"-N", chain}, {"-I", "INPUT", "-j", chain}, {"-I", "OUTPUT", "-j", chain}}, steps...)
	}
	for _, step := range steps {
		if _, err := l.on(ctx, h, append([]string{"iptables", "--wait"}, step...)...); err != nil {
			return err
		}
	}
	return nil
}

// Mend undoes every Cut of the host. A host without any is left alone.
func (l *Lab) Mend(ctx context.Context, h world.Host) error {
	if !l.daemon.Running() {
		return notUp()
	}
	if _, err := l.on(ctx, h, "iptables", "-n", "-L", chain); err != nil {
		return nil
	}
	_, err := l.on(ctx, h, "iptables", "--wait", "-F", chain)
	return err
}
