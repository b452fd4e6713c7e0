package fleet

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

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

// Delay makes the way to another host long: every packet to it waits for both
// ways, so that one host has to be mended and not two. It needs netem in the
// kernel; where that is missing `lab wan` makes single TCP connections long.
func (l *Lab) Delay(ctx context.Context, h, peer world.Host, oneWay time.Duration) error {
	if !l.daemon.Running() {
		return notUp()
	}
	if said, err := l.on(ctx, h, "tc", "qdisc", "show", "dev", "eth0"); err != nil || !strings.Contains(said, "qdisc prio 1:") {
		// Three bands as the kernel has them anyway, and one for each peer.
		if _, err := l.on(ctx, h, "tc", "qdisc", "add", "dev", "eth0", "root", "handle", "1:", "prio", "bands", "8"); err != nil {
			return noNetem(err)
		}
	}
	band := peer.Index + 4 // the jump host's index is 0
	class, handle := fmt.Sprintf("1:%d", band), fmt.Sprintf("%d0:", band)
	for _, argv := range [][]string{
		{"tc", "qdisc", "replace", "dev", "eth0", "parent", class, "handle", handle, "netem", "delay", (2 * oneWay).String()},
		{"tc", "filter", "replace", "dev", "eth0", "protocol", "ip", "parent", "1:", "prio", strconv.Itoa(band), "u32", "match", "ip", "dst", peer.IP, "flowid", class},
	} {
		if _, err := l.on(ctx, h, argv...); err != nil {
			return errors.Join(noNetem(err), l.near(ctx, h))
		}
	}
	return nil
}

func noNetem(err error) error {
	return fmt.Errorf("this kernel makes no line long (it needs sch_prio, sch_netem and cls_u32); use lab wan for single TCP connections: %w", err)
}

// near undoes every Delay of the host.
func (l *Lab) near(ctx context.Context, h world.Host) error {
	if said, err := l.on(ctx, h, "tc", "qdisc", "show", "dev", "eth0"); err != nil || !strings.Contains(said, "qdisc prio 1:") {
		return nil
	}
	_, err := l.on(ctx, h, "tc", "qdisc", "del", "dev", "eth0", "root")
	return err
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
