package sim

import (
	"context"
	"fmt"
	"path"

	"vmqbot/sim/kernel"
)

// corrupt makes a program of a host answer with the first half of what it has
// to say: weave by its HTTP API, vmq-admin in the broker's container.
func corrupt(_ context.Context, f *Fleet, _ Streams, args []string) (int, error) {
	if len(args) != 2 {
		return 0, fmt.Errorf("%w: a host and a program are wanted", errUsage)
	}
	h, err := f.hostOf(args[0])
	if err != nil {
		return 0, err
	}
	if h.engine == nil {
		return 0, fmt.Errorf("%w: %s has no broker", errUsage, args[0])
	}
	switch args[1] {
	case "weave":
		h.weave.Halve(true)
	case "vmq-admin":
		h.halved.Store(true)
	default:
		return 0, fmt.Errorf("%w: %q is neither weave nor vmq-admin", errUsage, args[1])
	}
	return 0, nil
}

// whole undoes corrupt.
func (h *host) whole() {
	if h.engine != nil {
		h.weave.Halve(false)
		h.halved.Store(false)
	}
}

// halves reports that a process answers with half its words.
func (f *Fleet) halves(p *kernel.Process) bool {
	return path.Base(p.Argv[0]) == "vmq-admin" && f.host(p.Machine).halved.Load()
}
