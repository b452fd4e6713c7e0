package lease_test

import (
	"errors"
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
	path := w.path("release-cn.lease")
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
	if left, _ := filepath.Glob(w.path("*")); len(left) != 2 {
		t.Errorf("in the folder: %q", left)
	}
}

func TestWhatTheHostLacksIsSaid(t *testing.T) {
	poor := t.TempDir()
	for _, tool := range []string{"setsid", "sh", "mkdir", "stat"} /* all but flock */ {
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
	lock := w.path("release-cn.lock")
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
// is, root and an account of Docker's group go on with each other's files, whoever
// comes first. An account that may not use Docker may not take part.
func TestBotsOfTwoAccountsShareALease(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Fatal("it is two accounts in turn, so only root can run it")
	}
	script, err := os.ReadFile("lease.sh")
	if err != nil {
		t.Fatal(err)
	}
	for _, first := range []string{"0", "65533"} {
		dir, err := os.MkdirTemp("", "lease") // t.TempDir lies in a folder that only root may enter
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = os.RemoveAll(dir) })
		socket, locks := filepath.Join(dir, "docker.sock"), filepath.Join(dir, "lock")
		err = errors.Join(os.Chmod(dir, 0o755), os.Mkdir(locks, 0o777), os.Chmod(locks, 0o777|os.ModeSticky))
		if err != nil {
			t.Fatal(err)
		}
		epoch := "0"
		ask := func(uid, group, verb string) (string, error) {
			out, err := exec.CommandContext(t.Context(), "setpriv", "--reuid", uid, "--regid", "65534", "--groups", group, "sh", "-c", string(script), "vmqbot-lease",
				verb, filepath.Join(locks, "vmqbot", "release-cn.lease"), "ana", epoch, "60", "because", "1", "75", socket).CombinedOutput()
			return string(out), err
		}
		if first == "0" { // before Docker was installed; afterwards root tells who shares
			if out, err := ask(first, "0", "acquire"); err != nil {
				t.Fatalf("without Docker: %v: %s", err, out)
			}
		}
		if err := errors.Join(os.WriteFile(socket, nil, 0o660), os.Chown(socket, 0, 65533)); err != nil {
			t.Fatal(err)
		}
		for _, uid := range []string{first, "0", "65533", "65532", "0", "65533"} {
			for _, verb := range []string{"acquire", "renew", "release"} {
				out, err := ask(uid, "65533", verb)
				if err != nil || !strings.HasPrefix(out, "ok ") {
					t.Fatalf("after %s, %s as %s: %v: %s", first, verb, uid, err, out)
				}
				epoch = strings.Fields(out)[1]
			}
		}
		if out, err := ask("65531", "65531", "acquire"); err == nil || !strings.Contains(out, "Permission denied") {
			t.Errorf("an account without Docker's group: %v: %s", err, out)
		}
	}
}
