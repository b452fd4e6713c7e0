package outer

import (
	"errors"
	"os"
	"os/exec"
	"slices"
	"testing"

	"vmqbot/lab/place"
)

func TestStartTimeIn(t *testing.T) {
	const tail = " S 1 2 3 0 -1 4194560 1 0 0 0 1 2 0 0 20 0 9 0 4711 1000 10 18446744073709551615 1 1"
	for name, stat := range map[string]string{
		"a plain name":                      "12 (dockerd)" + tail,
		"a name with blanks and a bracket":  "12 (a b) c)" + tail,
		"a name that looks like the fields": "12 (x) R 1 2 3 4 5 6 7 8 9)" + tail,
	} {
		if got, err := startTimeIn(stat); err != nil || got != "4711" {
			t.Errorf("%s: %q, %v, want 4711", name, got, err)
		}
	}
	for _, stat := range []string{"", "12 (x", "12 (x) S 1 2 3"} {
		if got, err := startTimeIn(stat); err == nil {
			t.Errorf("%q has the start time %q", stat, got)
		}
	}
	if _, err := startTimeIn("12 (dockerd) Z 1 2 3 0 -1 4194560 1 0 0 0 1 2 0 0 20 0 9 0 4711"); !errors.Is(err, os.ErrProcessDone) {
		t.Errorf("a zombie: %v, want that it is done", err)
	}
}

// A number that has gone to another process must not be taken for the daemon.
func TestRunning(t *testing.T) {
	d := Daemon{Places: place.Places{Run: t.TempDir()}}
	if d.Running() {
		t.Error("runs, although nothing was ever started")
	}
	child := exec.Command("cat")
	in, err := child.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	if err := d.record(child.Process.Pid); err != nil {
		t.Fatal(err)
	}
	if !d.Running() {
		t.Error("does not run, although it was recorded and lives")
	}
	_ = in.Close()
	if err := child.Wait(); err != nil {
		t.Fatal(err)
	}
	if d.Running() {
		t.Error("runs after its end")
	}
	start, err := startTime(os.Getpid())
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(d.recordFile(), []byte("1 "+start+"9\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if d.Running() {
		t.Error("process 1 was taken for the daemon")
	}
}

func TestDaemonGetsTheNamesItWasGiven(t *testing.T) {
	d := Daemon{Places: place.Places{Run: "/run/x"}}
	for stdin, options := range map[bool][]string{false: nil, true: {"--interactive"}} {
		got := d.Argv("vmqlab-cn", stdin, []string{"sh", "-c", "a b"})
		want := append([]string{"/usr/bin/docker", "--host", "unix:///run/x/docker.sock", "exec"}, options...)
		want = append(want, "vmqlab-cn", "sh", "-c", "a b")
		if !slices.Equal(got, want) {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}
