//go:build nosim

package main

import (
	"context"

	"vmqbot/ops"
)

// sim is not part of the container image, which serves real fleets and must
// stay small: a simulated fleet is an operating system, a Docker engine and a
// broker.
func (p *process) sim(context.Context, []string) error {
	return ops.Errorf(ops.Invalid, "go build ./cmd/bot", "This program was built without the simulated fleet (nosim).")
}

// demo is not part of it either.
func (p *process) demo(context.Context, []string) error {
	return ops.Errorf(ops.Invalid, "go build ./cmd/bot", "This program was built without the simulated fleet (nosim), which the demo shows.")
}
