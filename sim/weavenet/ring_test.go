package weavenet

import (
	"net/netip"
	"testing"

	"pgregory.net/rapid"
)

// Whatever is granted, transferred and merged: every address has one owner,
// and rings that have heard of each other's changes are equal.
func TestRing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		peers := []string{"a", "b", "c"}
		first := ring{Range: netip.MustParsePrefix("10.32.0.0/26"), Nicks: map[string]string{}}
		first.seed(peers[:rapid.IntRange(1, 3).Draw(t, "seeds")])
		rings := map[string]*ring{}
		for _, p := range peers {
			c := first.clone()
			rings[p] = &c
		}
		for range rapid.IntRange(0, 30).Draw(t, "steps") {
			addr := address(number(first.Range.Addr()) + rapid.Uint32Range(0, 63).Draw(t, "address"))
			to := rapid.SampledFrom(peers).Draw(t, "to")
			owner := rings[to].owner(addr)
			if rings[owner].owner(addr) == owner && owner != to {
				rings[owner].grant(addr, to)
			}
			from := rings[rapid.SampledFrom(peers).Draw(t, "gossip")]
			for _, r := range rings {
				if _, err := r.merge(*from); err != nil {
					t.Fatal(err)
				}
			}
		}
		for range 2 {
			for _, r := range rings {
				for _, o := range rings {
					if _, err := r.merge(*o); err != nil {
						t.Fatal(err)
					}
				}
			}
		}
		for p, r := range rings {
			whole := uint32(0)
			for i := range r.Entries {
				whole += r.length(i)
			}
			if whole != size(r.Range) || r.Entries[0].Token != number(r.Range.Addr()) {
				t.Fatalf("%s: %d addresses in %+v", p, whole, r.Entries)
			}
			for n := range uint32(64) {
				a := address(number(r.Range.Addr()) + n)
				if r.owner(a) != rings["a"].owner(a) {
					t.Fatalf("%s: %s belongs to %s, for a to %s", p, a, r.owner(a), rings["a"].owner(a))
				}
			}
		}
	})
}

func TestRingRefuses(t *testing.T) {
	one := ring{Range: netip.MustParsePrefix("10.32.0.0/12"), Nicks: map[string]string{"a": "eu"}}
	one.seed([]string{"a"})
	other := ring{Range: one.Range, Nicks: map[string]string{}}
	other.seed([]string{"b"})
	small := ring{Range: netip.MustParsePrefix("10.32.0.0/16"), Nicks: map[string]string{}}
	small.seed([]string{"a"})
	for want, r := range map[string]ring{
		"IP allocation was seeded by different peers (received: [b], ours: [a(eu)])":     other,
		"Incompatible IP allocation ranges (received: 10.32.0.0/16, ours: 10.32.0.0/12)": small,
	} {
		if _, err := one.merge(r); err == nil || err.Error() != want {
			t.Errorf("%v, want %s", err, want)
		}
	}
}
