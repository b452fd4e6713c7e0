package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestTrimChangesTheFileInPlace(t *testing.T) {
	file := filepath.Join(t.TempDir(), "config.json")
	spec := `{"process":{"capabilities":{"bounding":["CAP_KILL","CAP_SYS_RESOURCE"]}},"root":{"path":"rootfs"}}`
	if err := os.WriteFile(file, []byte(spec), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := trim(file, []string{"CAP_SYS_RESOURCE"}); err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if want := `{"process":{"capabilities":{"bounding":["CAP_KILL"]}},"root":{"path":"rootfs"}}`; string(got) != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

// runc must not start with a bundle that could not be edited: Docker would
// report the kernel's refusal and hide the reason.
func TestUnreadableBundleIsSaid(t *testing.T) {
	dir := t.TempDir()
	err := run([]string{"create", "--bundle", dir, "id"})
	if err == nil || !strings.HasPrefix(err.Error(), filepath.Join(dir, "config.json")) {
		t.Errorf("got %v, want the file's name", err)
	}
	if err := os.WriteFile(filepath.Join(dir, "config.json"), []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	err = run([]string{"run", "-b", dir, "id"})
	if err == nil || !strings.Contains(err.Error(), "not an OCI document") {
		t.Errorf("got %v, want that it is no OCI document", err)
	}
}
