// Package walls finds out which of the three things that a region host needs
// this machine lacks. A wall is worked around only where it stands.
package walls

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"strings"

	"vmqbot/lab/bounding"
	"vmqbot/lab/command"
)

// Walls says what this machine lacks.
type Walls struct {
	Caps       []string // capabilities outside the bounding set; `docker run --privileged` fails on them
	NoDummy    bool     // no dummy interfaces; weaver makes one to pin its bridge's MTU
	NoDatapath bool     // no openvswitch datapath; weave's fastdp cannot work
}

// Find looks at the running kernel. It needs root, and leaves nothing behind:
// the interface that it tries out lives in a network namespace of its own.
func Find(ctx context.Context) (Walls, error) {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return Walls{}, err
	}
	var w Walls
	if w.Caps, err = bounding.Missing(string(status)); err != nil {
		return Walls{}, err
	}
	_, err = command.Run(ctx, "unshare", "--net", "ip", "link", "add", "trial", "type", "dummy")
	if errors.Is(err, exec.ErrNotFound) {
		return Walls{}, err
	}
	w.NoDummy = err != nil
	// The module may be there and not loaded; when it is not, the list says so.
	_, _ = command.Run(ctx, "modprobe", "openvswitch")
	families, err := command.Run(ctx, "genl", "ctrl", "list")
	if err != nil {
		return Walls{}, err
	}
	w.NoDatapath = !hasDatapath(families)
	return w, nil
}

// hasDatapath reads the output of `genl ctrl list`.
func hasDatapath(families string) bool {
	for line := range strings.Lines(families) {
		if strings.TrimSpace(line) == "Name: ovs_datapath" {
			return true
		}
	}
	return false
}

// Env returns the environment that every weave command on a host needs here.
// CHECKPOINT_DISABLE keeps weave from asking the Internet for its version.
func (w Walls) Env() []string {
	env := []string{"CHECKPOINT_DISABLE=1"}
	if w.NoDatapath {
		env = append(env, "WEAVE_NO_FASTDP=1")
	}
	return env
}

// String names the walls in one line.
func (w Walls) String() string {
	var found []string
	if len(w.Caps) > 0 {
		found = append(found, "no "+strings.Join(w.Caps, ", ")+" (runc is wrapped)")
	}
	if w.NoDummy {
		found = append(found, "no dummy interfaces (weaver uses ifb)")
	}
	if w.NoDatapath {
		found = append(found, "no openvswitch (WEAVE_NO_FASTDP=1)")
	}
	if len(found) == 0 {
		return "none"
	}
	return strings.Join(found, "; ")
}
