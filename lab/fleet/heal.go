package fleet

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"time"

	"vmqbot/lab/world"
)

// How says what a Reset accepts.
type How int

// Plain wants every broker as the lab creates it; Deployed accepts a container
// with the bot's gate that serves; Hard makes the hosts anew.
const (
	Plain How = iota
	Deployed
	Hard
)

// Reset brings a fleet back that scripts have broken, as fast as it can: hosts
// awake with their own keys, weave up, brokers as created, addresses attached,
// cluster ports bound, one cluster of four.
func (l *Lab) Reset(ctx context.Context, how How) error {
	release, err := l.lock()
	if err != nil {
		return err
	}
	defer release()
	if !l.daemon.Running() {
		return notUp()
	}
	l.how = how
	if how == Hard {
		if err := l.removeHosts(ctx); err != nil {
			return err
		}
		release()
		return l.Up(ctx)
	}
	if err := l.rewrite(ctx); err != nil {
		return err
	}
	return l.heal(ctx)
}

func notUp() error {
	return fmt.Errorf("the lab is not up; bring it up first: make lab-up, or go run ./lab/cmd/lab up")
}

// heal does what is missing, all hosts at once, then joins the nodes.
func (l *Lab) heal(ctx context.Context) error {
	if err := each(ctx, world.All(), l.host); err != nil {
		return err
	}
	if err := l.cluster(ctx, world.Regions()); err != nil {
		// A cluster that does not become whole by joining holds members or
		// data of something else; the brokers start again empty.
		l.said("the cluster is not whole (%v); emptying the brokers", err)
		if err := each(ctx, world.Regions(), l.forget); err != nil {
			return err
		}
		if err := each(ctx, world.Regions(), l.broker); err != nil {
			return err
		}
		if err := l.cluster(ctx, world.Regions()); err != nil {
			return err
		}
	}
	l.said("every node sees four running nodes and dials the other three")
	fmt.Fprintf(l.Log, "ready in %.1f s\n", time.Since(l.begun).Seconds())
	return nil
}

// host brings one host to where it takes part in the fleet.
func (l *Lab) host(ctx context.Context, h world.Host) error {
	if err := l.awake(ctx, h); err != nil {
		return err
	}
	l.said("%-4s answers", h.Name)
	if !h.HasDocker() {
		return nil
	}
	if err := l.strangerAddresses(ctx, h); err != nil {
		return err
	}
	if err := l.weave(ctx, h); err != nil {
		return err
	}
	l.said("%-4s runs weave", h.Name)
	if err := l.broker(ctx, h); err != nil {
		return err
	}
	l.said("%-4s has its broker, address and cluster port", h.Name)
	return nil
}

// strangerAddresses takes away what a script that failed left on the host's interface:
// the address of a network that is in the way of Docker's.
func (l *Lab) strangerAddresses(ctx context.Context, h world.Host) error {
	said, err := l.on(ctx, h, "ip", "-4", "-o", "addr", "show", "dev", "eth0")
	if err != nil {
		return err
	}
	for _, m := range interfaceAddress.FindAllStringSubmatch(said, -1) {
		if m[2] == h.IP {
			continue
		}
		if _, err := l.on(ctx, h, "ip", "addr", "del", m[1], "dev", "eth0"); err != nil {
			return err
		}
	}
	return nil
}

var interfaceAddress = regexp.MustCompile(` inet ((\S+)/\d+) `)

// weave launches Weave Net with all peers, unless its router answers.
func (l *Lab) weave(ctx context.Context, h world.Host) error {
	if _, err := l.on(ctx, h, "curl", "--silent", "--fail", "--max-time", "3", "http://127.0.0.1:6784/status"); err == nil {
		return l.reconnect(ctx, h)
	}
	if _, err := l.on(ctx, h, "docker", "rm", "--force", "weave"); err != nil {
		return err
	}
	_, err := l.on(ctx, h, world.WeaveLaunch(h)...)
	return err
}

// reconnect gives a running router the peers that a script made it forget.
func (l *Lab) reconnect(ctx context.Context, h world.Host) error {
	launch := world.WeaveLaunch(h)
	peers := launch[slices.Index(launch, "--no-dns")+1:]
	argv := []string{"curl", "--silent", "--fail", "--max-time", "5", "--output", "/dev/null"}
	for _, peer := range peers {
		argv = append(argv, "--data", "peer="+peer)
	}
	_, err := l.on(ctx, h, append(argv, "http://127.0.0.1:6784/connect")...)
	return err
}
