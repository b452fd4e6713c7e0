package ship

import (
	"strings"
	"sync/atomic"
	"testing"
)

// TestTheSourcePushesWhatIsNew: docker save would send all of an image; pushed,
// only what the bot has not comes, and nothing is left of it on the source.
func TestTheSourcePushesWhatIsNew(t *testing.T) {
	w := newWorld(t)
	system, old, young := layer(t, "pushed system", 3<<20), layer(t, "pushed old", 1<<20), layer(t, "pushed young", 1<<20)
	first := build(t, "airdroid/vernemq:push1", system, old)
	second := build(t, "airdroid/vernemq:push2", system, young)
	if err := w.ship(t.Context(), first, "airdroid/vernemq:push1"); err != nil {
		t.Fatal(err)
	}
	var came atomic.Int64
	w.shipper.heard = func(n int64) { came.Add(n) }
	if err := w.ship(t.Context(), second, "airdroid/vernemq:push2"); err != nil {
		t.Fatal(err)
	}
	w.has(second, "airdroid/vernemq:push2")
	if got := came.Load(); got < 1<<20 || got > 1<<20+64<<10 {
		t.Errorf("%d bytes came of the source for a layer of %d", got, 1<<20)
	}
	if w.said("read as a whole") {
		t.Errorf("%q", w.lines)
	}
	out, err := source.Command(t.Context(), "images", "--digests", "--format", "{{.Repository}}:{{.Tag}} {{.Digest}}")
	if err != nil || strings.Contains(out, "127.0.0.1") {
		t.Errorf("left on the source: %s %v", out, err)
	}
}

// TestASourceThatForwardsNothing is read as a whole, as docker save writes it.
func TestASourceThatForwardsNothing(t *testing.T) {
	w := newWorldOf(t, t.TempDir(), []string{"AllowTcpForwarding no"}, nil)
	id := build(t, "airdroid/vernemq:saved", layer(t, "saved", 1<<20))
	if err := w.ship(t.Context(), id, "airdroid/vernemq:saved"); err != nil {
		t.Fatal(err)
	}
	w.has(id, "airdroid/vernemq:saved")
	if !w.said("it is read as a whole") || !w.said("AllowTcpForwarding") {
		t.Errorf("%q", w.lines)
	}
}

// TestAnImageWithoutAReferenceIsNotLost: the one that a push needs would be its
// only one.
func TestAnImageWithoutAReferenceIsNotLost(t *testing.T) {
	w := newWorld(t)
	ref := "airdroid/vernemq:bare"
	id := build(t, ref, layer(t, "bare", 1<<20))
	build(t, ref, layer(t, "bare too", 1<<20)) // takes the reference
	if err := w.ship(t.Context(), id, ref); err != nil {
		t.Fatal(err)
	}
	w.has(id, ref)
	if out, err := source.Command(t.Context(), "image", "inspect", "--format", "{{.Id}}", id); err != nil || out != id {
		t.Errorf("%s %v", out, err)
	}
}
