package build

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"vmqbot/lab/place"
	"vmqbot/lab/walls"
)

func TestOnce(t *testing.T) {
	var log strings.Builder
	b := &Builder{Places: place.Places{Cache: t.TempDir()}, Log: &log}
	made := 0
	make := func(_ context.Context, dir string) error {
		made++
		return put(dir, "deep/file", "x", 0o755)
	}
	for range 2 {
		a, err := b.once(context.Background(), "thing", "k1", make)
		if err != nil {
			t.Fatal(err)
		}
		if info, err := os.Stat(filepath.Join(a.Dir, "deep", "file")); err != nil || info.Mode().Perm() != 0o755 {
			t.Errorf("the file: %v, %v", info, err)
		}
	}
	if made != 1 || !strings.HasPrefix(log.String(), "made the thing in ") {
		t.Errorf("made %d times, said %q", made, log.String())
	}
	if _, err := b.once(context.Background(), "thing", "k2", func(context.Context, string) error { return errors.New("no disk") }); err == nil {
		t.Error("a failure was lost")
	}
	if _, err := os.Stat(filepath.Join(b.Places.Cache, "thing-k2")); err == nil {
		t.Error("a half-made artifact is in the cache")
	}
	if _, err := os.Stat(filepath.Join(b.Places.Cache, "thing-k1")); err != nil {
		t.Error("a failure took the old artifact away")
	}
	if _, err := b.once(context.Background(), "thing", "k3", make); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(b.Places.Cache, "thing-k1")); err == nil {
		t.Error("the old artifact is still there")
	}
}

func TestKeyOfTellsPartsApart(t *testing.T) {
	keys := []string{keyOf(), keyOf(""), keyOf("ab"), keyOf("a", "b"), keyOf("b", "a"), keyOf("ab", "")}
	slices.Sort(keys)
	if len(slices.Compact(keys)) != 6 {
		t.Errorf("two of six different lists have one key: %v", keys)
	}
}

func TestMissingPackages(t *testing.T) {
	dir := t.TempDir()
	if err := put(dir, "usr/bin/dockerd", "", 0o755); err != nil {
		t.Fatal(err)
	}
	got := missing([]need{{dir + "/usr/*bin/dockerd", "docker.io"}, {dir + "/usr/sbin/debootstrap", "debootstrap"}})
	if !slices.Equal(got, []string{"debootstrap"}) {
		t.Errorf("got %v; dockerd is there, in another directory", got)
	}
}

func TestRuntimeIsWrappedOnlyWhenItMustBe(t *testing.T) {
	for _, caps := range [][]string{nil, {"CAP_SYS_RESOURCE"}} {
		text, err := daemonJSON(caps)
		if err != nil {
			t.Fatal(err)
		}
		var config map[string]any
		if err := json.Unmarshal([]byte(text), &config); err != nil {
			t.Fatal(err)
		}
		_, inner := config["default-runtime"]
		b := &Builder{Places: place.Places{Cache: "/c"}, Walls: walls.Walls{Caps: caps}}
		outer := slices.Contains(b.RuntimeFlags(), "lab-runc=/c/lab-runc")
		if want := len(caps) > 0; inner != want || outer != want {
			t.Errorf("missing %v: wrapped inside %t, outside %t, want %t", caps, inner, outer, want)
		}
	}
}

func TestLibrariesIn(t *testing.T) {
	said := "\tlinux-vdso.so.1 (0x00007f3dacc18000)\n" +
		"\tlibpcap.so.0.8 => /lib/x86_64-linux-gnu/libpcap.so.0.8 (0x00007f3dacbbb000)\n" +
		"\tlibc.so.6 => /lib/x86_64-linux-gnu/libc.so.6 (0x00007f3dac9d9000)\n" +
		"\t/lib64/ld-linux-x86-64.so.2 (0x00007f3dacc1a000)\n"
	want := []string{"/lib/x86_64-linux-gnu/libpcap.so.0.8", "/lib/x86_64-linux-gnu/libc.so.6", "/lib64/ld-linux-x86-64.so.2"}
	if got := librariesIn(said); !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	if got := librariesIn("\tstatically linked\n"); len(got) > 0 {
		t.Errorf("a static program has %v", got)
	}
}

func TestWeavePinsAreThere(t *testing.T) {
	pins := filepath.Join("..", "weave")
	mod, err := os.ReadFile(filepath.Join(pins, "weave.mod"))
	if err != nil || !strings.HasPrefix(string(mod), "module github.com/weaveworks/weave\n") {
		t.Errorf("weave.mod: %v", err)
	}
	if sum, err := os.ReadFile(filepath.Join(pins, "weave.sum")); err != nil || !strings.Contains(string(sum), " h1:") {
		t.Errorf("weave.sum: %v", err)
	}
}

func TestBaseTreeAndBusybox(t *testing.T) {
	dir := t.TempDir()
	if err := baseTree(dir); err != nil {
		t.Fatal(err)
	}
	if err := put(dir, "bin/ip", "real", 0o755); err != nil {
		t.Fatal(err)
	}
	if !taken(dir, "ip") || taken(dir, "sed") {
		t.Error("a program in /bin is in /usr/bin, and must not be covered by busybox")
	}
	if target, err := os.Readlink(filepath.Join(dir, "var/run")); err != nil || target != "../run" {
		t.Errorf("/var/run is %q, %v", target, err)
	}
}
