package main

import (
	"context"
	"fmt"
	"os"

	"vmqbot/guard/onhost"
	"vmqbot/ops"
)

// guard is what the bot's program does on a region's host: the bot types it there
// (guard install, remove, status).
func (p *process) guard(ctx context.Context, args []string) error {
	if len(args) == 1 && (args[0] == "--help" || args[0] == "-h") {
		_, err := fmt.Fprint(p.stdout, usage)
		return err
	}
	self, err := os.Executable()
	if err != nil {
		return ops.Errorf(ops.Failed, "", "This program's own file cannot be found: %v.", err)
	}
	return onhost.Do(ctx, onhost.Process{Machine: onhost.Real{}, Self: self, PID: os.Getpid(), Version: build(), Out: p.stdout, Err: p.stderr}, args)
}
