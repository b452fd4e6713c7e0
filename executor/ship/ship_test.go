package ship

import (
	"strings"
	"testing"
)

// TestAColdHostFetches: a host that has nothing of the image fetches it from the
// bot, and the second time nothing moves.
func TestAColdHostFetches(t *testing.T) {
	w := newWorld(t)
	id := build(t, "airdroid/vernemq:cold", layer(t, "system", 3<<20), layer(t, "release", 2<<20))
	if err := w.ship(t.Context(), id, "airdroid/vernemq:cold"); err != nil {
		t.Fatal(err)
	}
	w.has(id, "airdroid/vernemq:cold")
	if w.said("as a file") || !w.said("0 of 2 layers are on the host of cn-1") {
		t.Errorf("%q", w.lines)
	}
	w.lines = nil
	if err := w.ship(t.Context(), id, "airdroid/vernemq:cold"); err != nil || len(w.lines) > 0 {
		t.Errorf("again: %v %q", err, w.lines)
	}
}

// TestOnlyTheChangedLayerTravels to a host that has the others, however they came
// there.
func TestOnlyTheChangedLayerTravels(t *testing.T) {
	w := newWorld(t)
	system, old, young := layer(t, "system", 3<<20), layer(t, "old", 1<<20), layer(t, "young", 1<<20)
	first := build(t, "airdroid/vernemq:1", system, old)
	second := build(t, "airdroid/vernemq:2", system, young)
	for _, c := range []struct{ id, ref string }{{first, "airdroid/vernemq:1"}, {second, "airdroid/vernemq:2"}} {
		if err := w.ship(t.Context(), c.id, c.ref); err != nil {
			t.Fatal(err)
		}
		w.has(c.id, c.ref)
	}
	if !w.said("1 of 2 layers are on the host of cn-1; the others are 1.0 MB") && !w.said("the others are 1.1 MB") {
		t.Errorf("%q", w.lines)
	}
}

// TestWhereNoPortIsForwarded it travels as a file.
func TestWhereNoPortIsForwarded(t *testing.T) {
	w := newWorld(t, "AllowTcpForwarding local")
	id := build(t, "airdroid/vernemq:noport", layer(t, "noport", 2<<20))
	if err := w.ship(t.Context(), id, "airdroid/vernemq:noport"); err != nil {
		t.Fatal(err)
	}
	w.has(id, "airdroid/vernemq:noport")
	if !w.said("AllowTcpForwarding") || !w.said("it is brought as a file") {
		t.Errorf("%q", w.lines)
	}
}

// TestTheTagMoves: the reference was another image's there, and is this one's.
func TestTheTagMoves(t *testing.T) {
	w := newWorld(t)
	old := build(t, "airdroid/vernemq:moves", layer(t, "before", 1<<20))
	if err := w.ship(t.Context(), old, "airdroid/vernemq:moves"); err != nil {
		t.Fatal(err)
	}
	young := build(t, "airdroid/vernemq:moves", layer(t, "after", 1<<20))
	if err := w.ship(t.Context(), young, "airdroid/vernemq:moves"); err != nil {
		t.Fatal(err)
	}
	w.has(young, "airdroid/vernemq:moves")
	if err := w.ship(t.Context(), old, "airdroid/vernemq:moves"); err != nil { // it is still there, without a name
		t.Fatal(err)
	}
	w.has(old, "airdroid/vernemq:moves")
}

// TestTheSourceLostIt between the plan and the effect.
func TestTheSourceLostIt(t *testing.T) {
	w := newWorld(t)
	err := w.ship(t.Context(), "sha256:"+strings.Repeat("0", 64), "airdroid/vernemq:2")
	if err == nil || !strings.Contains(err.Error(), "is not on the host of sg-1 any more") {
		t.Errorf("%v", err)
	}
	w.clean()
}
