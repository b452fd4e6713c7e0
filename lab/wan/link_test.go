package wan

import (
	"testing"
	"time"
)

func TestDue(t *testing.T) {
	t0 := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	type read struct {
		after, arrives time.Duration // since t0
		bytes          int
	}
	for name, row := range map[string]struct {
		link  Link
		reads []read
	}{
		"a plain link delays nothing":     {Link{}, []read{{0, 0, 10}, {5, 5, 10}}},
		"every byte is late by the delay": {Link{Delay: 100}, []read{{0, 100, 10}, {30, 130, 100000}}},
		"a rate spreads bytes": {Link{Delay: 100 * time.Millisecond, Rate: 1000},
			[]read{{0, 600 * time.Millisecond, 500}, {0, 1100 * time.Millisecond, 500}, {3 * time.Second, 3600 * time.Millisecond, 500}}},
		"a lost segment comes after a timeout": {Link{Delay: 100 * time.Millisecond, Loss: 1},
			[]read{{0, 500 * time.Millisecond, 10}}},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDirection(row.link, 1)
			for i, r := range row.reads {
				if got := d.due(t0.Add(r.after), r.bytes).Sub(t0); got != r.arrives {
					t.Errorf("read %d arrives after %v, want %v", i, got, r.arrives)
				}
			}
		})
	}
}

func TestNothingOvertakes(t *testing.T) {
	d := newDirection(Link{Delay: 10 * time.Millisecond, Loss: 0.3, Seed: 7}, 1)
	now, last, lost := time.Now(), time.Time{}, 0
	for range 1000 {
		due := d.due(now, segment)
		if due.Before(last) {
			t.Fatalf("arrives at %v, after bytes of %v", due, last)
		}
		last, now = due, now.Add(time.Second)
		if due.Sub(now.Add(-time.Second)) > 10*time.Millisecond {
			lost++
		}
	}
	if lost < 250 || lost > 350 {
		t.Errorf("%d of 1000 segments were lost, want about 300", lost)
	}
}

func TestLossGrowsWithSegments(t *testing.T) {
	count := func(bytes int) (lost int) {
		d := newDirection(Link{Loss: 0.01, Seed: 1}, 1)
		for range 5000 {
			if d.lost(bytes) {
				lost++
			}
		}
		return lost
	}
	if one, ten := count(segment), count(10*segment); ten < 5*one {
		t.Errorf("of 5000 reads %d of one segment and %d of ten lost something; want about ten times as many", one, ten)
	}
}

func TestSameSeedSameLoss(t *testing.T) {
	a, b := newDirection(Link{Loss: 0.5, Seed: 3}, 9), newDirection(Link{Loss: 0.5, Seed: 3}, 9)
	for i := range 100 {
		if a.lost(1) != b.lost(1) {
			t.Fatalf("read %d differs", i)
		}
	}
}
