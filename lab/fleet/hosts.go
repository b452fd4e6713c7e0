package fleet

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"vmqbot/lab/command"
	"vmqbot/lab/world"
)

// on runs argv on a host, as root, and returns what it printed.
func (l *Lab) on(ctx context.Context, h world.Host, argv ...string) (string, error) {
	return l.daemon.Docker(ctx, append([]string{"exec", world.Prefix + h.Name}, argv...)...)
}

// put writes a file on a host, owned by the fleet's user.
func (l *Lab) put(ctx context.Context, h world.Host, path, text string) error {
	_, err := l.daemon.DockerIn(ctx, strings.NewReader(text), "exec", "--interactive", world.Prefix+h.Name,
		"install", "-D", "--owner", fleetUser, "--group", fleetUser, "--mode", "644", "/dev/stdin", path)
	return err
}

// each runs do for the hosts at once and returns the first error, with the host's name.
func each(ctx context.Context, hosts []world.Host, do func(context.Context, world.Host) error) error {
	group, ctx := errgroup.WithContext(ctx)
	for _, h := range hosts {
		group.Go(func() error {
			if err := do(ctx, h); err != nil {
				return fmt.Errorf("%s: %w", h.Name, err)
			}
			return nil
		})
	}
	return group.Wait()
}

// hosts creates the hosts that are missing or made from older material.
func (l *Lab) hosts(ctx context.Context, made material) error {
	if err := l.secrets(ctx); err != nil {
		return err
	}
	return each(ctx, world.All(), func(ctx context.Context, h world.Host) error { return l.create(ctx, h, made) })
}

func (l *Lab) create(ctx context.Context, h world.Host, made material) error {
	stamp := filepath.Join(l.disk(h), "made-from")
	want := made.host.Key + " " + made.store.Key + "\n"
	have, _ := os.ReadFile(stamp)
	if string(have) == want && l.hostState(ctx, h) != "" {
		return nil
	}
	if err := l.remove(ctx, world.Prefix+h.Name); err != nil {
		return err
	}
	if err := os.RemoveAll(l.disk(h)); err != nil {
		return err
	}
	if err := l.hostKeys(ctx, h); err != nil {
		return err
	}
	if h.HasDocker() {
		_, err := command.Run(ctx, "cp", "--archive", "--reflink=auto", made.store.Dir, filepath.Join(l.disk(h), "docker"))
		if err != nil {
			return err
		}
	}
	env := l.walls.Env()
	env = append(env, "LAB_SETENV="+strings.Join(env, " "))
	if _, err := l.daemon.Docker(ctx, world.HostRun(h, l.disk(h), env)...); err != nil {
		return err
	}
	return os.WriteFile(stamp, []byte(want), 0o644)
}

// hostState is what the outer Docker calls the host: running, paused, exited,
// or "" when there is none.
func (l *Lab) hostState(ctx context.Context, h world.Host) string {
	state, err := l.daemon.Docker(ctx, "inspect", "--format", "{{.State.Status}}", world.Prefix+h.Name)
	if err != nil {
		return ""
	}
	return state
}

// awake unpauses or starts the host, gives it its own key back, and returns
// when its sshd and Docker answer.
func (l *Lab) awake(ctx context.Context, h world.Host) error {
	wake := ""
	switch state := l.hostState(ctx, h); state {
	case "running":
	case "paused":
		wake = "unpause"
	case "":
		return errors.New("the host does not exist; run lab up")
	default:
		wake = "start"
	}
	restored, err := l.restoreKey(h)
	if err != nil {
		return err
	}
	if wake != "" {
		if _, err := l.daemon.Docker(ctx, wake, world.Prefix+h.Name); err != nil {
			return err
		}
	}
	if restored && wake != "start" {
		if err := l.reloadSSH(ctx, h); err != nil {
			return err
		}
	}
	// A script may have taken the cable out, or cut a line.
	if _, err := l.on(ctx, h, "ip", "link", "set", "eth0", "up"); err != nil {
		return err
	}
	if err := l.Mend(ctx, h); err != nil {
		return err
	}
	if err := awaitSSH(ctx, h); err != nil {
		return err
	}
	if !h.HasDocker() {
		return nil
	}
	if _, err := l.on(ctx, h, "service", "docker", "start"); err != nil {
		return err
	}
	return l.daemon.AwaitInner(ctx, world.Prefix+h.Name, time.Minute)
}

// awaitSSH polls until the host's sshd sends its banner.
func awaitSSH(ctx context.Context, h world.Host) error {
	return until(ctx, 30*time.Second, "sshd on "+h.Name+" answers", func(ctx context.Context) error {
		dialer := net.Dialer{Timeout: time.Second}
		conn, err := dialer.DialContext(ctx, "tcp", net.JoinHostPort(h.IP, "22"))
		if err != nil {
			return err
		}
		defer conn.Close()
		if err := conn.SetDeadline(time.Now().Add(2 * time.Second)); err != nil {
			return err
		}
		banner, err := bufio.NewReader(conn).ReadString('\n')
		if err == nil && !strings.HasPrefix(banner, "SSH-2.0-") {
			err = fmt.Errorf("banner %q", banner)
		}
		return err
	})
}

// until polls try four times a second until it returns nil or the limit passes;
// the error then says what was waited for and what try said last.
func until(ctx context.Context, limit time.Duration, what string, try func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	var last error
	for {
		err := try(ctx)
		if err == nil {
			return nil
		}
		if ctx.Err() == nil || last == nil {
			last = err
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("waited %s until %s: %w", limit, what, last)
		case <-time.After(250 * time.Millisecond):
		}
	}
}
