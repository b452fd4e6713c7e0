package shell_test

import (
	"strings"
	"testing"

	"vmqbot/sim/kernel"
)

// The copy of a broker's data is compared, or the deploy ends: a host without
// the tools for it, and a Docker that gives nothing, are not a copy that is
// like its original.
func TestAdoptComparesOrFails(t *testing.T) {
	script := source(t, "commands/deploy_old.go")("adopt")
	archive := func(p *kernel.Process) int { return 0 } // as a docker cp that fails in a pipe
	for name, c := range map[string]struct {
		lacks, says string
	}{
		"no tar":       {"/bin/tar", "this host has no tar, by which a copy is compared: install it\n"},
		"no sha256sum": {"/usr/bin/sha256sum", "this host has no sha256sum, by which a copy is compared: install it\n"},
		"nothing read": {"", "/var/lib/vernemq of the original could not be read again\n"},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBox(t)
			b.m.Root.Programs["/usr/bin/docker"] = archive
			delete(b.m.Root.Programs, c.lacks)
			_, said, exit := b.sh("", script, "vmqbot-adopt", "old", "new", "/var/lib/vernemq")
			if exit != 1 || !strings.HasSuffix(said, c.says) {
				t.Errorf("exit %d, %q", exit, said)
			}
		})
	}
}
