package bot

import (
	"context"
	"fmt"
	"testing"
	"time"
)

// TestTheBudget: three live messages that change all the time share fewer than
// 50 edits a minute, and none of them starves.
func TestTheBudget(t *testing.T) {
	o := newOutbox(nil)
	edits := map[string]int{}
	began := time.Date(2026, 11, 29, 9, 0, 0, 0, time.UTC)
	for now := began; now.Sub(began) < time.Minute; now = now.Add(100 * time.Millisecond) {
		for i := range 3 {
			o.edit("C0123", fmt.Sprint(i), nil)
		}
		first := o.edits[0].ts
		if job, _ := o.next(now, false); job != nil {
			edits[first]++
		}
	}
	sum := 0
	for i := range 3 {
		n := edits[fmt.Sprint(i)]
		sum += n
		if n < 15 {
			t.Errorf("message %d was edited %d times", i, n)
		}
	}
	if sum > 50 {
		t.Errorf("%d edits in a minute", sum)
	}
}

// TestPostsKeepTheirOrder, at most one a second.
func TestPostsKeepTheirOrder(t *testing.T) {
	o := newOutbox(nil)
	var said []int
	for i := range 5 {
		o.say(func(context.Context) error { said = append(said, i); return nil })
	}
	began := time.Date(2026, 11, 29, 9, 0, 0, 0, time.UTC)
	for now := began; now.Sub(began) < 10*time.Second; now = now.Add(50 * time.Millisecond) {
		job, _ := o.next(now, false)
		if job == nil {
			continue
		}
		job(t.Context())
		if most := int(now.Sub(began)/time.Second) + 1; len(said) > most {
			t.Errorf("%d posts after %s", len(said), now.Sub(began))
		}
	}
	if fmt.Sprint(said) != "[0 1 2 3 4]" {
		t.Errorf("said %v", said)
	}
}
