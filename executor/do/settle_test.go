package do_test

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"vmqbot/executor/engine/enginetest"
	"vmqbot/images/vernemq"
	"vmqbot/ops"
	"vmqbot/secret"
)

// standinRelease packs an archive as VerneMQ's releases are, of the stand-in.
func standinRelease(t *testing.T, dir string) (archive string) {
	t.Helper()
	beam := filepath.Join(dir, "standin")
	build := exec.Command("go", "build", "-o", beam, "vmqbot/lab/broker/cmd/standin")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	body, err := os.ReadFile(beam)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	w := tar.NewWriter(z)
	add := func(h tar.Header, body []byte) {
		h.Size = int64(len(body))
		if err := w.WriteHeader(&h); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write(body); err != nil {
			t.Fatal(err)
		}
	}
	add(tar.Header{Name: "vernemq/erts-10/bin/beam.smp", Mode: 0o755, Uid: 1000, Uname: "builder"}, body)
	for _, name := range []string{"vernemq", "vmq-admin", "vmq-passwd"} {
		add(tar.Header{Name: "vernemq/bin/" + name, Typeflag: tar.TypeSymlink, Linkname: "../erts-10/bin/beam.smp"}, nil)
	}
	add(tar.Header{Name: "vernemq/etc/vernemq.conf", Mode: 0o644}, []byte("nodename = VerneMQ@127.0.0.1\n"))
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	archive = filepath.Join(dir, "vernemq.tar.gz")
	if err := os.WriteFile(archive, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return archive
}

// base gives the engine a system of busybox alone.
func base(t *testing.T, dir string) {
	t.Helper()
	tree := filepath.Join(dir, "base")
	script := `set -e; mkdir -p "$0/bin" "$0/usr/lib" "$0/usr/sbin" "$0/etc" "$0/var/lib" "$0/var/log" "$0/tmp"
cp "$(command -v busybox)" "$0/bin/busybox"; for p in $("$0/bin/busybox" --list); do [ -e "$0/bin/$p" ] || ln -s busybox "$0/bin/$p"; done
for l in $(ldd "$0/bin/busybox" | grep -o '/[^ ]*'); do mkdir -p "$0${l%/*}"; cp -L "$l" "$0$l"; done # where it is not static
find "$0" -exec touch -h -d @946684800 {} + # a base is older than what is built on it
tar -C "$0" -c . | docker import - system:1`
	c := exec.Command("sh", "-c", script, tree)
	c.Env = append(os.Environ(), "DOCKER_HOST=unix://"+docker.Socket)
	if out, err := c.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
}

// TestVerneMQIsBuilt with the files that this project ships, by a real engine, of
// an archive of the stand-in: twice the same image, in layers that stand for what
// changes together.
func TestVerneMQIsBuilt(t *testing.T) {
	enginetest.Need(t)
	dir := t.TempDir()
	archive := standinRelease(t, dir)
	base(t, dir)
	d, h := doer(t)
	folder := filepath.Join(h.root, "build")
	b := vernemq.Build{Folder: folder, Ref: "vmqbot-build:latest", Base: "system:1", Bare: true, More: []string{"--no-cache", "--network=none"}}
	build := func(ref, archive, wanted string) error {
		for _, a := range []ops.Action{
			ops.Script{Text: vernemq.LayOut, Args: []string{folder, archive, wanted}},
			ops.WriteFile{Path: "build/Dockerfile", Content: []byte(vernemq.Dockerfile), Mode: 0o644},
			ops.WriteFile{Path: "build/start_vernemq", Content: []byte(vernemq.Start), Mode: 0o755},
			ops.Run{Argv: secret.Words(append([]string{"env", "DOCKER_HOST=unix://" + docker.Socket}, b.Argv()[1:]...)...)},
			ops.SettleImage{Built: b.Ref, Ref: ref, Epoch: vernemq.Epoch},
		} {
			if _, err := d.Do(t.Context(), cn, a, nil); err != nil {
				return err
			}
		}
		return nil
	}
	inspect := func(ref, what string) string {
		out, err := docker.Command(t.Context(), "image", "inspect", "--format", what, ref)
		if err != nil {
			t.Fatal(out, err)
		}
		return out
	}
	t.Setenv("DOCKER_HOST", "unix://"+docker.Socket) // of the host's own docker command
	for _, ref := range []string{"vernemq:1", "vernemq:2"} {
		if err := build(ref, archive, ""); err != nil {
			t.Fatal(err)
		}
	}
	if one, two := inspect("vernemq:1", "{{.Id}} {{.RootFS.Layers}}"), inspect("vernemq:2", "{{.Id}} {{.RootFS.Layers}}"); one != two {
		t.Errorf("two builds:\n%s\n%s", one, two)
	}
	if got := inspect("vernemq:1", "{{len .RootFS.Layers}} {{.Config.Cmd}} {{.Created}}"); got != "4 [start_vernemq] 2000-01-01T00:00:00Z" {
		t.Error(got)
	}
	if out, err := docker.Command(t.Context(), "image", "inspect", b.Ref); err == nil {
		t.Errorf("it is still there: %s", out)
	}
	if out, err := docker.Command(t.Context(), "run", "--rm", "--network=none", "vernemq:1", "sh", "-c", "ls -l /usr/sbin/vernemq /usr/lib/vernemq/etc && cat /etc/vernemq/vernemq.conf && [ -x /usr/lib/vernemq/erts-10/bin/beam.smp ] && sh -n /usr/sbin/start_vernemq"); err != nil || !strings.Contains(out, "nodename = VerneMQ@127.0.0.1") {
		t.Errorf("%s %v", out, err)
	}

	empty := filepath.Join(dir, "empty.tar.gz")
	if out, err := exec.Command("tar", "-czf", empty, "-C", dir, "standin").CombinedOutput(); err != nil {
		t.Fatal(string(out), err)
	}
	for _, c := range []struct{ name, archive, wanted, says string }{
		{"no archive", "/nowhere.tar.gz", "", "there is no archive /nowhere.tar.gz"},
		{"no tar", filepath.Join(dir, "standin"), "", "is no archive of tar and gzip"},
		{"another archive", archive, strings.Repeat("0", 64), "is not the archive with sha256 000"},
		{"no release", empty, "", "the archive holds no bin/vernemq"},
	} {
		if err := build("vernemq:3", c.archive, c.wanted); ops.CodeOf(err) != ops.Failed || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}
