//go:build release

package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"vmqbot/bot/slackworld"
)

// dist is where make release puts what is released.
const dist = "../../dist"

// TestThePackage: what make release built is what its checksums say; the Debian
// package passes lintian, is installed on this machine, its unit is one that systemd
// understands, its program serves as its own user with its own files, and purging it
// leaves nothing. It changes the machine that it runs on, and puts that back.
func TestThePackage(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Fatal("it installs a package, so only root can run it; type: sudo make release-test")
	}
	sums(t)
	debs, err := filepath.Glob(dist + "/vmqbot_*_amd64.deb")
	if err != nil || len(debs) != 1 {
		t.Fatalf("%q, %v: type make release first", debs, err)
	}
	must(t, "lintian", "--fail-on", "error,warning", "--allow-root", debs[0])
	if out, _ := exec.Command("dpkg-query", "-W", "vmqbot").Output(); len(out) > 0 {
		t.Fatalf("a vmqbot is installed here already: %s", out)
	}
	t.Cleanup(func() {
		must(t, "dpkg", "--purge", "vmqbot")
		for _, left := range []string{"/usr/bin/bot", "/etc/vmqbot", "/var/lib/vmqbot", "/lib/systemd/system/vmqbot.service"} {
			if _, err := os.Stat(left); err == nil {
				t.Errorf("after the purge %s is still there", left)
			}
		}
		if exec.Command("getent", "passwd", "vmqbot").Run() == nil {
			t.Error("after the purge the user is still there")
		}
	})
	must(t, "dpkg", "--install", debs[0])
	if out := must(t, "systemd-analyze", "verify", "/lib/systemd/system/vmqbot.service"); strings.Contains(out, "vmqbot.service:") {
		t.Errorf("systemd: %s", out)
	}
	if out := must(t, "stat", "-c", "%U:%G %a", "/etc/vmqbot/vmqbot.env"); out != "root:vmqbot 640\n" {
		t.Errorf("the tokens' file is %s", out)
	}
	serveAsItsUser(t)
}

// sums holds every file against SHA256SUMS, and reads the bill of materials.
func sums(t *testing.T) {
	t.Helper()
	b, err := os.ReadFile(dist + "/SHA256SUMS")
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for line := range strings.Lines(string(b)) {
		sum, name, _ := strings.Cut(strings.TrimSpace(line), "  ")
		file, err := os.ReadFile(filepath.Join(dist, name))
		if err != nil || fmt.Sprintf("%x", sha256.Sum256(file)) != sum {
			t.Errorf("%s: %v, or another sum", name, err)
		}
		n++
	}
	if n < 7 {
		t.Errorf("%d files are released", n)
	}
	var bill struct {
		BOMFormat  string `json:"bomFormat"`
		Components []struct{ Name string }
	}
	b, err = os.ReadFile(dist + "/bot.cdx.json")
	if err == nil {
		err = json.Unmarshal(b, &bill)
	}
	if err != nil || bill.BOMFormat != "CycloneDX" || !strings.Contains(string(b), "github.com/slack-go/slack") || len(bill.Components) < 20 {
		t.Errorf("the bill of materials names %d modules, %v", len(bill.Components), err)
	}
}

// serveAsItsUser does what the unit does, where no systemd runs: its ExecStart line
// with its environment, as its user, until the bot is healthy and a person was answered.
func serveAsItsUser(t *testing.T) {
	s := slackworld.New(t)
	w := newWorld(t)
	text, err := os.ReadFile(w.fleet("regions:", slackPart+"regions:"))
	if err != nil {
		t.Fatal(err)
	}
	for name, content := range map[string]string{"fleet.yaml": strings.ReplaceAll(string(text), w.dir, "/etc/vmqbot"), "key": "", "known_hosts": ""} {
		if content == "" {
			b, err := os.ReadFile(filepath.Join(w.dir, name))
			if err != nil {
				t.Fatal(err)
			}
			content = string(b)
		}
		at := "/etc/vmqbot/" + name
		if err := os.WriteFile(at, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		must(t, "chown", "vmqbot:vmqbot", at)
		t.Cleanup(func() { _ = os.Remove(at) }) // before the purge: it is no file of the package
	}
	must(t, "install", "-d", "-o", "vmqbot", "-g", "vmqbot", "-m", "700", "/var/lib/vmqbot")
	unit, err := os.ReadFile("/lib/systemd/system/vmqbot.service")
	if err != nil {
		t.Fatal(err)
	}
	_, line, _ := strings.Cut(string(unit), "\nExecStart=")
	line, _, _ = strings.Cut(line, "\n")
	ctx, stop := context.WithCancel(t.Context())
	var logs bytes.Buffer
	cmd := exec.CommandContext(ctx, "setpriv", append([]string{"--reuid", "vmqbot", "--regid", "vmqbot", "--init-groups", "--no-new-privs"}, append(strings.Fields(line), "--listen", "127.0.0.1:18085")...)...)
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.WaitDelay = 30 * time.Second
	cmd.Env = []string{
		"HOME=/var/lib/vmqbot", "XDG_STATE_HOME=/var/lib", "MQTT_PASSWORD=hunter2",
		"SLACK_API_URL=" + s.URL, "SLACK_BOT_TOKEN=" + slackworld.BotToken, "SLACK_APP_TOKEN=" + slackworld.AppToken,
	}
	cmd.Stderr = &logs
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() {
		stop()
		if err := cmd.Wait(); err != nil && !errors.Is(err, context.Canceled) || t.Failed() {
			t.Errorf("it ended with %v:\n%s", err, logs.String())
		}
	}()
	s.Until("it is healthy", func() bool {
		r, err := http.Get("http://127.0.0.1:18085/healthz")
		if err != nil {
			return false
		}
		defer r.Body.Close()
		return r.StatusCode == http.StatusOK
	})
	s.Type(slackworld.Admin, "history")
	s.Await("`history`")
}

func must(t *testing.T, name string, args ...string) string {
	t.Helper()
	cmd := exec.Command(name, args...)
	cmd.Env = append(os.Environ(), "DEBIAN_FRONTEND=noninteractive")
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%s %q: %v\n%s", name, args, err, out)
	}
	return string(out)
}
