// Package fleet brings the lab up, keeps it whole and takes it down: the hosts
// on the outer Docker, and on each region host Weave Net and a broker.
package fleet

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"time"

	"golang.org/x/sync/errgroup"

	"vmqbot/lab/build"
	"vmqbot/lab/outer"
	"vmqbot/lab/place"
	"vmqbot/lab/walls"
	"vmqbot/lab/world"
)

// Lab is one lab on this machine.
type Lab struct {
	Places place.Places
	Log    io.Writer // progress, one line per stage
	daemon outer.Daemon
	walls  walls.Walls
	how    How // what a broker may be for heal to accept it
	begun  time.Time
	mu     sync.Mutex // around Log
}

// New returns the lab of the source tree around the working directory.
// Nothing is touched yet.
func New(log io.Writer) (*Lab, error) {
	places, err := place.Find(".")
	if err != nil {
		return nil, err
	}
	return &Lab{Places: places, Log: log, daemon: outer.Daemon{Places: places}, begun: time.Now()}, nil
}

// said prints a line with the seconds since the verb began.
func (l *Lab) said(format string, args ...any) {
	l.mu.Lock()
	defer l.mu.Unlock()
	fmt.Fprintf(l.Log, "%6.1f s  %s\n", time.Since(l.begun).Seconds(), fmt.Sprintf(format, args...))
}

// lock keeps two verbs that change the lab from running at once, and refuses
// when the lab that is up belongs to another source tree.
func (l *Lab) lock() (release func(), err error) {
	if os.Geteuid() != 0 {
		return nil, errors.New("the lab needs root for network namespaces and mounts; run it again with sudo")
	}
	if err := l.Places.Make(); err != nil {
		return nil, err
	}
	// Beside the directory, which Down removes while another may wait.
	f, err := os.OpenFile(l.Places.Run+".lock", os.O_RDWR|os.O_CREATE, 0o644)
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		fmt.Fprintln(l.Log, "another lab command is running; waiting for it")
		if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX); err != nil {
			return nil, errors.Join(err, f.Close())
		}
	}
	return func() { _ = f.Close() }, nil
}

func (l *Lab) ownerFile() string { return filepath.Join(l.Places.Run, "owner") }

// claim writes down whose lab this is.
func (l *Lab) claim() error {
	text, err := os.ReadFile(l.ownerFile())
	if err == nil && l.daemon.Running() && strings.TrimSpace(string(text)) != l.Places.Repo {
		return fmt.Errorf("the lab of %s is up on this machine; take it down first: cd %[1]s && go run ./lab/cmd/lab down", strings.TrimSpace(string(text)))
	}
	return os.WriteFile(l.ownerFile(), []byte(l.Places.Repo+"\n"), 0o644)
}

// Up makes what is missing and brings the fleet up, from nothing or from any
// state, and returns when every node sees four running nodes.
func (l *Lab) Up(ctx context.Context) error {
	release, err := l.lock()
	if err != nil {
		return err
	}
	defer release()
	if err := l.claim(); err != nil {
		return err
	}
	if err := build.InstallForUp(ctx); err != nil {
		return err
	}
	if l.walls, err = walls.Find(ctx); err != nil {
		return err
	}
	l.said("walls: %s", l.walls)
	made, err := l.make(ctx)
	if err != nil {
		return err
	}
	if err := l.hosts(ctx, made); err != nil {
		return err
	}
	if err := l.rewrite(ctx); err != nil {
		return err
	}
	return l.heal(ctx)
}

// material is what hosts are made from.
type material struct {
	store build.Artifact
	host  build.Artifact
}

func (l *Lab) builder() *build.Builder {
	return &build.Builder{Places: l.Places, Walls: l.walls, Log: l.Log}
}

func (l *Lab) make(ctx context.Context) (material, error) {
	b := l.builder()
	var parts build.Parts
	group, inner := errgroup.WithContext(ctx)
	group.Go(func() (err error) { parts.Root, err = b.Root(inner); return err })
	group.Go(func() (err error) { parts.Weave, err = b.Weave(inner); return err })
	group.Go(func() (err error) { parts.Standin, parts.Digest, err = b.Standin(inner); return err })
	if err := group.Wait(); err != nil {
		return material{}, err
	}
	var err error
	if parts.Host, err = b.HostTree(ctx, parts.Root, parts.Weave); err != nil {
		return material{}, err
	}
	l.daemon.Flags = b.RuntimeFlags()
	if err := l.daemon.Start(ctx); err != nil {
		return material{}, err
	}
	if err := l.daemon.Network(ctx); err != nil {
		return material{}, err
	}
	l.said("the outer Docker answers")
	if err := b.HostImage(ctx, l.daemon, parts); err != nil {
		return material{}, err
	}
	store, err := b.Store(ctx, l.daemon, parts)
	return material{store: store, host: parts.Host}, err
}

// writeFleet writes lab/fleet.yaml.
func (l *Lab) writeFleet() error {
	text, err := world.FleetYAML(l.Places.State, fleetUser)
	if err != nil {
		return err
	}
	return os.WriteFile(l.Places.FleetFile(), []byte(text), 0o644)
}
