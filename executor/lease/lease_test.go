package lease_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"vmqbot/executor/lease"
	"vmqbot/executor/wire"
	"vmqbot/executor/wire/sshdtest"
	"vmqbot/ops"
	"vmqbot/regions"
)

// world is a host with a real sshd, and bots that reach it over connections
// of their own.
type world struct {
	t    *testing.T
	node regions.Node
	dir  string
}

func newWorld(t *testing.T, lines ...string) *world {
	t.Helper()
	w := &world{t: t, node: sshdtest.Start(t, sshdtest.Config{Lines: lines}).Node(), dir: t.TempDir()}
	w.node.SSH.LockDir = w.dir
	return w
}

func (w *world) bot() *lease.Leases {
	p := wire.New(wire.Options{})
	w.t.Cleanup(func() { _ = p.Close() })
	return lease.New(p)
}

// patience bounds every wait of these tests.
const patience = time.Minute

func (w *world) ctx() context.Context {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	w.t.Cleanup(cancel)
	return ctx
}

func (w *world) acquire(b *lease.Leases, l ops.Lease) ops.Lease {
	w.t.Helper()
	got, err := b.AcquireOn(w.ctx(), w.node, l)
	if err != nil {
		w.t.Fatalf("%s wanted %s: %v", l.Holder, l.Name, err)
	}
	return got
}

// path is where the host keeps what belongs to a name; its folder is there.
func (w *world) path(name string) string {
	w.t.Helper()
	dir := filepath.Join(w.dir, "vmqbot")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		w.t.Fatal(err)
	}
	return filepath.Join(dir, name)
}

func (w *world) file() string {
	w.t.Helper()
	b, err := os.ReadFile(w.path("release-cn.lease"))
	if err != nil {
		w.t.Fatal(err)
	}
	return string(b)
}

func wants(holder string) ops.Lease {
	return ops.Lease{Name: "release/cn", Holder: holder, Reason: "reattach cn (4f2a91)", TTL: time.Hour}
}

func wantCode(t *testing.T, err error, code ops.Code, says ...string) {
	t.Helper()
	if err == nil || ops.CodeOf(err) != code {
		t.Fatalf("got %v (code %s), want code %s", err, ops.CodeOf(err), code)
	}
	for _, s := range says {
		if !strings.Contains(err.Error(), s) {
			t.Errorf("the error does not say %q: %v", s, err)
		}
	}
}

const (
	ana  = "terminal:ana@laptop#1234"
	slot = "bot:U0 2$(id)'\"\n“x”#1" // a holder may be named by anybody
)

func TestOnlyOneHolderAtATime(t *testing.T) {
	w := newWorld(t)
	a, b := w.bot(), w.bot()
	begun := time.Now().Truncate(time.Second) // the host tells whole seconds
	mine := w.acquire(a, wants(ana))
	if mine.Epoch != 1 || mine.Name != "release/cn" || mine.Holder != ana || mine.TTL != time.Hour ||
		mine.Expires.Sub(mine.Since) != time.Hour || mine.Since.Before(begun) || mine.Since.After(time.Now()) {
		t.Errorf("granted %+v", mine)
	}
	_, err := b.AcquireOn(w.ctx(), w.node, wants(slot))
	var held *ops.Held
	if !errors.As(err, &held) || held.Lease != func() ops.Lease { l := mine; l.TTL = 0; return l }() {
		t.Fatalf("got %v, want Held by ana with %+v", err, mine)
	}
	other := wants(slot)
	other.Name = "release/sg"
	w.acquire(b, other) // another region is free
	if err := a.ReleaseOn(w.ctx(), w.node, mine); err != nil {
		t.Fatal(err)
	}
	next := w.acquire(b, wants(slot))
	if next.Epoch != 2 || next.Holder != slot {
		t.Errorf("granted %+v, want epoch 2 and the holder verbatim", next)
	}
}

func TestTwoBotsRaceAndOneWins(t *testing.T) {
	w := newWorld(t)
	for round := range 10 {
		bots := []*lease.Leases{w.bot(), w.bot(), w.bot(), w.bot()}
		var all sync.WaitGroup
		var mu sync.Mutex
		var won []ops.Lease
		for i, b := range bots {
			l := wants(string(rune('a' + i)))
			all.Go(func() {
				got, err := b.AcquireOn(w.ctx(), w.node, l)
				mu.Lock()
				defer mu.Unlock()
				var held *ops.Held
				if err == nil {
					won = append(won, got)
				} else if !errors.As(err, &held) {
					t.Errorf("lost by %v, want Held", err)
				}
			})
		}
		all.Wait()
		if len(won) != 1 || won[0].Epoch != int64(round+1) {
			t.Fatalf("round %d: %d won: %+v", round, len(won), won)
		}
		if err := bots[0].ReleaseOn(w.ctx(), w.node, won[0]); err != nil {
			t.Fatal(err)
		}
	}
}

