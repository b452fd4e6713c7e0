package main

import (
	"context"
	"fmt"
	"time"

	"vmqbot/lab/fleet"
	"vmqbot/lab/world"
)

// line finds the two hosts of a verb that takes them and n words more.
func line(usage string, args []string, n int) (host, peer world.Host, err error) {
	if len(args) != 2+n {
		return host, peer, fmt.Errorf("type lab %s", usage)
	}
	if host, err = world.Find(args[0]); err != nil {
		return host, peer, err
	}
	peer, err = world.Find(args[1])
	return host, peer, err
}

// one finds the host of a verb that takes it and n words more.
func one(usage string, args []string, n int) (world.Host, error) {
	if len(args) != 1+n {
		return world.Host{}, fmt.Errorf("type lab %s", usage)
	}
	return world.Find(args[0])
}

// broker is one for a verb of the hosts that have a broker.
func broker(usage string, args []string, n int) (world.Host, error) {
	h, err := one(usage, args, n)
	if err == nil && !h.HasDocker() {
		err = fmt.Errorf("%s has no broker; type one of cn, sg, us, eu", h.Name)
	}
	return h, err
}

func cut(ctx context.Context, lab *fleet.Lab, args []string) error {
	host, peer, err := line("cut HOST PEER", args, 0)
	if err != nil {
		return err
	}
	return lab.Cut(ctx, host, peer)
}

func lose(ctx context.Context, lab *fleet.Lab, args []string) error {
	host, peer, err := line("lose HOST PEER PERCENT", args, 1)
	if err != nil {
		return err
	}
	share, err := parseShare(args[2] + "%")
	if err != nil {
		return err
	}
	return lab.Lose(ctx, host, peer, share)
}

func delay(ctx context.Context, lab *fleet.Lab, args []string) error {
	host, peer, err := line("delay HOST PEER TIME", args, 1)
	if err != nil {
		return err
	}
	d, err := time.ParseDuration(args[2])
	if err != nil || d < 0 {
		return fmt.Errorf("%q is no time; type one like 100ms", args[2])
	}
	return lab.Delay(ctx, host, peer, d)
}

func disk(ctx context.Context, lab *fleet.Lab, args []string) error {
	host, err := broker("disk HOST FOLDER SIZE|full", args, 2)
	if err != nil {
		return err
	}
	return lab.Disk(ctx, host, args[1], args[2])
}

func fill(ctx context.Context, lab *fleet.Lab, args []string) error {
	host, err := broker("fill HOST", args, 0)
	if err != nil {
		return err
	}
	return lab.Fill(ctx, host)
}

func refuse(ctx context.Context, lab *fleet.Lab, args []string) error {
	host, err := one("refuse HOST", args, 0)
	if err != nil {
		return err
	}
	return lab.Refuse(ctx, host)
}

func corrupt(ctx context.Context, lab *fleet.Lab, args []string) error {
	host, err := broker("corrupt HOST weave|vmq-admin", args, 1)
	if err != nil {
		return err
	}
	return lab.Corrupt(ctx, host, args[1])
}

func claim(ctx context.Context, lab *fleet.Lab, args []string) error {
	host, err := broker("claim HOST", args, 0)
	if err != nil {
		return err
	}
	return lab.Claim(ctx, host)
}

func mend(ctx context.Context, lab *fleet.Lab, args []string) error {
	host, err := one("mend HOST", args, 0)
	if err != nil {
		return err
	}
	return lab.Mend(ctx, host)
}
