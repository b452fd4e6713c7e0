package enginetest

import (
	"context"
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"
)

// ignoresUSR2 is the bit of SIGUSR2 in SigIgn of /proc/PID/status.
const ignoresUSR2 = 1 << 11

// Hears waits until the guest, which is a process of this machine, listens to
// SIGTERM; on a busy machine a stop that comes before ends otherwise. That Go
// has a handler for it says nothing: it has one for every signal from the start.
// So the guest ignores SIGUSR2 once it listens.
func Hears(ctx context.Context, pid int) error {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for {
		text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
		if err != nil {
			return err
		}
		_, rest, _ := strings.Cut(string(text), "\nSigIgn:\t")
		mask, _, _ := strings.Cut(rest, "\n")
		if ignored, err := strconv.ParseUint(mask, 16, 64); err == nil && ignored&ignoresUSR2 != 0 {
			return nil
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return fmt.Errorf("process %d does not listen to SIGTERM: %w", pid, ctx.Err())
		}
	}
}
