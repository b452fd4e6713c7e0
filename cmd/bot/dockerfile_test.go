//go:build image

package main

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"vmqbot/executor/engine/enginetest"
)

// limit is what an image may weigh, in bytes.
const limit = 30_000_000

// libraries are the files that a program needs to start; a static one needs none.
func libraries(program string) []string {
	out, err := exec.Command("ldd", program).Output()
	if err != nil {
		return nil
	}
	var files []string
	for _, word := range strings.Fields(string(out)) {
		if filepath.IsAbs(word) {
			files = append(files, word)
		}
	}
	return files
}

// TestTheImageIsBuilt builds the container image from the Dockerfile in a Docker
// engine of its own, on a base made of busybox and this machine's Go, without a
// network: the modules come as a vendor folder in the build's context. Then it
// runs it: its help, and its health check with a fleet file.
func TestTheImageIsBuilt(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Minute)
	defer cancel()
	d, err := enginetest.Start()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(d.Stop)
	run := func(name string, args ...string) string {
		t.Helper()
		c := exec.CommandContext(ctx, name, args...)
		c.Env = append(os.Environ(), "DOCKER_HOST=unix://"+d.Socket, "DOCKER_BUILDKIT=0")
		out, err := c.CombinedOutput()
		if err != nil {
			t.Fatalf("%s %q: %v\n%s", name, args, err, out)
		}
		return strings.TrimSpace(string(out))
	}
	dir := t.TempDir()

	base := filepath.Join(dir, "base")
	run("mkdir", "-p", filepath.Join(base, "bin"), filepath.Join(base, "tmp"), filepath.Join(base, "usr/local"))
	busybox := run("which", "busybox")
	run("cp", "-L", busybox, filepath.Join(base, "bin/busybox"))
	for _, lib := range libraries(busybox) {
		run("cp", "-L", "--parents", lib, base)
	}
	for _, name := range []string{"sh", "mkdir"} {
		run("ln", "-s", "busybox", filepath.Join(base, "bin", name))
	}
	run("cp", "-a", run("go", "env", "GOROOT"), filepath.Join(base, "usr/local/go"))
	run("tar", "-C", base, "-cf", filepath.Join(dir, "base.tar"), ".")
	run("docker", "import", filepath.Join(dir, "base.tar"), "base:1")

	tree := filepath.Join(dir, "tree")
	run("git", "clone", "-q", "../..", tree)
	run("go", "-C", tree, "mod", "vendor")
	run("docker", "build", "--network", "none", "--build-arg", "BASE=base:1", "-t", "vmqbot:test", tree)

	if size, err := strconv.Atoi(run("docker", "image", "inspect", "--format", "{{.Size}}", "vmqbot:test")); err != nil || size > limit || size < 1<<20 {
		t.Errorf("the image has %d bytes (%v), at most %d are wanted", size, err, limit)
	} else {
		t.Logf("the image has %d bytes", size)
	}
	if user := run("docker", "image", "inspect", "--format", "{{.Config.User}}", "vmqbot:test"); user != "65532:65532" {
		t.Errorf("it runs as %q", user)
	}
	if out := run("docker", "run", "--rm", "--network", "none", "vmqbot:test", "help"); !strings.Contains(out, "bot serve --config") {
		t.Errorf("bot help says %q", out)
	}

	w := newWorld(t)
	fleet := w.fleet()
	run("chown", "-R", "65532:65532", w.dir)
	run("docker", "run", "--rm", "--network", "none", "-e", "MQTT_PASSWORD=x", "-v", w.dir+":"+w.dir+":ro", "vmqbot:test", "healthcheck", "--config", fleet)
	composedHealth(t, run, w.dir, fleet)
}

// composedHealth runs the image as deploy/compose.yaml says, with its mounts, its
// secrets and its read-only root, and asks its health there: that it reads the fleet
// file, the key and the tokens, and writes its state. The engine of the test has no
// network for containers, so no network is asked for.
func composedHealth(t *testing.T, run func(string, ...string) string, from, fleet string) {
	t.Helper()
	dir := t.TempDir()
	file, err := os.ReadFile("../../deploy/compose.yaml")
	if err != nil {
		t.Fatal(err)
	}
	text := strings.Replace(string(file), `    ports: ["127.0.0.1:8085:8085"]`, "    network_mode: none", 1)
	text = strings.Replace(text, "    environment:\n", "    environment:\n      MQTT_PASSWORD: x\n", 1)
	said, err := os.ReadFile(fleet)
	if err != nil {
		t.Fatal(err)
	}
	for _, made := range []string{"config", "secrets"} {
		run("mkdir", filepath.Join(dir, made))
	}
	run("sh", "-c", `cp "$0"/key "$0"/known_hosts "$1"`, from, filepath.Join(dir, "config"))
	for name, content := range map[string]string{
		"compose.yaml": text, "config/fleet.yaml": strings.ReplaceAll(string(said), from, "/config"),
		"secrets/slack_bot_token": "xoxb-1", "secrets/slack_app_token": "xapp-1",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	run("chown", "-R", "65532:65532", dir)
	run("env", "VMQBOT_IMAGE=vmqbot:test", "docker-compose", "-p", "vmqbot", "-f", filepath.Join(dir, "compose.yaml"), "run", "--rm", "-T", "bot", "healthcheck", "--config", "/config/fleet.yaml")
}
