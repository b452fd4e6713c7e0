package look_test

import (
	"context"
	"strings"
	"testing"
	"time"
)

// patience is the limit of what is sure to come, however busy this machine is.
const patience = time.Minute

// slower does something with a time of its own, and with twice that until the
// machine is fast enough for it.
func slower(t *testing.T, d time.Duration, done func(time.Duration) bool) {
	t.Helper()
	for ; !done(d); d *= 2 {
		if d > patience {
			t.Fatalf("not seen with %v either", d)
		}
	}
}

// up runs a container until its broker listens, which is later than Docker
// says that it runs.
func up(t *testing.T, name string, env ...string) {
	t.Helper()
	docker.Container(t, name, env...)
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for {
		log, err := docker.Command(ctx, "logs", name)
		if strings.Contains(log, "second line") {
			return
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			t.Fatalf("%s does not start: %q, %v", name, log, err)
		}
	}
}
