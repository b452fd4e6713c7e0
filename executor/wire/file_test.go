package wire_test

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"vmqbot/executor/wire"
	"vmqbot/executor/wire/sshdtest"
	"vmqbot/facts"
	"vmqbot/ops"
)

func TestWriteFileReplacesInOneStep(t *testing.T) {
	t.Parallel()
	h, _ := aHost(t)
	dir := t.TempDir()
	path := filepath.Join(dir, "vernemq.conf")
	for _, c := range []struct {
		name    string
		content []byte
		mode    fs.FileMode
	}{
		{"a new file", []byte("nodename = VerneMQ@10.0.0.1\n"), 0o644},
		{"a stricter mode", []byte("distributed_cookie = x\n"), 0o600},
		{"nothing", nil, 0o640},
		{"a megabyte of every byte", bytes.Repeat([]byte("\x00\xff\n'$("), 1<<20/6), 0o755},
	} {
		t.Run(c.name, func(t *testing.T) {
			if err := h.WriteFile(within(t, patience), path, c.content, c.mode); err != nil {
				t.Fatal(err)
			}
			info, err := os.Stat(path)
			if err != nil || info.Mode() != c.mode {
				t.Errorf("mode %v, error %v", info.Mode(), err)
			}
			got, err := h.ReadFile(within(t, patience), path, 1<<20)
			if err != nil || !bytes.Equal(got, c.content) {
				t.Errorf("%d bytes came back of %d, error %v", len(got), len(c.content), err)
			}
		})
	}
	onlyThisFile(t, dir, "vernemq.conf")
}

func onlyThisFile(t *testing.T, dir, name string) {
	t.Helper()
	left, err := os.ReadDir(dir)
	if err != nil || len(left) != 1 || left[0].Name() != name {
		t.Errorf("left in the folder: %v, error %v", left, err)
	}
}

func TestAReaderSeesTheOldOrTheNewFile(t *testing.T) {
	t.Parallel()
	h, _ := aHost(t)
	path := filepath.Join(t.TempDir(), "vernemq.conf")
	old, young := bytes.Repeat([]byte("o"), 300_000), bytes.Repeat([]byte("n"), 300_000)
	if err := os.WriteFile(path, old, 0o644); err != nil {
		t.Fatal(err)
	}
	stop := make(chan struct{})
	var reader sync.WaitGroup
	reader.Go(func() {
		for {
			if got, err := os.ReadFile(path); err != nil || !bytes.Equal(got, old) && !bytes.Equal(got, young) {
				t.Errorf("a reader saw %d bytes, error %v", len(got), err)
				return
			}
			select {
			case <-stop:
				return
			default:
			}
		}
	})
	for i := range 10 {
		if err := h.WriteFile(within(t, patience), path, [][]byte{young, old}[i%2], 0o644); err != nil {
			t.Error(err)
		}
	}
	close(stop)
	reader.Wait()
}

func TestFilesSayWhatIsWrong(t *testing.T) {
	t.Parallel()
	h, _ := aHost(t)
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "long"), make([]byte, 11), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		path  string
		blind facts.Blind
		says  string
	}{
		{filepath.Join(dir, "nothing"), facts.Absent, "does not exist"},
		{filepath.Join(dir, "nothing", "here"), facts.Absent, "does not exist"},
		{filepath.Join(dir, "long"), facts.Failed, "longer than 10 bytes"},
		{dir, facts.Failed, "reading " + dir},
	} {
		_, err := h.ReadFile(within(t, patience), c.path, 10)
		wantError(t, err, c.blind, ops.Failed, c.says)
	}
	for _, c := range []struct {
		path  string
		blind facts.Blind
		says  string
	}{
		{filepath.Join(dir, "nothing", "here"), facts.Absent, "does not exist"},
		{dir, facts.Failed, "writing " + dir}, // a folder is not replaced by a file
	} {
		err := h.WriteFile(within(t, patience), c.path, []byte("x"), 0o644)
		wantError(t, err, c.blind, ops.Failed, c.says)
	}
	onlyThisFile(t, dir, "long")
	if left, _ := filepath.Glob(filepath.Join(filepath.Dir(dir), ".*vmqbot*")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

func TestWriteFileRefusesAServerThatCannotReplace(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ subsystem, says string }{
		{"internal-sftp -P posix-rename", "cannot replace a file in one step"},
		{"/does-not-exist", ""},
	} {
		s := sshdtest.Start(t, sshdtest.Config{Lines: []string{"Subsystem sftp " + c.subsystem}})
		h := newPool(t, wire.Options{}).Host(s.Node())
		dir := t.TempDir()
		err := h.WriteFile(within(t, patience), filepath.Join(dir, "x"), []byte("x"), 0o644)
		if err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: got %v", c.subsystem, err)
		}
		if left, _ := os.ReadDir(dir); len(left) != 0 {
			t.Errorf("%s left %v", c.subsystem, left)
		}
	}
}
