package store_test

import (
	"errors"
	"fmt"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"pgregory.net/rapid"

	"vmqbot/ops"
	"vmqbot/store"
)

const ttl = time.Minute

func wish(holder string) ops.Lease {
	return ops.Lease{Name: "release/cn", Holder: holder, Reason: "reattach cn (4f2a91)", TTL: ttl}
}

func TestALeaseIsHeldByOne(t *testing.T) {
	s, clock := fresh(t)
	ctx := t.Context()
	ana, err := s.Acquire(ctx, wish("ana@laptop#1"))
	must(t, err)
	if ana.Epoch != 1 || !ana.Since.Equal(noon) || !ana.Expires.Equal(noon.Add(ttl)) {
		t.Errorf("the lease is %+v", ana)
	}
	clock.turn(ttl - 1)
	for _, asks := range []string{"bot@server#2", "ana@laptop#1"} {
		_, err = s.Acquire(ctx, wish(asks))
		held := (*ops.Held)(nil)
		if !errors.As(err, &held) || held.Lease.Holder != "ana@laptop#1" || held.Lease.Epoch != 1 || held.Lease.TTL != ttl {
			t.Fatalf("%s gets %v", asks, err)
		}
		if want := "release/cn is held by ana@laptop#1 (reattach cn (4f2a91)) since 12:00:00 UTC"; err.Error() != want {
			t.Errorf("got %q, want %q", err, want)
		}
	}
	other := wish("bot@server#2")
	other.Name = "release/sg"
	if _, err := s.Acquire(ctx, other); err != nil {
		t.Errorf("another region is not free: %v", err)
	}
}

func TestAnExpiredLeaseGoesToAnother(t *testing.T) {
	s, clock := fresh(t)
	ctx := t.Context()
	ana, err := s.Acquire(ctx, wish("ana@laptop#1"))
	must(t, err)
	clock.turn(ttl)
	says(t, s.Check(ctx, ana), ops.Refused, "The lock release/cn of ana@laptop#1 expired at 12:01:00 UTC. Type: history")
	_, err = s.Renew(ctx, ana)
	says(t, err, ops.Refused, "The lock release/cn of ana@laptop#1 expired at 12:01:00 UTC.")

	bot, err := s.Acquire(ctx, wish("bot@server#2"))
	must(t, err)
	if bot.Epoch != 2 {
		t.Errorf("the new holder has epoch %d, want 2", bot.Epoch)
	}
	const gone = "The lock release/cn is no longer held by ana@laptop#1: bot@server#2 took it (reattach cn (4f2a91)) at 12:01:00 UTC."
	says(t, s.Check(ctx, ana), ops.Refused, gone)
	_, err = s.Renew(ctx, ana)
	says(t, err, ops.Refused, gone)
	must(t, s.Release(ctx, ana)) // must not take it from the new holder
	must(t, s.Check(ctx, bot))
}

func TestRenewalsKeepALease(t *testing.T) {
	s, clock := fresh(t)
	ctx := t.Context()
	l, err := s.Acquire(ctx, wish("ana@laptop#1"))
	must(t, err)
	for range 5 {
		clock.turn(ttl / 2)
		if l, err = s.Renew(ctx, l); err != nil {
			t.Fatal(err)
		}
		must(t, s.Check(ctx, l))
	}
	if l.Epoch != 1 || !l.Expires.Equal(clock.Now().Add(ttl)) || !l.Since.Equal(noon) {
		t.Errorf("the lease is %+v", l)
	}
}

func TestReleaseTwiceIsFine(t *testing.T) {
	s, _ := fresh(t)
	ctx := t.Context()
	says(t, s.Check(ctx, wish("ana@laptop#1")), ops.Refused, "The lock release/cn was never taken in this store.")
	must(t, s.Release(ctx, wish("ana@laptop#1")))
	l, err := s.Acquire(ctx, wish("ana@laptop#1"))
	must(t, err)
	must(t, s.Release(ctx, l))
	must(t, s.Release(ctx, l))
	says(t, s.Check(ctx, l), ops.Refused, "The lock release/cn is no longer held by ana@laptop#1: it was released.")
	again, err := s.Acquire(ctx, wish("ana@laptop#1"))
	must(t, err)
	if again.Epoch != 2 {
		t.Errorf("the epoch after a release is %d, want 2", again.Epoch)
	}
	says(t, s.Check(ctx, l), ops.Refused, "no longer held by ana@laptop#1: ana@laptop#1 took it")
}

