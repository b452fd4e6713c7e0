// Package enginetest gives tests a real Docker engine of their own: a dockerd
// with folders and a socket of its own, one small image, and a Host that
// reaches it as if through ssh.
package enginetest

import (
	"archive/tar"
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// Image is the reference of the one image that the engine has. All of its
// commands are in /bin: beam.smp, vernemq, vmq-admin, and guest with more.
const Image = "guest:1"

// Docker is one dockerd of the test's own.
type Docker struct {
	Dir    string // its folders
	Socket string
	Guest  string // path of the guest program on this machine

	daemon *exec.Cmd
	leash  io.Closer // its standard input
	ended  chan struct{}
}

// watchdog ends the daemon when its standard input ends: also when the test
// process dies without a chance to clean up.
const watchdog = `exec 3<&0; dockerd "$@" </dev/null & p=$!; { cat >/dev/null; kill $p; } <&3 & wait $p`

// Start starts a dockerd and loads the image. The error says what is missing.
func Start() (*Docker, error) { return start("") }

// StartOn starts one whose images lie on a disk of its own with so much room, as 32m:
// a tmpfs, which root alone may mount.
func StartOn(size string) (*Docker, error) { return start(size) }

func start(size string) (d *Docker, err error) {
	if _, err := exec.LookPath("dockerd"); err != nil {
		return nil, fmt.Errorf("these tests need a Docker engine of their own: install it with `apt-get install docker.io`, or run them with -short (%w)", err)
	}
	dir, err := os.MkdirTemp("", "vmqbot-dockerd-")
	if err != nil {
		return nil, err
	}
	d = &Docker{Dir: dir, Socket: filepath.Join(dir, "docker.sock"), Guest: filepath.Join(dir, "guest"), ended: make(chan struct{})}
	close(d.ended)
	defer func() {
		if err != nil {
			d.Stop()
		}
	}()
	if size != "" {
		data := filepath.Join(dir, "data")
		if err := os.Mkdir(data, 0o711); err != nil {
			return nil, err
		}
		if out, err := exec.Command("mount", "-t", "tmpfs", "-o", "size="+size, "vmqbot-test", data).CombinedOutput(); err != nil {
			return nil, fmt.Errorf("a disk of %s for the engine: %w: %s", size, err, out)
		}
	}
	build := exec.Command("go", "build", "-o", d.Guest, "vmqbot/executor/engine/enginetest/guest")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("the guest program does not build: %s", out)
	}
	if err := d.Up(); err != nil {
		return nil, err
	}
	return d, d.load()
}

// Up starts the daemon and waits until it answers.
func (d *Docker) Up() error {
	log, err := os.OpenFile(filepath.Join(d.Dir, "log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer log.Close() //nolint:errcheck // the daemon has its own
	d.daemon = exec.Command("sh", "-c", watchdog, "dockerd", "--data-root", filepath.Join(d.Dir, "data"), "--exec-root", filepath.Join(d.Dir, "exec"),
		"-H", "unix://"+d.Socket, "--pidfile", filepath.Join(d.Dir, "pid"), "--bridge=none", "--iptables=false", "--ip6tables=false")
	d.daemon.Stdout, d.daemon.Stderr = log, log
	if d.leash, err = d.daemon.StdinPipe(); err != nil {
		return err
	}
	if err := d.daemon.Start(); err != nil {
		return err
	}
	d.ended = make(chan struct{})
	go func() {
		_ = d.daemon.Wait()
		close(d.ended)
	}()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	for {
		if _, err := d.Command(ctx, "version"); err == nil {
			return nil
		}
		select {
		case <-tick.C:
		case <-d.ended:
			return d.complain("dockerd ended")
		case <-ctx.Done():
			return d.complain("dockerd did not answer in a minute")
		}
	}
}

func (d *Docker) complain(what string) error {
	log, _ := os.ReadFile(filepath.Join(d.Dir, "log"))
	return fmt.Errorf("%s; the end of its log:\n%s", what, log[max(0, len(log)-2000):])
}

// Down ends the daemon and waits for it; its containers end with it.
func (d *Docker) Down() {
	if d.leash != nil {
		_ = d.leash.Close()
	}
	<-d.ended
}

// Stop ends the daemon and removes its folders.
func (d *Docker) Stop() {
	d.Down()
	// A container in the machine's own network leaves this mount behind.
	_ = exec.Command("umount", filepath.Join(d.Dir, "exec", "netns", "default")).Run()
	_ = exec.Command("umount", "-l", filepath.Join(d.Dir, "data")).Run() // of StartOn
	_ = os.RemoveAll(d.Dir)
}

// Command runs the docker command against this engine.
func (d *Docker) Command(ctx context.Context, args ...string) (string, error) {
	c := exec.CommandContext(ctx, "docker", args...)
	c.Env = append(os.Environ(), "DOCKER_HOST=unix://"+d.Socket)
	out, err := c.CombinedOutput()
	if err != nil {
		err = fmt.Errorf("docker %s: %w: %s", strings.Join(args, " "), err, out)
	}
	return strings.TrimSpace(string(out)), err
}

// load imports an image that holds the guest program under all its names.
func (d *Docker) load() error {
	body, err := os.ReadFile(d.Guest)
	if err != nil {
		return err
	}
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	if err := w.WriteHeader(&tar.Header{Name: "bin/guest", Mode: 0o755, Size: int64(len(body))}); err != nil {
		return err
	}
	if _, err := w.Write(body); err != nil {
		return err
	}
	for _, name := range []string{"beam.smp", "vernemq", "vmq-admin"} {
		if err := w.WriteHeader(&tar.Header{Name: "bin/" + name, Typeflag: tar.TypeSymlink, Linkname: "guest"}); err != nil {
			return err
		}
	}
	if err := w.Close(); err != nil {
		return err
	}
	c := exec.Command("docker", "import", "-", Image)
	c.Env = append(os.Environ(), "DOCKER_HOST=unix://"+d.Socket)
	c.Stdin = &b
	if out, err := c.CombinedOutput(); err != nil {
		return fmt.Errorf("docker import: %w: %s", err, out)
	}
	return nil
}
