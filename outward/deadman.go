package outward

import (
	"context"
	"log/slog"
	"time"

	"vmqbot/ops"
	"vmqbot/regions"
)

// Deadman asks an address at even distances while the watch really turns.
// Somebody outside, who answers there, tells people when nobody asks any more.
type Deadman struct {
	Fleet   *regions.Fleet
	Turns   func() bool // whether the watch works now
	Clock   ops.Clock
	Witness ops.Witness
	Logger  *slog.Logger
}

// DeadmanDoor is the name under which its attempts are counted.
const DeadmanDoor = "deadman"

// Run asks until ctx ends; without an address in the fleet file it ends at
// once. It begins as soon as the watch turns, not an interval later.
func (d *Deadman) Run(ctx context.Context) {
	if !d.Fleet.Deadman.Any() {
		return
	}
	c := newClient("the dead-man", d.Fleet.Redactor().Text)
	for {
		wait := d.Fleet.Deadman.Every
		if d.Turns() {
			d.ping(ctx, c)
		} else {
			wait = min(wait, time.Second)
		}
		select {
		case <-ctx.Done():
			return
		case <-d.Clock.After(wait):
		}
	}
}

func (d *Deadman) ping(ctx context.Context, c *client) {
	begun := d.Clock.Now()
	err := c.send(ctx, d.Fleet.Deadman.Method, d.Fleet.Deadman.URL, nil, nil)
	if err != nil && ctx.Err() != nil {
		return
	}
	d.Witness.Spoke(ops.Spoke{Door: DeadmanDoor, Op: ops.OpPing, Took: d.Clock.Now().Sub(begun), Err: err})
	if err != nil {
		d.Logger.Warn("the sign of life was not heard; it is repeated", "every", d.Fleet.Deadman.Every.String(), "err", err)
	}
}
