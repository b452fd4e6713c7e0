package probe

import (
	"testing"
	"time"
)

// TestTheOwnWayOfTheOneThatArrived: those that were lost before it do not
// count, and what nobody sent says nothing.
func TestTheOwnWayOfTheOneThatArrived(t *testing.T) {
	now := time.Now()
	p := &pair{arrived: make(chan time.Duration, 1), sent: []time.Time{now.Add(-3 * time.Hour), now.Add(-2 * time.Hour), now.Add(-time.Hour)}}
	for _, payload := range []string{"", "x", "-1", "3", "1"} {
		p.hear(payload)
	}
	if took := <-p.arrived; took < 2*time.Hour || took >= 3*time.Hour {
		t.Errorf("it took %v, want two hours", took)
	}
	p.hear("0")
	p.hear("2")
	if took := <-p.arrived; took < 3*time.Hour {
		t.Errorf("the next took %v, want three hours", took)
	}
}
