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
	"vmqbot/facts"
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
	if _, err := h.Size(within(t, patience), name); wire.BlindOf(err) != facts.Absent {
		t.Errorf("a file that is not there: %v", err)
	}
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
		if size, err := h.Size(within(t, patience), name); err != nil || size != int64(len(content)) {
			t.Errorf("%s: %d %v", c.name, size, err)
		}
	}
	for range 2 {
		if err := h.Remove(within(t, patience), name); err != nil {
			t.Error(err)
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
	for rtt, want := range map[time.Duration]int{0: 8, time.Millisecond: 8, 60 * time.Millisecond: 20, 180 * time.Millisecond: 58, time.Second: 64} {
		if got := wire.InFlight(rtt); got != want {
			t.Errorf("%s: %d, want %d", rtt, got, want)
		}
	}
}
