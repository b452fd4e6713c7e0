package enginetest

import (
	"context"
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"
)

// hearsTERM is the bit of SIGTERM in SigCgt of /proc/PID/status.
const hearsTERM = 1 << 14

// Hears waits until a process of this machine has a handler for SIGTERM. The
// first process of a container is deaf until then, and on a busy machine a stop
// that comes at once ends with a kill.
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
		_, rest, _ := strings.Cut(string(text), "\nSigCgt:\t")
		mask, _, _ := strings.Cut(rest, "\n")
		if caught, err := strconv.ParseUint(mask, 16, 64); err == nil && caught&hearsTERM != 0 {
			return nil
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return fmt.Errorf("process %d does not listen to SIGTERM: %w", pid, ctx.Err())
		}
	}
}
