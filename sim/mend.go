package sim

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"

	"vmqbot/lab/world"
)

// write puts a file on the host.
func (h *host) write(path, text string) error { return h.writeAs(path, 0o644, text) }

func (h *host) writeAs(path string, mode os.FileMode, text string) error {
	at := h.root.Real(path)
	if err := os.MkdirAll(filepath.Dir(at), 0o755); err != nil {
		return err
	}
	return os.WriteFile(at, []byte(text), mode)
}

// clear removes what is in a folder of the host, not the folder; it makes one
// that is gone.
func (h *host) clear(dir string) error {
	at := h.root.Real(dir)
	if err := os.MkdirAll(at, 0o755); err != nil {
		return err
	}
	entries, err := os.ReadDir(at)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if err := os.RemoveAll(filepath.Join(at, e.Name())); err != nil {
			return err
		}
	}
	return nil
}

// clearOut removes the broker's containers: also those that were kept or
// prepared beside it.
func (h *host) clearOut(ctx context.Context) error {
	for _, c := range h.engine.All() {
		if strings.HasPrefix(c.Name(), h.site.Container) || strings.HasPrefix(c.Name(), "vmqbot-") {
			if err := h.do(ctx, "docker", "rm", "--force", "--volumes", c.ID()); err != nil {
				return err
			}
		}
	}
	return nil
}

// empty takes the brokers away, with everything beside them.
func empty(ctx context.Context, f *Fleet, _ Streams, args []string) (int, error) {
	return 0, f.alone(ctx, args, func(ctx context.Context, h *host) error {
		if err := h.clearOut(ctx); err != nil {
			return err
		}
		for _, dir := range []string{world.ConfDir, world.LogDir, world.DataDir} {
			if err := h.clear(dir); err != nil {
				return err
			}
		}
		return nil
	})
}

// runbook makes the brokers as the oldest runbook did: a shell at a terminal is
// the first process, nobody starts it again, what the broker remembers is in
// the container's own layer. What they knew moves there.
func runbook(ctx context.Context, f *Fleet, _ Streams, args []string) (int, error) {
	return 0, f.alone(ctx, args, f.byRunbook, func() error {
		var there []*host
		for _, h := range f.regions() {
			if c, ok := h.engine.Find(h.site.Container); ok && c.Running() {
				there = append(there, h)
			}
		}
		return f.cluster(ctx, there)
	})
}

// alone does something on the hosts that are named, all at once, and then what
// follows; no other verb of its kind runs meanwhile.
func (f *Fleet) alone(ctx context.Context, args []string, do func(context.Context, *host) error, then ...func() error) error {
	hosts, err := f.some(args)
	if err != nil {
		return err
	}
	f.busy.Lock()
	defer f.busy.Unlock()
	if err := each(ctx, hosts, do); err != nil {
		return err
	}
	for _, next := range then {
		if err := next(); err != nil {
			return err
		}
	}
	return nil
}

func (f *Fleet) byRunbook(ctx context.Context, h *host) error {
	if c, ok := h.engine.Find(h.site.Container); ok && c.Running() {
		if err := h.do(ctx, "docker", "stop", h.site.Container); err != nil {
			return err
		}
	}
	if err := h.clearOut(ctx); err != nil {
		return err
	}
	if err := h.writeConf(); err != nil {
		return err
	}
	for _, argv := range [][]string{
		{"docker", "run", "-dit", "--name", h.site.Container,
			"--publish", "1883:1883", "--publish", "1889:1889", "--publish", "1900:1900", "--publish", "44053:44053",
			"--volume", world.ConfDir + ":/etc/vernemq", "--volume", world.LogDir + ":/var/log/vernemq", world.BrokerImage, "sh"},
		{"docker", "cp", world.DataDir + "/.", h.site.Container + ":/var/lib/vernemq"},
		{"rm", "-r", world.DataDir},
		attachArgs(h.site),
		{"docker", "exec", h.site.Container, "vernemq", "start"},
	} {
		if err := h.do(ctx, argv...); err != nil {
			return err
		}
	}
	return f.bind(ctx, h)
}

// reset makes everything as it was after the start: the machines boot anew and
// the brokers begin empty.
func reset(ctx context.Context, f *Fleet, s Streams, _ []string) (int, error) {
	f.busy.Lock()
	defer f.busy.Unlock()
	f.wan.edit(func(w *wan) {
		clear(w.out)
		clear(w.cuts)
		clear(w.delays)
		clear(w.loss)
	})
	err := each(ctx, f.hosts, func(ctx context.Context, h *host) error {
		h.mu.Lock()
		h.shown = h.key
		h.mu.Unlock()
		h.whole()
		h.halt(false)
		if err := h.boot(ctx); err != nil || h.engine == nil {
			return err
		}
		if err := h.clearOut(ctx); err != nil {
			return err
		}
		for _, dir := range []string{world.ConfDir, world.LogDir, world.DataDir} {
			if err := h.clear(dir); err != nil {
				return err
			}
		}
		return errors.Join(h.writeWeave(), os.RemoveAll(h.root.Real("/etc/docker")), os.RemoveAll(h.root.Real("/var/lib/vmqbot")))
	})
	if err != nil || f.o.Bare {
		return 0, err
	}
	return 0, f.heal(ctx)
}
