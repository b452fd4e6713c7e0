package outer

import (
	"context"
	"errors"
	"os"
	"strings"

	"vmqbot/lab/command"
	"vmqbot/lab/world"
)

const (
	namespace = "vmqlab"
	inside    = "uplink"  // the veth's end in the namespace
	outside   = "vmqlab0" // the veth's end on the machine
	bridge    = "labbr0"
)

// ensureNamespace makes the network namespace and the veth pair into it.
func (d Daemon) ensureNamespace(ctx context.Context) error {
	if _, err := os.Stat("/run/netns/" + namespace); err != nil {
		if _, err := command.Run(ctx, "ip", "netns", "add", namespace); err != nil {
			return err
		}
	}
	if _, err := os.Stat("/sys/class/net/" + outside); err == nil {
		return nil
	}
	for _, line := range []string{
		"-n " + namespace + " link set lo up",
		"link add " + outside + " type veth peer name " + inside + " netns " + namespace,
		"addr add " + world.Machine + " dev " + outside,
		"link set " + outside + " up",
		"-n " + namespace + " link set " + inside + " up",
	} {
		if _, err := command.Run(ctx, append([]string{"ip"}, strings.Fields(line)...)...); err != nil {
			return err
		}
	}
	return nil
}

// Left says whether a namespace is there, although the daemon may be dead.
func (d Daemon) Left() bool {
	_, err := os.Stat("/run/netns/" + namespace)
	return err == nil
}

// Network makes the hosts' network, if it is not there, and plugs the machine in.
func (d Daemon) Network(ctx context.Context) error {
	if _, err := d.Docker(ctx, "network", "inspect", world.OuterNet); err != nil {
		_, err := d.Docker(ctx, "network", "create", "--subnet", world.Subnet, "--gateway", world.Gateway,
			"--opt", "com.docker.network.bridge.name="+bridge, world.OuterNet)
		if err != nil {
			return err
		}
	}
	_, err := command.Run(ctx, "ip", "-n", namespace, "link", "set", inside, "master", bridge)
	return err
}

// Unplug deletes the namespace and the veth pair, if they are there.
func (d Daemon) Unplug(ctx context.Context) error {
	var errs []error
	if _, err := os.Stat("/sys/class/net/" + outside); err == nil {
		_, err := command.Run(ctx, "ip", "link", "del", outside)
		errs = append(errs, err)
	}
	if _, err := os.Stat("/run/netns/" + namespace); err == nil {
		_, err := command.Run(ctx, "ip", "netns", "del", namespace)
		errs = append(errs, err)
	}
	return errors.Join(errs...)
}
