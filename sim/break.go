package sim

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/crypto/ssh"

	"vmqbot/sim/kernel"
	"vmqbot/sim/sshd"
)

// power does to a host what its words say.
func power(ctx context.Context, f *Fleet, _ Streams, args []string) (int, error) {
	if len(args) != 2 {
		return 0, fmt.Errorf("%w: what, and which host", errUsage)
	}
	h, err := f.hostOf(args[1])
	if err != nil {
		return 0, err
	}
	f.busy.Lock()
	defer f.busy.Unlock()
	switch args[0] {
	case "start":
		return 0, h.boot(ctx)
	case "stop":
		h.halt(true)
	case "kill":
		h.halt(false)
	case "restart":
		h.halt(true)
		return 0, h.boot(ctx)
	case "pause":
		f.wan.edit(func(w *wan) { w.out[h.site.Name] = true })
	case "unpause":
		f.wan.edit(func(w *wan) { delete(w.out, h.site.Name) })
	default:
		return 0, fmt.Errorf("%w: %q", errUsage, args[0])
	}
	return 0, ctx.Err()
}

func cut(_ context.Context, f *Fleet, _ Streams, args []string) (int, error) {
	line, err := f.lineOf(args)
	if err == nil {
		f.wan.edit(func(w *wan) { w.cuts[line] = true })
	}
	return 0, err
}

func delay(_ context.Context, f *Fleet, _ Streams, args []string) (int, error) {
	line, err := f.lineOf(args)
	if err != nil {
		return 0, err
	}
	d, err := time.ParseDuration(slices.Concat(args, []string{""})[2])
	if err != nil || d < 0 || len(args) != 3 {
		return 0, fmt.Errorf("%w: a time like 100ms is wanted", errUsage)
	}
	f.wan.edit(func(w *wan) { w.delays[line] = d })
	return 0, nil
}

func lose(_ context.Context, f *Fleet, _ Streams, args []string) (int, error) {
	line, err := f.lineOf(args)
	if err != nil {
		return 0, err
	}
	p, err := strconv.ParseFloat(slices.Concat(args, []string{""})[2], 64)
	if err != nil || p < 0 || p > 100 || len(args) != 3 {
		return 0, fmt.Errorf("%w: 0 to 100 percent are wanted", errUsage)
	}
	f.wan.edit(func(w *wan) { w.loss[line] = p / 100 })
	return 0, nil
}

func mend(_ context.Context, f *Fleet, _ Streams, args []string) (int, error) {
	h, err := f.one(args)
	if err != nil {
		return 0, err
	}
	f.wan.mend(h.site.Name)
	if m, err := h.running(); err == nil {
		m.Full.Store(false)
		m.Used.Store(0)
	}
	h.admit(true)
	h.whole()
	return 0, nil
}

func fill(_ context.Context, f *Fleet, _ Streams, args []string) (int, error) {
	h, err := f.one(args)
	if err != nil {
		return 0, err
	}
	m, err := h.running()
	if err == nil {
		m.FillUnder("")
	}
	return 0, err
}

// disk leaves so much room, or none under that folder. What df says is of one
// disk that is under every folder.
func disk(_ context.Context, f *Fleet, _ Streams, args []string) (int, error) {
	if len(args) != 3 {
		return 0, fmt.Errorf("%w: a host, a folder and a size are wanted", errUsage)
	}
	h, err := f.hostOf(args[0])
	if err != nil {
		return 0, err
	}
	m, err := h.running()
	if err != nil {
		return 0, err
	}
	if args[2] == "full" {
		m.FillUnder(h.root.Real(args[1]))
		return 0, nil
	}
	room, err := strconv.ParseInt(strings.TrimSuffix(args[2], "m"), 10, 32)
	if err != nil || room < 0 {
		return 0, fmt.Errorf("%w: a size like 700m is wanted", errUsage)
	}
	m.Used.Store(kernel.DiskSize - room<<20)
	return 0, nil
}

// umount takes the small disk away that lay over a folder.
func (h *host) umount(p *kernel.Process) int {
	p.Machine.Used.Store(0)
	p.Machine.Full.Store(false)
	return 0
}

func refuse(_ context.Context, f *Fleet, _ Streams, args []string) (int, error) {
	h, err := f.one(args)
	if err == nil {
		h.admit(false)
	}
	return 0, err
}

// admit lets the fleet's user in, or nobody any more: also those who are in
// must go.
func (h *host) admit(ok bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.server == nil {
		return
	}
	keys := map[string][]ssh.PublicKey{}
	if ok {
		keys = h.f.admitted()
	}
	h.server.Change(func(o *sshd.Options) { o.Authorized = keys })
	if !ok {
		h.server.Drop()
	}
}

func rekey(_ context.Context, f *Fleet, _ Streams, args []string) (int, error) {
	restore := slices.Contains(args, "--restore")
	h, err := f.one(slices.DeleteFunc(slices.Clone(args), func(a string) bool { return a == "--restore" }))
	if err != nil {
		return 0, err
	}
	key := h.key
	if !restore {
		if key, _, err = newKey(); err != nil {
			return 0, err
		}
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.shown = key
	if h.server != nil {
		h.server.Change(func(o *sshd.Options) { o.HostKey = key })
		h.server.Drop()
	}
	return 0, nil
}
