package fleet

import (
	"context"
	"errors"
	"strconv"
	"time"

	"vmqbot/lab/world"
)

// farChain holds the rules of Delay.
const farChain = "LAB-FAR"

// Delay makes the way to another host long: every packet to it waits for both
// ways, so that one host has to be mended and not two. A process in the host's
// network holds the packets (package far).
func (l *Lab) Delay(ctx context.Context, h, peer world.Host, oneWay time.Duration) error {
	if !l.daemon.Running() {
		return notUp()
	}
	queue := strconv.Itoa(peer.Index + 1) // the jump host's index is 0
	if err := l.far(h, peer).end(); err != nil {
		return err
	}
	if err := l.start(ctx, h, l.far(h, peer), "far", "--queue", queue, "--late", (2 * oneWay).String()); err != nil {
		return err
	}
	rule := []string{farChain, "-d", peer.IP, "-j", "NFQUEUE", "--queue-num", queue, "--queue-bypass"} // were the process to die, the line would be short and not cut
	var steps [][]string
	if _, err := l.on(ctx, h, "iptables", "-n", "-L", farChain); err != nil {
		steps = [][]string{{"-N", farChain}, {"-A", "OUTPUT", "-j", farChain}}
	}
	if _, err := l.on(ctx, h, append([]string{"iptables", "--wait", "-C"}, rule...)...); err != nil {
		steps = append(steps, append([]string{"-A"}, rule...))
	}
	for _, step := range steps {
		if _, err := l.on(ctx, h, append([]string{"iptables", "--wait"}, step...)...); err != nil {
			return errors.Join(err, l.near(ctx, h))
		}
	}
	return nil
}

// near undoes every Delay of the host.
func (l *Lab) near(ctx context.Context, h world.Host) error {
	var errs []error
	if _, err := l.on(ctx, h, "iptables", "-n", "-L", farChain); err == nil {
		_, err := l.on(ctx, h, "iptables", "--wait", "-F", farChain)
		errs = append(errs, err)
	}
	for _, peer := range world.All() {
		errs = append(errs, l.far(h, peer).end())
	}
	return errors.Join(errs...)
}

// far is the process that holds the packets of one way.
func (l *Lab) far(h, peer world.Host) helper {
	return helper{file: l.state("far-" + h.Name + "-" + peer.Name + ".pid"), mark: "\x00far\x00--queue\x00"}
}
