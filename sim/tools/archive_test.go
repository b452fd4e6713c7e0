package tools_test

import (
	"archive/tar"
	"bytes"
	"os/exec"
	"testing"

	"vmqbot/sim/fabric"
	"vmqbot/sim/kernel"
	"vmqbot/sim/tools"
)

// An archive as docker cp writes it, listed and printed as the tar of this
// machine does.
func TestTar(t *testing.T) {
	real, err := exec.LookPath("tar")
	if err != nil {
		t.Fatal("this machine has no tar to compare with: apt-get install tar")
	}
	var archive bytes.Buffer
	w := tar.NewWriter(&archive)
	for _, h := range []tar.Header{{Name: "./", Typeflag: tar.TypeDir, Mode: 0o755}, {Name: "./b", Mode: 0o644, Size: 4}, {Name: "./d/", Typeflag: tar.TypeDir, Mode: 0o755}, {Name: "./d/a", Mode: 0o600, Size: 4}} {
		if err := w.WriteHeader(&h); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte("one\n")[:h.Size]); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	m := kernel.Boot("cn-1", fabric.New().Space("cn-1"), &kernel.Root{Dir: t.TempDir(), Programs: tools.Programs()})
	t.Cleanup(m.Halt)
	for _, flags := range []string{"-tf", "-xOf"} {
		cmd := exec.CommandContext(t.Context(), real, flags, "-")
		cmd.Stdin = bytes.NewReader(archive.Bytes())
		want, err := cmd.Output()
		if err != nil {
			t.Fatal(err)
		}
		var got bytes.Buffer
		p, err := m.Start(kernel.Spec{Argv: []string{"tar", flags, "-"}, Env: []string{"PATH=/bin:/usr/bin"},
			FDs: map[int]*kernel.FD{0: kernel.Input(bytes.NewReader(archive.Bytes())), 1: kernel.Output(&got), 2: kernel.Output(&got)}})
		if err != nil {
			t.Fatal(err)
		}
		if exit := p.Wait(); exit != 0 || got.String() != string(want) || len(want) == 0 {
			t.Errorf("tar %s: exit %d, %q; the real one %q", flags, exit, got.String(), want)
		}
	}
}
