package wire_test

import (
	"bytes"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
	"time"

	"vmqbot/executor/wire"
	"vmqbot/executor/wire/sshdtest"
	"vmqbot/ops"
)

// noise is content that no place of it repeats.
func noise(n int) []byte {
	b := make([]byte, n)
	_, _ = rand.NewChaCha8([32]byte{1}).Read(b)
	return b
}

// TestAppendGoesOn: what was cut goes on from the file's size, and what was
// wrong behind a place is written anew from there.
func TestAppendGoesOn(t *testing.T) {
	t.Parallel()
	h, _ := aHost(t)
	content := noise(5 << 20)
	name := filepath.Join(t.TempDir(), "image.part")
	for _, c := range []struct {
		name string
		have []byte
		from int64
	}{
		{"from nothing", nil, 0},
		{"from a half", content[:2<<20], 2 << 20},
		{"from before what is wrong", append(bytes.Clone(content[:1<<20]), "wrong"...), 1 << 20},
		{"all is there", content, 5 << 20},
	} {
		if err := os.WriteFile(name, c.have, 0o600); err != nil {
			t.Fatal(err)
		}
		first, last := int64(-1), int64(0)
		err := h.Append(within(t, patience), name, c.from, bytes.NewReader(content), int64(len(content)), func(n int64) {
			if first < 0 {
				first = n
			}
			last = n
		})
		if err != nil {
			t.Fatalf("%s: %v", c.name, err)
		}
		if first < c.from || last != int64(len(content)) {
			t.Errorf("%s: told %d first and %d last", c.name, first, last)
		}
		if got, err := os.ReadFile(name); err != nil || !bytes.Equal(got, content) {
			t.Errorf("%s: %d bytes, %v", c.name, len(got), err)
		}
	}
}

// TestAppendThatIsCut leaves a beginning of what was sent, and says that the
// outcome is not known.
func TestAppendThatIsCut(t *testing.T) {
	t.Parallel()
	s := sshdtest.Start(t, sshdtest.Config{})
	proxy := sshdtest.NewProxy(t, s.Addr())
	h := newPool(t, wire.Options{}).Host(proxy.Node(t, s))
	content := noise(16 << 20)
	name := filepath.Join(t.TempDir(), "image.part")
	cut := false
	err := h.Append(within(t, patience), name, 0, bytes.NewReader(content), int64(len(content)), func(n int64) {
		if n > 8<<20 && !cut {
			cut = true
			proxy.Cut()
		}
	})
	if ops.CodeOf(err) != ops.Unseen {
		t.Fatalf("%v", err)
	}
	got, err := os.ReadFile(name)
	if err != nil || len(got) == 0 || len(got) == len(content) || !bytes.HasPrefix(content, got) {
		t.Errorf("%d bytes, which are no beginning of it; %v", len(got), err)
	}
	if err := h.Append(within(t, patience), name, int64(len(got)), bytes.NewReader(content), int64(len(content)), func(int64) {}); err != nil {
		t.Fatal(err)
	}
	if got, err := os.ReadFile(name); err != nil || !bytes.Equal(got, content) {
		t.Errorf("%d bytes, %v", len(got), err)
	}
}

// TestWhatIsUnderWay fits the line: too little would make a long one slow, and a
// cut loses all of it.
func TestWhatIsUnderWay(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name      string
		rtt, each time.Duration // a round trip, and what one piece takes
		fit, most int           // pieces that the line holds, and that may be under way
	}{
		{"60 ms and 50 Mbit/s", 60 * time.Millisecond, 5243 * time.Microsecond, 12, 16},
		{"180 ms and 50 Mbit/s", 180 * time.Millisecond, 5243 * time.Microsecond, 35, 41},
		{"a poor line", 60 * time.Millisecond, 52 * time.Millisecond, 2, 6},
		{"more than a channel holds", 300 * time.Millisecond, time.Millisecond, 64, 64},
		{"next door", 100 * time.Microsecond, 200 * time.Microsecond, 2, 6},
	} {
		_, last := wire.Line(c.rtt, c.each, 2000)
		if last < c.fit || last > c.most {
			t.Errorf("%s: %d pieces, want %d to %d", c.name, last, c.fit, c.most)
		}
	}
	if peak, _ := wire.Line(60*time.Millisecond, 5243*time.Microsecond, 2000); peak > 20 {
		t.Errorf("%d pieces at the beginning", peak)
	}
}
