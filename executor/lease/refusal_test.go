package lease_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"vmqbot/ops"
)

func TestADamagedFileIsNeverTaken(t *testing.T) {
	w := newWorld(t)
	b := w.bot()
	path := filepath.Join(w.dir, "vmqbot-release-cn.lease")
	for _, content := range []string{
		"", "\n", "hello\n", "v1 1 2 3 ana\n", "v1 1 2 3 ana because", "v1 1 2 3 ana because of\n", "v2 1 2 3 ana because\n",
		"v1 x 2 3 ana because\n", "v1 1 a[$(touch${IFS}" + w.dir + "/ran)] 3 ana because\n", "v1 01 2 3 ana because\n",
		"v1 -1 2 3 ana because\n", "v1 1 2 99999999999999999999 ana because\n", "v1 1 2 3 ana be%zz\n",
	} {
		if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
		// The last one is held by somebody whose name cannot be read.
		if strings.Contains(content, "%zz") {
			content = strings.Replace(content, " 3 ", " 99999999999 ", 1)
			_ = os.WriteFile(path, []byte(content), 0o644)
		}
		_, err := b.AcquireOn(w.ctx(), w.node, wants(ana))
		wantCode(t, err, ops.Refused, "damaged", "rm "+path)
		if got, _ := os.ReadFile(path); string(got) != content {
			t.Errorf("%q became %q", content, got)
		}
	}
	if left, _ := filepath.Glob(filepath.Join(w.dir, "*")); len(left) != 2 {
		t.Errorf("in the folder: %q", left)
	}
}

func TestWhatTheHostLacksIsSaid(t *testing.T) {
	poor := t.TempDir()
	for _, tool := range []string{"setsid", "sh"} {
		at, err := exec.LookPath(tool)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.Symlink(at, filepath.Join(poor, tool)); err != nil {
			t.Fatal(err)
		}
	}
	w := newWorld(t, "SetEnv PATH="+poor)
	_, err := w.bot().AcquireOn(w.ctx(), w.node, wants(ana))
	wantCode(t, err, ops.Failed, "flock", "util-linux")

	w = newWorld(t)
	w.node.SSH.LockDir = "/does/not/exist"
	_, err = w.bot().AcquireOn(w.ctx(), w.node, wants(ana))
	wantCode(t, err, ops.Failed, "/does/not/exist", "ls -ld")
}

func TestWithSudoTheWholeScriptRunsUnderIt(t *testing.T) {
	bin, ran := t.TempDir(), filepath.Join(t.TempDir(), "ran")
	sudo := "#!/bin/sh\ntest \"$1\" = -n || exit 1\nshift\necho \"$1\" >>" + ran + "\nexec \"$@\"\n"
	if err := os.WriteFile(filepath.Join(bin, "sudo"), []byte(sudo), 0o755); err != nil {
		t.Fatal(err)
	}
	w := newWorld(t, "SetEnv PATH="+bin+":/usr/bin:/bin")
	w.node.SSH.Sudo = true
	w.acquire(w.bot(), wants(ana))
	if got, _ := os.ReadFile(ran); string(got) != "sh\n" {
		t.Errorf("sudo ran %q", got)
	}
}

func TestALeaseNeedsANameAndAHolder(t *testing.T) {
	w := newWorld(t)
	for _, l := range []ops.Lease{
		{Name: "release/cn"}, {Name: "release/cn", Holder: " "}, {Name: "release/cn", Holder: "-"}, {Holder: ana},
	} {
		l.TTL = time.Minute
		_, err := w.bot().AcquireOn(w.ctx(), w.node, l)
		wantCode(t, err, ops.Invalid)
	}
	if left, _ := os.ReadDir(w.dir); len(left) != 0 {
		t.Errorf("something was written: %v", left)
	}
}

func TestAHangingScriptIsSaid(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	lock := filepath.Join(w.dir, "vmqbot-release-cn.lock")
	// -F: flock becomes the sleep, so that there is one process to stop.
	hog := exec.Command("flock", "-F", lock, "sleep", "600")
	if err := hog.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() {
		_ = hog.Process.Kill()
		_ = hog.Wait()
	}()
	for deadline := time.Now().Add(patience); ; {
		if exec.Command("flock", "-n", lock, "true").Run() != nil {
			break
		}
		if time.Now().After(deadline) {
			t.Fatal("the lock was not taken")
		}
	}
	_, err := w.bot().AcquireOn(w.ctx(), w.node, wants(ana))
	wantCode(t, err, ops.Refused, "has held "+lock, "fuser")
}

// TestBotsOfTwoAccountsShareALease: in a folder that everybody may write, as /var/lock
// is, root goes on with the files of another account, and that account with them after
// root.
func TestBotsOfTwoAccountsShareALease(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Fatal("it is two accounts in turn, so only root can run it")
	}
	dir, err := os.MkdirTemp("", "lease") // t.TempDir lies in a folder that only root may enter
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	if err := os.Chmod(dir, 0o777|os.ModeSticky); err != nil {
		t.Fatal(err)
	}
	script, err := os.ReadFile("lease.sh")
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(dir, "vmqbot-release-cn.lease")
	for _, uid := range []string{"65534", "0", "65534", "0"} {
		out, err := exec.CommandContext(t.Context(), "setpriv", "--reuid", uid, "--clear-groups", "sh", "-c", string(script), "vmqbot-lease", "acquire", file, "ana", "0", "60", "because", "1", "75").CombinedOutput()
		if err != nil || !strings.HasPrefix(string(out), "ok ") {
			t.Fatalf("as %s: %v: %s", uid, err, out)
		}
	}
}
