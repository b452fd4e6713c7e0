package onhost

import (
	"context"
	"fmt"
	"strings"

	"vmqbot/answer"
	"vmqbot/guard"
)

// Manager is what starts the guard, keeps it running, and starts it again when
// the host boots.
type Manager interface {
	Name() string // as guard status shows it
	// Enable starts the guard now, or again when it runs, and at every boot.
	Enable(ctx context.Context, c guard.Config) error
	// Disable stops it for good; one that is not there is fine.
	Disable(ctx context.Context, c guard.Config) error
	// Runs reports whether it runs now. last is what it said of itself, if it did.
	Runs(ctx context.Context, node string, last guard.State) (bool, error)
}

// managerOf finds out what the host has: systemd where it is the first process.
// A folder cannot be read as a file, so what is asked is a file in it.
func managerOf(m Machine) Manager {
	if _, err := m.Stat("/run/systemd/system"); err == nil {
		return systemd{m}
	}
	return plain{m}
}

// run runs a program that must succeed.
func run(ctx context.Context, m Machine, argv ...string) (answer.Answer, error) {
	a, err := m.Run(ctx, argv)
	if err == nil && a.Exit != 0 {
		err = fmt.Errorf("%s: exit status %d: %s", strings.Join(argv, " "), a.Exit, strings.TrimSpace(a.Stdout+a.Stderr))
	}
	return a, err
}
