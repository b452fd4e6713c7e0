package main

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strings"

	"vmqbot/lab/fleet"
	"vmqbot/lab/world"
)

// verbs are the words that need a lab.
var verbs = map[string]func(context.Context, *fleet.Lab, []string) error{
	"up": func(ctx context.Context, lab *fleet.Lab, args []string) error {
		if len(args) > 0 {
			return fmt.Errorf("lab up takes no arguments")
		}
		return lab.Up(ctx)
	},
	"down": func(ctx context.Context, lab *fleet.Lab, args []string) error {
		if len(args) > 0 {
			return fmt.Errorf("lab down takes no arguments")
		}
		return lab.Down(ctx)
	},
	"status": func(ctx context.Context, lab *fleet.Lab, args []string) error {
		if len(args) > 0 {
			return fmt.Errorf("lab status takes no arguments")
		}
		return lab.Status(ctx, os.Stdout)
	},
	"reset": func(ctx context.Context, lab *fleet.Lab, args []string) error {
		how, ok := map[string]fleet.How{"": fleet.Plain, "--hard": fleet.Hard, "--deployed": fleet.Deployed}[strings.Join(args, " ")]
		if !ok {
			return fmt.Errorf("lab reset takes --hard, --deployed or nothing")
		}
		return lab.Reset(ctx, how)
	},
	"empty": func(ctx context.Context, lab *fleet.Lab, args []string) error {
		hosts, err := regionHosts("lab empty", args)
		if err != nil {
			return err
		}
		return lab.Empty(ctx, hosts)
	},
	"runbook": func(ctx context.Context, lab *fleet.Lab, args []string) error {
		hosts, err := regionHosts("lab runbook", args)
		if err != nil {
			return err
		}
		return lab.Runbook(ctx, hosts)
	},
	"exec": func(_ context.Context, lab *fleet.Lab, args []string) error {
		// Only the first word: later ones are the program's.
		stdin := len(args) > 0 && args[0] == "-i"
		if stdin {
			args = args[1:]
		}
		if len(args) < 2 {
			return fmt.Errorf("type lab exec [-i] HOST PROGRAM and its arguments")
		}
		host, err := world.Find(args[0])
		if err != nil {
			return err
		}
		return lab.Exec(host, stdin, args[1:])
	},
	"host": func(ctx context.Context, lab *fleet.Lab, args []string) error {
		if len(args) != 2 {
			return fmt.Errorf("type lab host VERB HOST")
		}
		host, err := world.Find(args[1])
		if err != nil {
			return err
		}
		return lab.Host(ctx, args[0], host)
	},
	"cut":     cut,
	"lose":    lose,
	"delay":   delay,
	"disk":    disk,
	"fill":    fill,
	"refuse":  refuse,
	"corrupt": corrupt,
	"claim":   claim,
	"mend":    mend,
	"rekey": func(ctx context.Context, lab *fleet.Lab, args []string) error {
		restore, rest := word(args, "--restore")
		if len(rest) != 1 {
			return fmt.Errorf("type lab rekey HOST, or lab rekey HOST --restore")
		}
		host, err := world.Find(rest[0])
		if err != nil {
			return err
		}
		if restore {
			return lab.Restore(ctx, host)
		}
		return lab.Rekey(ctx, host)
	},
}

// regionHosts are the region hosts that were named, or all of them.
func regionHosts(verb string, args []string) ([]world.Host, error) {
	if len(args) == 1 && args[0] == "all" {
		return world.Regions(), nil
	}
	if len(args) == 0 {
		return nil, fmt.Errorf("type %s HOST... or %[1]s all", verb)
	}
	var hosts []world.Host
	for _, name := range args {
		h, err := world.Find(name)
		if err != nil {
			return nil, err
		}
		if !h.HasDocker() {
			return nil, fmt.Errorf("%s has no broker; type one of cn, sg, us, eu", name)
		}
		if !slices.Contains(hosts, h) {
			hosts = append(hosts, h)
		}
	}
	return hosts, nil
}

// word takes one word out of args and says whether it was there.
func word(args []string, name string) (found bool, rest []string) {
	for _, arg := range args {
		if arg == name {
			found = true
		} else {
			rest = append(rest, arg)
		}
	}
	return found, rest
}
