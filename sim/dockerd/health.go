package dockerd

import (
	"bytes"
	"context"
	"time"

	"github.com/docker/docker/api/types/container"
)

// What a health check has when nobody says otherwise, and how many results
// are kept.
const (
	probeEach  = 30 * time.Second
	probeTime  = 30 * time.Second
	probeTries = 3
	probesKept = 5
)

// checkHealth probes a life until it is over; the caller holds the lock.
func (c *Container) checkHealth(r *run) {
	h := c.config.Healthcheck
	if h == nil || len(h.Test) == 0 || h.Test[0] == "NONE" {
		c.health = nil
		return
	}
	argv := h.Test[1:]
	if h.Test[0] == "CMD-SHELL" {
		argv = append([]string{"/bin/sh", "-c"}, h.Test[1:]...)
	}
	c.health = &container.Health{Status: container.Starting, Log: []*container.HealthcheckResult{}}
	each, tries := or(h.Interval, probeEach), h.Retries
	if tries == 0 {
		tries = probeTries
	}
	d := c.e.daemon
	c.e.pending.Go(func() {
		for c.e.wait(each, r.over, d.over) {
			c.probe(d, r, argv, or(h.Timeout, probeTime), tries, h.StartPeriod)
		}
	})
}

func or(d, other time.Duration) time.Duration {
	if d == 0 {
		return other
	}
	return d
}

// probe runs the check once.
func (c *Container) probe(d *daemon, r *run, argv []string, limit time.Duration, tries int, grace time.Duration) {
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	c.e.pending.Go(func() {
		select {
		case <-r.over:
		case <-d.over:
		case <-ctx.Done():
		}
		cancel()
	})
	var out bytes.Buffer
	result := &container.HealthcheckResult{Start: time.Now()}
	status, err := c.Exec(ctx, container.ExecOptions{Cmd: argv, AttachStdout: true, AttachStderr: true}, Streams{Out: &out, Err: &out})
	result.End, result.ExitCode, result.Output = time.Now(), status, out.String()
	if err != nil {
		result.ExitCode, result.Output = -1, "Health check exceeded timeout ("+limit.String()+")"
	}
	c.e.mu.Lock()
	defer c.e.mu.Unlock()
	if c.run != r || c.health == nil {
		return
	}
	c.judge(result, tries, grace)
}

// judge counts a result; the caller holds the lock.
func (c *Container) judge(result *container.HealthcheckResult, tries int, grace time.Duration) {
	h := *c.health // inspect may be reading the old one
	h.Log = append(h.Log[max(0, len(h.Log)-probesKept+1):len(h.Log):len(h.Log)], result)
	old := h.Status
	switch {
	case result.ExitCode == 0:
		h.FailingStreak, h.Status = 0, container.Healthy
	case h.Status == container.Starting && result.End.Sub(c.st.started) < grace:
	default:
		if h.FailingStreak++; h.FailingStreak >= tries {
			h.Status = container.Unhealthy
		}
	}
	c.health = &h
	if h.Status != old {
		c.tell("health_status: "+h.Status, nil)
		c.stir()
	}
}
