package build

import (
	"context"
	"os"
	"strings"

	"vmqbot/lab/command"
)

const release = "bookworm"

// mirror is where debootstrap gets its packages: $LAB_MIRROR, or the place
// that this machine's own apt uses for the same release. None leaves the
// choice to debootstrap.
func mirror(ctx context.Context) []string {
	if m := os.Getenv("LAB_MIRROR"); m != "" {
		return []string{m}
	}
	out, err := command.Run(ctx, "apt-get", "indextargets", "--format", "$(REPO_URI) $(CODENAME) $(COMPONENT)", "Created-By: Packages")
	if err != nil {
		return nil
	}
	return mirrorIn(out)
}

// mirrorIn finds the release's own archive among apt's indexes, not its
// updates or security fixes, which hold only part of the packages.
func mirrorIn(targets string) []string {
	for line := range strings.Lines(targets) {
		if f := strings.Fields(line); len(f) == 3 && f[1] == release && f[2] == "main" {
			return []string{strings.TrimSuffix(f[0], "/")}
		}
	}
	return nil
}
