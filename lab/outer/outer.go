// Package outer runs the Docker daemon whose containers are the lab's hosts.
// It lives in a network namespace and a mount namespace of its own, so that its
// bridge, its iptables rules and its mounts never touch the machine's.
package outer

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"time"

	"vmqbot/lab/command"
	"vmqbot/lab/place"
)

// cli is Debian's client by its full path: machines have other programs named docker.
const cli = "/usr/bin/docker"

//go:embed dockerd.sh
var script string

// Daemon is the outer Docker daemon of one lab.
type Daemon struct {
	Places place.Places
	Flags  []string // further flags of dockerd
}

// Docker runs the docker client with these arguments.
func (d Daemon) Docker(ctx context.Context, args ...string) (string, error) {
	return d.DockerIn(ctx, nil, args...)
}

// DockerIn runs the docker client with stdin.
func (d Daemon) DockerIn(ctx context.Context, stdin io.Reader, args ...string) (string, error) {
	argv := append([]string{cli, "--host", "unix://" + d.Places.Socket()}, args...)
	return command.Cmd{Argv: argv, Stdin: stdin, Env: []string{"DOCKER_BUILDKIT=0"}}.Run(ctx)
}

// Argv is the command line that runs argv in a container. Only with stdin does
// it read the caller's standard input.
func (d Daemon) Argv(container string, stdin bool, argv []string) []string {
	line := []string{cli, "--host", "unix://" + d.Places.Socket(), "exec"}
	if stdin {
		line = append(line, "--interactive")
	}
	return append(append(line, container), argv...)
}

// Start brings the daemon up, if it is not, and returns when it answers.
func (d Daemon) Start(ctx context.Context) error {
	if err := d.ensureNamespace(ctx); err != nil {
		return err
	}
	if d.Running() {
		return d.await(ctx)
	}
	// Left by a daemon that was killed; a number in them may be another's by now.
	for _, file := range []string{d.pidFile(), filepath.Join(d.Places.Run, "exec", "containerd", "containerd.pid")} {
		if err := os.RemoveAll(file); err != nil {
			return err
		}
	}
	log, err := os.Create(filepath.Join(d.Places.Run, "dockerd.log"))
	if err != nil {
		return err
	}
	defer log.Close()
	// A configuration file of its own, so that the machine's is not read.
	config := filepath.Join(d.Places.Run, "daemon.json")
	if err := os.WriteFile(config, []byte("{}\n"), 0o644); err != nil {
		return err
	}
	argv := append([]string{"--net=/run/netns/" + namespace, "unshare", "--mount", "--propagation", "private",
		"/bin/sh", "-c", script, "dockerd.sh", d.Places.Run,
		"--host", "unix://" + d.Places.Socket(), "--data-root", filepath.Join(d.Places.Cache, "docker"),
		"--exec-root", filepath.Join(d.Places.Run, "exec"), "--pidfile", d.pidFile(),
		"--bridge", "none", "--iptables=false", "--ip-forward=false", "--config-file", config,
	}, d.Flags...)
	// The daemon outlives this program: no context kills it, Stop does.
	cmd := exec.Command("nsenter", argv...)
	cmd.Dir, cmd.Stdout, cmd.Stderr = "/", log, log
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	if err := cmd.Start(); err != nil {
		return err
	}
	if err := d.record(cmd.Process.Pid); err != nil {
		return errors.Join(err, cmd.Process.Kill())
	}
	if err := cmd.Process.Release(); err != nil {
		return err
	}
	return d.await(ctx)
}

// await polls the API for up to 30 s.
func (d Daemon) await(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	for {
		_, err := d.Docker(ctx, "version", "--format", "{{.Server.Version}}")
		if err == nil {
			return nil
		}
		if !d.Running() {
			return fmt.Errorf("the lab's dockerd died at its start; read %s/dockerd.log", d.Places.Run)
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("the lab's dockerd does not answer after 30 s; read %s/dockerd.log: %w", d.Places.Run, err)
		case <-time.After(100 * time.Millisecond):
		}
	}
}

// AwaitInner polls until the Docker daemon inside that container answers.
func (d Daemon) AwaitInner(ctx context.Context, container string, limit time.Duration) error {
	waiting, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	for {
		_, err := d.Docker(waiting, "exec", container, "docker", "version", "--format", "{{.Server.Version}}")
		if err == nil {
			return nil
		}
		select {
		case <-waiting.Done():
			log, _ := d.Docker(ctx, "exec", container, "tail", "-n", "5", "/var/log/docker.log")
			return fmt.Errorf("the Docker of %s does not answer after %s: %w; the end of its log is:\n%s", container, limit, err, log)
		case <-time.After(200 * time.Millisecond):
		}
	}
}
