package fleet

import (
	"context"
	"slices"
	"strings"

	"vmqbot/lab/world"
)

// made says how the broker's container of a host came to be.
type made int

const (
	otherwise made = iota // by hand, by a script, or not at all
	byLab                 // as world.BrokerRun creates it
	byBot                 // by the bot: its first process is the gate
)

// maker looks at the broker's container. Its image is compared by name.
func (l *Lab) maker(ctx context.Context, h world.Host) made {
	said, err := l.on(ctx, h, "docker", "inspect", "--format",
		`{{index .Config.Labels "vmqbot.gate"}} {{.Config.Image}} {{json .Config.Entrypoint}} {{json .Config.Cmd}} {{len .HostConfig.Binds}}`, h.Container())
	if err != nil {
		return otherwise
	}
	return makerIn(said)
}

func makerIn(said string) made {
	gate, rest, _ := strings.Cut(said, " ")
	switch {
	case gate == "1":
		return byBot
	case rest == world.BrokerImage+` null ["start_vernemq"] 3`:
		return byLab
	}
	return otherwise
}

// clearOut removes every container but weave's and, when it may stay, the
// broker's: kept old ones, prepared ones and throwaway ones go with the rest.
func (l *Lab) clearOut(ctx context.Context, h world.Host, keepBroker bool) error {
	list, err := l.on(ctx, h, "docker", "ps", "--all", "--format", "{{.Names}}")
	if err != nil {
		return err
	}
	for _, name := range strings.Fields(list) {
		if name == h.Container() && keepBroker || strings.HasPrefix(name, "weave") {
			continue
		}
		if _, err := l.on(ctx, h, "docker", "rm", "--force", name); err != nil {
			return err
		}
	}
	return nil
}

// rescue puts what a broker keeps in its container's own layer, as the oldest
// runbook's does, into the data folder, unless there is something already: a
// node that lost its data is a stranger to its own cluster for a while.
func (l *Lab) rescue(ctx context.Context, h world.Host) error {
	mounts, err := l.on(ctx, h, "docker", "inspect", "--format", "{{range .Mounts}}{{.Destination}} {{end}}", h.Container())
	if err != nil || slices.Contains(strings.Fields(mounts), dataInside) {
		return nil // no container, or nothing in it
	}
	if _, err := l.on(ctx, h, "mkdir", "-p", dataPath); err != nil {
		return err
	}
	if there, err := l.on(ctx, h, "ls", dataPath); err != nil || there != "" {
		return err
	}
	// One that does not run, or does not answer, has written what it has.
	_, _ = l.on(ctx, h, "docker", "exec", h.Container(), "vernemq", "stop")
	_, err = l.on(ctx, h, "docker", "cp", h.Container()+":"+dataInside+"/.", dataPath)
	return err
}

// unmount takes the small disks away that a script has put over the folders of
// a broker, to fill them.
func (l *Lab) unmount(ctx context.Context, h world.Host) error {
	for _, dir := range []string{confDir, logPath, dataPath} {
		if _, err := l.on(ctx, h, "mountpoint", "--quiet", dir); err != nil {
			continue
		}
		if _, err := l.on(ctx, h, "umount", "--lazy", dir); err != nil {
			return err
		}
	}
	return nil
}

// sweep deletes the files beside vernemq.conf: copies of older ones, and what
// the gate reads. A host that has no such directory yet is clean.
func (l *Lab) sweep(ctx context.Context, h world.Host, keep ...string) error {
	argv := []string{"find", confDir, "-mindepth", "1", "!", "-name", "vernemq.conf"}
	for _, name := range keep {
		argv = append(argv, "!", "-name", name)
	}
	if _, err := l.on(ctx, h, "mkdir", "-p", confDir); err != nil {
		return err
	}
	_, err := l.on(ctx, h, append(argv, "-delete")...)
	return err
}
