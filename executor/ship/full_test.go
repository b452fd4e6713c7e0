package ship

import (
	"errors"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"vmqbot/executor/engine/enginetest"
	"vmqbot/ops"
)

// small makes the target an engine on a disk with so much room.
func small(t *testing.T, room string) {
	t.Helper()
	enginetest.Need(t)
	d, err := enginetest.StartOn(room)
	if err != nil {
		t.Fatalf("this test needs an engine on a small disk: %v", err)
	}
	before := target
	target = d
	t.Cleanup(func() {
		target = before
		d.Stop()
	})
}

// held is what the target keeps of images: their ids, the folders of their layers,
// and how much of its disk is taken.
func held(t *testing.T) (what string, used uint64) {
	t.Helper()
	images, err := target.Command(t.Context(), "image", "ls", "--all", "--quiet", "--no-trunc")
	if err != nil {
		t.Fatal(err)
	}
	all := []string{images}
	for _, dir := range []string{"image/*/layerdb/sha256/*", "image/*/layerdb/tmp/*", "image/*/imagedb/content/sha256/*", "overlay2/*", "vfs/dir/*", "tmp/*"} {
		found, err := filepath.Glob(filepath.Join(target.Dir, "data", dir))
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, found...)
	}
	var disk syscall.Statfs_t
	if err := syscall.Statfs(filepath.Join(target.Dir, "data"), &disk); err != nil {
		t.Fatal(err)
	}
	return strings.Join(all, "\n"), (disk.Blocks - disk.Bfree) * uint64(disk.Bsize) //nolint:gosec // a block has a size
}

// TestTheEnginesDiskFills while it fetches an image, and while it loads one: after it
// had come, so that layers are unpacked already. What to type makes room, what is
// there says why, and of the image nothing is.
func TestTheEnginesDiskFills(t *testing.T) {
	small(t, "40m")
	for name, sshd := range map[string][]string{"fetched": nil, "loaded": {"AllowTcpForwarding local"}} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, sshd...)
			fits := build(t, "airdroid/vernemq:fits", layer(t, "below", 1<<20))
			if err := w.ship(t.Context(), fits, "airdroid/vernemq:fits"); err != nil {
				t.Fatal(err)
			}
			before, used := held(t)
			id := build(t, "airdroid/vernemq:large", layer(t, "below", 1<<20), layer(t, "first", 6<<20), layer(t, "large", 22<<20))
			err := w.ship(t.Context(), id, "airdroid/vernemq:large")
			if err == nil {
				t.Fatal("it fits")
			}
			if ops.CodeOf(err) != ops.Failed || !strings.Contains(err.Error(), "A disk of "+w.to.Host+" is full: ") || !strings.Contains(err.Error(), "no space left on device") {
				t.Errorf("%v", err)
			}
			var said *ops.Error
			if !errors.As(err, &said) || said.Fix != "image prune" {
				t.Errorf("what to type: %+v", said)
			}
			after, now := held(t)
			if after != before || now > used+1<<20 {
				t.Errorf("%d kB of the disk were taken, and now %d; there was\n%s\nand now\n%s", used>>10, now>>10, before, after)
			}
			w.has(fits, "airdroid/vernemq:fits") // and nothing is left in the login user's folder
		})
	}
}
