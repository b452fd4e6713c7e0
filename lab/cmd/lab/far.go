package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"time"

	"vmqbot/lab/far"
)

// runFar holds packets for `lab delay` until ctx ends. Its first line of output says
// that it does.
func runFar(ctx context.Context, args []string) error {
	flags := flag.NewFlagSet("lab far", flag.ContinueOnError)
	queue := flags.Uint("queue", 0, "the number of the queue")
	late := flags.Duration("late", 100*time.Millisecond, "how long each packet waits")
	if err := flags.Parse(args); err != nil || *queue == 0 || *queue > 1<<16-1 || *late <= 0 || flags.NArg() > 0 {
		return errors.New("type lab far --queue N --late TIME")
	}
	return far.Hold(ctx, uint16(*queue), *late, func() { fmt.Println("holding") })
}
