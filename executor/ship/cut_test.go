package ship

import (
	"context"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"

	"vmqbot/executor/registry"
	"vmqbot/ops"
)

// inFlight is what may be lost by one cut: the window of each channel that
// carries a layer, and what encryption and acknowledgements add.
const inFlight = 5 << 20 / 2

// cuts cuts the connection each time a part of size has passed, counted from now
// on.
func (w *world) cuts(size int64, parts ...int64) (made func() int) {
	begin := w.proxy.Moved()
	var mu sync.Mutex
	n := 0
	w.proxy.Watch(func(moved int64) {
		mu.Lock()
		cut := n < len(parts) && moved-begin > size*parts[n]/100
		if cut {
			n++
		}
		mu.Unlock()
		if cut {
			w.proxy.Cut()
		}
	})
	return func() int {
		mu.Lock()
		defer mu.Unlock()
		return n
	}
}

// TestThreeCuts at a quarter, a half and three quarters cost what was in flight,
// by both ways.
func TestThreeCuts(t *testing.T) {
	const size = 24 << 20
	for _, c := range []struct {
		name     string
		sshd     []string
		channels int64
	}{
		{"as a file", []string{"AllowTcpForwarding local"}, 1},
		{"fetched", nil, 2},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t, c.sshd...)
			ref := "airdroid/vernemq:cut"
			id := build(t, ref, layer(t, "cut system", size/2), layer(t, "cut release", size/2))
			made := w.cuts(size, 25, 50, 75)
			begin := w.proxy.Moved()
			if err := w.ship(t.Context(), id, ref); err != nil {
				t.Fatal(err)
			}
			w.has(id, ref)
			if made() != 3 {
				t.Errorf("%d cuts were made", made())
			}
			if (c.sshd == nil) == w.said("as a file") {
				t.Errorf("it went the other way: %q", w.lines)
			}
			moved := w.proxy.Moved() - begin
			t.Logf("%d bytes moved for an image of %d", moved, size)
			if most := size + 3*c.channels*inFlight; moved > most {
				t.Errorf("%d bytes moved, want %d at most", moved, most)
			}
		})
	}
}

// TestABotThatDies leaves what has arrived, and the next one goes on there.
func TestABotThatDies(t *testing.T) {
	const size = 16 << 20
	w := newWorld(t, "AllowTcpForwarding local")
	ref := "airdroid/vernemq:dies"
	id := build(t, ref, layer(t, "dies", size))
	ctx, die := context.WithCancel(t.Context())
	begin := w.proxy.Moved()
	w.proxy.Watch(func(moved int64) {
		if moved-begin > size/2 {
			die()
		}
	})
	if err := w.ship(ctx, id, ref); ops.CodeOf(err) != ops.Refused {
		t.Fatalf("%v", err)
	}
	there := w.parts()
	if there == 0 {
		t.Fatal("nothing of it stayed")
	}
	w.proxy.Watch(nil)
	begin = w.proxy.Moved()
	if err := w.ship(t.Context(), id, ref); err != nil {
		t.Fatal(err)
	}
	w.has(id, ref)
	if moved := w.proxy.Moved() - begin; moved > size-there+inFlight {
		t.Errorf("%d bytes were there, and %d moved for the rest of %d", there, moved, size)
	}
}

// TestAFileThatIsWrong is begun anew: what lies on the host under the right name
// is believed by its digest only.
func TestAFileThatIsWrong(t *testing.T) {
	w := newWorld(t, "AllowTcpForwarding local")
	ref := "airdroid/vernemq:wrong"
	id := build(t, ref, layer(t, "wrong", 12<<20))
	ctx, die := context.WithCancel(t.Context())
	begin := w.proxy.Moved()
	w.proxy.Watch(func(moved int64) {
		if moved-begin > 10<<20 {
			die()
		}
	})
	if err := w.ship(ctx, id, ref); err == nil {
		t.Fatal("it was not interrupted")
	}
	w.proxy.Watch(nil)
	w.damage()
	if err := w.ship(t.Context(), id, ref); err != nil {
		t.Fatal(err)
	}
	w.has(id, ref)
	if !slices.ContainsFunc(w.lines, func(l string) bool { return l == "\rwhole; the engine of cn-1 loads it" }) {
		t.Errorf("%q", w.lines)
	}
}

// TestABotThatDiedBehindAFetch left the engine with the image under the name by
// which it was fetched, and without its own: the next one puts that right.
func TestABotThatDiedBehindAFetch(t *testing.T) {
	w := newWorld(t)
	ref := "airdroid/vernemq:fetched"
	id := build(t, ref, layer(t, "fetched", 1<<20))
	if err := w.ship(t.Context(), id, ref); err != nil {
		t.Fatal(err)
	}
	i, _, err := w.shipper.Stock.Image(id)
	if err != nil {
		t.Fatal(err)
	}
	reg, err := registry.New(w.shipper.Stock, i, "token")
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(authorized(reg))
	defer server.Close()
	for _, c := range [][]string{{"rmi", ref}, {"pull", "-q", strings.TrimPrefix(server.URL, "http://") + "/" + registry.Name + "@" + reg.Digest}} {
		if out, err := target.Command(t.Context(), c...); err != nil {
			t.Fatal(out, err)
		}
	}
	if err := w.ship(t.Context(), id, ref); err != nil {
		t.Fatal(err)
	}
	w.has(id, ref)
}

// authorized lets everybody read.
func authorized(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.SetBasicAuth(registry.User, "token")
		h.ServeHTTP(w, r)
	})
}
