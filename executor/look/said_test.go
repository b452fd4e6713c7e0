package look

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"vmqbot/facts"
	"vmqbot/regions"
	"vmqbot/secret"
)

// What is no reading is refused next to where it would be done, too: the engine
// is not even there.
func TestOnlyReadingsAreRun(t *testing.T) {
	v := view{seat: &seat{name: "cn.example.net"}, node: regions.Node{Name: "cn-1"}}
	for _, line := range []string{"", "set a=b", "cluster leave node=VerneMQ@10.0.0.1", "api-key show"} {
		if got := v.said(context.Background(), line); got.Blind() != facts.Denied {
			t.Errorf("%q: %v", line, got.Why())
		}
	}
}

func TestTheLogFolder(t *testing.T) {
	if os.Getuid() != 0 {
		t.Skip("runs as another user, so it wants root")
	}
	dir, err := os.MkdirTemp("/tmp", "vmqbot-log-") // t.TempDir is closed to others
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(os.Chmod(dir, 0o755))                                                                //nolint:gosec // a log folder that all may read
	must(os.WriteFile(filepath.Join(dir, "console.log"), []byte("1\n2\n@0 end 0\n3"), 0o644)) //nolint:gosec // the same
	must(os.WriteFile(filepath.Join(dir, "crash.log"), nil, 0o644))                           //nolint:gosec // the same
	v := on(login{uid: 65534}, regions.Volumes{Log: dir})
	got := v.logged(context.Background(), 3)
	files, ok := got.Get()
	if !ok || len(files) != 2 || files[0].Name != "console.log" || len(files[1].Lines) != 0 {
		t.Fatalf("got %+v, %s", files, got.Why())
	}
	if last := files[0].Lines[len(files[0].Lines)-1]; last != "3" {
		t.Errorf("the last line is %q", last)
	}
	must(os.Chmod(filepath.Join(dir, "console.log"), 0o600))
	if got := v.logged(context.Background(), 3); got.Blind() != facts.Denied || !strings.Contains(got.Why(), "console.log on cn.example.net cannot be read") {
		t.Errorf("a file that is closed: %s: %s", got.Blind(), got.Why())
	}
	if got := on(login{}, regions.Volumes{Log: dir + "/none"}).logged(context.Background(), 3); got.Blind() != facts.Absent {
		t.Errorf("no folder: %s: %s", got.Blind(), got.Why())
	}
	if got := on(login{said: "1\n@0 console 0\n"}, regions.Volumes{Log: dir}).logged(context.Background(), 3); got.Blind() != facts.Unreadable {
		t.Errorf("an answer that was cut: %s: %s", got.Blind(), got.Why())
	}
}

// This machine tells of itself.
func TestTheMachineTells(t *testing.T) {
	if os.Getuid() != 0 {
		t.Skip("runs as another user, so it wants root")
	}
	v := on(login{}, regions.Volumes{})
	a, err := v.host.Run(context.Background(), secret.Words("sh", "-c", machineScript, "vmqbot-machine", "/etc", "/none of these"), nil)
	if err != nil {
		t.Fatal(err)
	}
	m, err := v.parseMachine(a)
	if err != nil || len(m.Addresses) == 0 {
		t.Fatalf("%+v, %v", m, err)
	}
	if len(m.Missing) != 1 || m.Missing[0] != "/none of these" {
		t.Errorf("missing %q", m.Missing)
	}
	id, _ := os.ReadFile("/etc/machine-id")
	if m.ID != strings.TrimSpace(string(id)) {
		t.Errorf("id %q, want %q", m.ID, id)
	}
	for _, cut := range []int{10, len(a.Stdout) / 2, len(a.Stdout) - 2} {
		short := a
		short.Stdout = a.Stdout[:cut]
		if m, err := v.parseMachine(short); err == nil {
			t.Errorf("cut at %d it is read as %+v", cut, m)
		}
	}
}