func TestALeaseNeedsANameAHolderAndATime(t *testing.T) {
	s, _ := fresh(t)
	for _, l := range []ops.Lease{{Holder: "a", TTL: ttl}, {Name: "a", TTL: ttl}, {Name: "a", Holder: "a"}, {Name: "a", Holder: "a", TTL: -1}} {
		_, err := s.Acquire(t.Context(), l)
		says(t, err, ops.Invalid, "A lease needs a name, a holder and a time to live")
	}
}

// TestTwoHandlesOneWinner: two bots ask at the same instant, many times over.
func TestTwoHandlesOneWinner(t *testing.T) {
	path, clock := filepath.Join(t.TempDir(), "vmqbot.db"), newClock()
	handles := []*store.Store{open(t, path, clock), open(t, path, clock)}
	for round := range 20 {
		var won atomic.Int32
		var wg sync.WaitGroup
		for i, s := range handles {
			wg.Go(func() {
				l, err := s.Acquire(t.Context(), wish(fmt.Sprintf("bot#%d", i)))
				held := (*ops.Held)(nil)
				switch {
				case err == nil && l.Epoch == int64(round+1):
					won.Add(1)
				case !errors.As(err, &held):
					t.Errorf("round %d: %+v, %v", round, l, err)
				}
			})
		}
		wg.Wait()
		if won.Load() != 1 {
			t.Fatalf("round %d had %d winners", round, won.Load())
		}
		clock.turn(ttl)
	}
}

// TestLeasesKeepTheirPromises compares random histories with the rule: a
// lease belongs to the last who took it, until it expires or is released.
func TestLeasesKeepTheirPromises(t *testing.T) {
	s, clock := fresh(t)
	ctx, round := t.Context(), 0
	rapid.Check(t, func(r *rapid.T) {
		round++
		name := fmt.Sprintf("release/%d", round)
		var owner ops.Lease // zero when nobody has it
		known := []ops.Lease{{Name: name, Holder: "a", TTL: ttl}}
		ours := func(l ops.Lease) bool {
			return owner.Epoch > 0 && l.Epoch == owner.Epoch && l.Holder == owner.Holder && clock.Now().Before(owner.Expires)
		}
		r.Repeat(map[string]func(*rapid.T){
			"acquire": func(r *rapid.T) {
				free := owner.Epoch == 0 || !clock.Now().Before(owner.Expires)
				last := known[len(known)-1].Epoch
				l, err := s.Acquire(ctx, ops.Lease{Name: name, Holder: rapid.SampledFrom([]string{"a", "b"}).Draw(r, "holder"), TTL: ttl})
				if (err == nil) != free || err == nil && l.Epoch != last+1 {
					r.Fatalf("free %v, got %+v, %v after epoch %d", free, l, err, last)
				}
				if err == nil {
					owner, known = l, append(known, l)
				}
			},
			"renew": func(r *rapid.T) {
				l := rapid.SampledFrom(known).Draw(r, "lease")
				mine := ours(l)
				renewed, err := s.Renew(ctx, l)
				if (err == nil) != mine {
					r.Fatalf("ours %v, renewing says %v", mine, err)
				}
				if err == nil {
					owner = renewed
				}
			},
			"release": func(r *rapid.T) {
				l := rapid.SampledFrom(known).Draw(r, "lease")
				if err := s.Release(ctx, l); err != nil {
					r.Fatal(err)
				}
				if l.Epoch == owner.Epoch && l.Holder == owner.Holder {
					owner = ops.Lease{}
				}
			},
			"wait": func(r *rapid.T) { clock.turn(time.Duration(rapid.IntRange(1, 90).Draw(r, "seconds")) * time.Second) },
			"": func(r *rapid.T) {
				for _, l := range known {
					if err := s.Check(ctx, l); (err == nil) != ours(l) {
						r.Fatalf("ours %v, checking says %v", ours(l), err)
					}
				}
			},
		})
	})
}
