package sim

import (
	"errors"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"
)

// TestPorts: a fleet whose ports are chosen has them in a row; a second one that
// wants the same is told so in one line, and opens nothing; when the first has
// ended they are free.
func TestPorts(t *testing.T) {
	var first *Fleet
	var err error
	base := 0
	for range 50 { // somebody else may have one of the nine
		base = 20000 + rand.IntN(20000)
		if first, err = build(t.Context(), Options{Dir: t.TempDir(), Port: base}); err == nil {
			break
		}
	}
	if err != nil {
		t.Fatal(err)
	}
	next := base
	for _, h := range first.hosts {
		for _, d := range []*door{h.ssh, h.mqtt} {
			if d == nil {
				continue
			}
			if d.port() != next {
				t.Errorf("%s: port %d, want %d", h.site.Name, d.port(), next)
			}
			next++
		}
	}
	if next != base+9 {
		t.Errorf("%d ports, want 9", next-base)
	}
	for _, at := range []int{base, base + 8, base - 8} { // the first is taken, or the last
		second, err := build(t.Context(), Options{Dir: t.TempDir(), Port: at})
		if second != nil || !errors.Is(err, ErrOptions) || !strings.HasSuffix(err.Error(), "of this machine is taken") {
			t.Fatalf("a second fleet from port %d: %v", at, err)
		}
		if at == base && !strings.Contains(err.Error(), strconv.Itoa(base)) {
			t.Errorf("it does not say which port: %v", err)
		}
	}
	first.Close()
	again, err := build(t.Context(), Options{Dir: t.TempDir(), Port: base})
	if err != nil {
		t.Fatalf("the ports of a fleet that has ended: %v", err)
	}
	again.Close()
	below, err := build(t.Context(), Options{Dir: t.TempDir(), Port: base - 8})
	if err != nil {
		t.Fatalf("what a fleet opened that could not begin: %v", err)
	}
	below.Close()
}
