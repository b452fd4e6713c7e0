package enginetest

import (
	"archive/tar"
	"bytes"
	"context"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"
)

// Main runs a package's tests with one engine for all of them, or without any
// under -short; use stores it. It is the whole of a TestMain.
func Main(m *testing.M, use func(*Docker)) {
	flag.Parse()
	if testing.Short() {
		os.Exit(m.Run())
	}
	d, err := Start()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	use(d)
	code := m.Run()
	d.Stop()
	os.Exit(code)
}

// Need skips a test under -short, which is when there is no engine.
func Need(t testing.TB) {
	t.Helper()
	if testing.Short() {
		t.Skip("needs a Docker engine")
	}
}

// Container runs a container until the test ends and returns its name. It
// runs the broker's process; env is NAME=VALUE words for it.
func (d *Docker) Container(t testing.TB, name string, env ...string) string {
	t.Helper()
	return d.run(t, name, "none", env)
}

// HostContainer runs the same in this machine's own network.
func (d *Docker) HostContainer(t testing.TB, name string) string {
	t.Helper()
	return d.run(t, name, "host", nil)
}

func (d *Docker) run(t testing.TB, name, network string, env []string) string {
	t.Helper()
	args := []string{"run", "-d", "--name", name, "--network", network, "--stop-timeout", "1", "-e", "PATH=/bin"}
	for _, e := range env {
		args = append(args, "-e", e)
	}
	args = append(args, Image, "/bin/beam.smp", "-P", "256000", "--", "-root", "/usr/lib/vernemq", "-progname", "erl",
		"--", "-home", "/var/lib/vernemq", "--", "-name", "VerneMQ@10.0.0.1", "-setcookie", "monster")
	if out, err := d.Command(t.Context(), args...); err != nil {
		t.Fatal(out, err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		if _, err := d.Command(ctx, "rm", "-f", name); err != nil {
			t.Error(err)
		}
	})
	return name
}

// Remove removes a container that the test makes, when the test ends.
func (d *Docker) Remove(t testing.TB, name string) {
	t.Helper()
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		if out, err := d.Command(ctx, "rm", "-f", "-v", name); err != nil && !strings.Contains(out, "No such container") {
			t.Error(err)
		}
	})
}

// Variant makes an image of the one that the engine has, with lines of a
// Dockerfile, until the test ends. Make its containers afterwards, so that
// they go first.
func (d *Docker) Variant(t testing.TB, ref string, lines ...string) {
	t.Helper()
	name := strings.ReplaceAll(ref, ":", "-")
	args := []string{"commit"}
	for _, l := range lines {
		args = append(args, "-c", l)
	}
	for _, c := range [][]string{{"create", "--name", name, Image, "/bin/guest"}, append(args, name, ref), {"rm", name}} {
		if out, err := d.Command(t.Context(), c...); err != nil {
			t.Fatal(out, err)
		}
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		if _, err := d.Command(ctx, "rmi", ref); err != nil {
			t.Error(err)
		}
	})
}

// Write puts a file into a container, which need not run.
func (d *Docker) Write(t testing.TB, container, name, content string) {
	t.Helper()
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	if err := w.WriteHeader(&tar.Header{Name: name, Mode: 0o755, Size: int64(len(content))}); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write([]byte(content)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	c := exec.CommandContext(t.Context(), "docker", "cp", "-", container+":/")
	c.Env = append(os.Environ(), "DOCKER_HOST=unix://"+d.Socket)
	c.Stdin = &b
	if out, err := c.CombinedOutput(); err != nil {
		t.Fatalf("docker cp: %v: %s", err, out)
	}
}