func TestRenewAndReleaseAreForTheHolderOnly(t *testing.T) {
	w := newWorld(t)
	b := w.bot()
	mine := w.acquire(b, wants(ana))
	longer := mine
	longer.TTL = 2 * time.Hour
	renewed, err := b.RenewOn(w.ctx(), w.node, longer)
	if err != nil || renewed.Epoch != mine.Epoch || !renewed.Since.Equal(mine.Since) || !renewed.Expires.After(mine.Expires) {
		t.Errorf("renewed %+v, error %v", renewed, err)
	}
	before := w.file()
	for name, change := range map[string]func(*ops.Lease){
		"another holder":   func(l *ops.Lease) { l.Holder = slot },
		"an earlier epoch": func(l *ops.Lease) { l.Epoch-- },
		"a later epoch":    func(l *ops.Lease) { l.Epoch++ },
	} {
		other := mine
		change(&other)
		_, err := b.RenewOn(w.ctx(), w.node, other)
		wantCode(t, err, ops.Refused, "no longer ours", ana, "epoch 1")
		if err := b.ReleaseOn(w.ctx(), w.node, other); err != nil || w.file() != before {
			t.Errorf("%s released it: %q, error %v", name, w.file(), err)
		}
	}
	for range 2 {
		if err := b.ReleaseOn(w.ctx(), w.node, mine); err != nil {
			t.Errorf("releasing: %v", err)
		}
	}
	_, err = b.RenewOn(w.ctx(), w.node, mine)
	wantCode(t, err, ops.Refused, "nobody holds it now")
}

// /var/lock is empty after a reboot. Who held the lease has it again, unless
// somebody else was there first.
func TestARestartedHostForgetsTheLease(t *testing.T) {
	w := newWorld(t)
	b := w.bot()
	mine := w.acquire(b, wants(ana))
	forget := func() {
		t.Helper()
		files, err := filepath.Glob(filepath.Join(w.dir, "vmqbot", "*.lease"))
		if err != nil || len(files) != 1 {
			t.Fatalf("%v, %v", files, err)
		}
		if err := os.Remove(files[0]); err != nil {
			t.Fatal(err)
		}
	}
	forget()
	renewed, err := b.RenewOn(w.ctx(), w.node, mine)
	if err != nil || renewed.Epoch != mine.Epoch || renewed.Holder != mine.Holder {
		t.Errorf("renewed %+v, error %v", renewed, err)
	}
	forget()
	theirs := w.acquire(w.bot(), wants(slot))
	_, err = b.RenewOn(w.ctx(), w.node, mine)
	wantCode(t, err, ops.Refused, "no longer ours", slot)
	if err := b.ReleaseOn(w.ctx(), w.node, theirs); err != nil {
		t.Fatal(err)
	}
	_, err = b.RenewOn(w.ctx(), w.node, mine)
	wantCode(t, err, ops.Refused, "nobody holds it now")
}

func TestAskingAgainKeepsTheEpoch(t *testing.T) {
	w := newWorld(t)
	b := w.bot()
	first := w.acquire(b, wants(ana))
	again := w.acquire(w.bot(), wants(ana)) // the answer to the first was lost
	if again.Epoch != first.Epoch || !again.Since.Equal(first.Since) {
		t.Errorf("got %+v after %+v", again, first)
	}
}

func TestTheHostsClockDecidesExpiry(t *testing.T) {
	w := newWorld(t)
	b := w.bot()
	short := wants(ana)
	short.TTL = 1500 * time.Millisecond // rounded up to two seconds
	mine := w.acquire(b, short)
	if d := mine.Expires.Sub(mine.Since); d != 2*time.Second {
		t.Errorf("it lasts %s", d)
	}
	var next ops.Lease
	deadline, held := time.Now().Add(patience), error(&ops.Held{})
	for held != nil {
		if next, held = b.AcquireOn(w.ctx(), w.node, wants(slot)); held != nil && time.Now().After(deadline) {
			t.Fatalf("it never expired: %v", held)
		}
	}
	if next.Epoch != 2 || next.Since.Before(mine.Expires) {
		t.Errorf("granted %+v before %s", next, mine.Expires)
	}
	_, err := b.RenewOn(w.ctx(), w.node, mine)
	wantCode(t, err, ops.Refused, "no longer ours")
}

func TestALeaseThatRanOutIsANewOneForItsHolderToo(t *testing.T) {
	w := newWorld(t)
	old := "v1 5 100 160 " + ana + " because\n" // it ran out in 1970
	if err := os.WriteFile(w.path("release-cn.lease"), []byte(old), 0o644); err != nil {
		t.Fatal(err)
	}
	begun := time.Now().Truncate(time.Second)
	if l := w.acquire(w.bot(), wants(ana)); l.Epoch != 6 || l.Since.Before(begun) {
		t.Errorf("granted %+v, want epoch 6", l)
	}
}

func TestTheEpochNeverFallsBack(t *testing.T) {
	w := newWorld(t)
	b := w.bot()
	known := wants(ana)
	known.Epoch = 41 // the store knows a higher one: the host was restarted
	mine := w.acquire(b, known)
	if mine.Epoch != 42 {
		t.Errorf("epoch %d, want 42", mine.Epoch)
	}
	if err := b.ReleaseOn(w.ctx(), w.node, mine); err != nil {
		t.Fatal(err)
	}
	if l := w.acquire(b, wants(slot)); l.Epoch != 43 {
		t.Errorf("epoch %d, want 43", l.Epoch)
	}
}
