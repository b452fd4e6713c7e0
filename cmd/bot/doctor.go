package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"slices"

	"vmqbot/ops"
)

// doctor is the verb of that name for whoever has nothing but a fleet file yet.
func (p *process) doctor(ctx context.Context, args []string) error {
	fs := p.flags("doctor")
	config := fs.String("config", "fleet.yaml", "")
	asJSON := fs.Bool("json", false, "")
	if err := fs.Parse(args); errors.Is(err, flag.ErrHelp) {
		_, err = fmt.Fprint(p.stdout, usage)
		return err
	} else if err != nil {
		return ops.Errorf(ops.Invalid, "bot doctor --config fleet.yaml", "doctor: %v.", err)
	}
	line := []string{"--config", *config}
	if *asJSON {
		line = append(line, "--json")
	}
	return p.run(ctx, slices.Concat(line, []string{"--", "doctor"}, fs.Args()))
}
