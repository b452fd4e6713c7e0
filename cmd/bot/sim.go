//go:build !nosim

package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"vmqbot/ops"
	"vmqbot/sim"
	"vmqbot/sim/guarded"
)

const simFix = "bot sim --dir D"

// sim runs a simulated fleet until it is told to end or, with words behind the
// flags, hands them to the fleet that runs in the folder.
func (p *process) sim(ctx context.Context, args []string) error {
	fs := p.flags("sim")
	dir := fs.String("dir", "", "")
	nodes := fs.Int("nodes", 0, "")
	pace := fs.Float64("pace", 1, "")
	port := fs.Int("port", 0, "")
	if err := fs.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			_, err = fmt.Fprint(p.stdout, usage)
			return err
		}
		return ops.Errorf(ops.Invalid, simFix, "sim: %v.", err)
	}
	if *dir == "" {
		return ops.Errorf(ops.Invalid, simFix, "sim: name a folder of the fleet's own.")
	}
	full, err := filepath.Abs(*dir)
	if err != nil {
		return ops.Errorf(ops.Invalid, simFix, "sim: %v.", err)
	}
	if fs.NArg() > 0 {
		return p.simVerb(ctx, full, fs.Args())
	}
	if *pace == 0 { // which to sim is the pace of real machines
		return ops.Errorf(ops.Invalid, simFix, "sim: a pace of 0: it can be 0.001 to 10.")
	}
	log := p.inWords(p.stderr)
	defer log.Close() //nolint:errcheck // nothing is left to tell
	f, err := sim.Up(ctx, sim.Options{Dir: full, Nodes: *nodes, Pace: *pace, Port: *port, Log: log, Native: guarded.Main})
	if err != nil {
		return simError(err)
	}
	defer f.Close()
	r, err := f.Serve()
	if err != nil {
		return simError(err)
	}
	defer r.Close()
	if _, err := fmt.Fprintf(p.stdout, "ready: %s\n", f.FleetFile()); err != nil {
		return err
	}
	<-ctx.Done()
	return nil
}

// simVerb breaks, mends or asks something of a fleet that runs.
func (p *process) simVerb(ctx context.Context, dir string, words []string) error {
	out, errs := p.inWords(p.stdout), p.inWords(p.stderr)
	s := sim.Streams{Out: out, Err: errs}
	if words[0] == "exec" { // what a program of a host says stays as it comes
		s = sim.Streams{Out: p.stdout, Err: p.stderr}
		if len(words) > 1 && words[1] == "-i" {
			s.In = p.stdin
		}
	}
	exit, err := sim.Ask(ctx, dir, s, words...)
	err = errors.Join(err, out.Close(), errs.Close())
	switch {
	case errors.Is(err, sim.ErrNoFleet):
		return ops.Errorf(ops.Unseen, "bot sim --dir "+dir, "No simulated fleet runs in %s.", dir)
	case err != nil:
		return err
	case exit != 0:
		return errSilent(exit)
	}
	return nil
}

// simError gives an error of the simulated fleet its exit status and its way
// out: what is wrong with the words, and what is wrong with the machine.
func simError(err error) error {
	var busy *sim.Busy
	switch {
	case errors.As(err, &busy):
		return ops.Errorf(ops.Refused, "bot sim --dir "+busy.Dir+"-2", "A simulated fleet runs in %s already (process %d): end it, or use another folder.", busy.Dir, busy.PID)
	case errors.Is(err, sim.ErrOptions):
		return ops.Errorf(ops.Invalid, simFix, "sim: %s.", strings.TrimSuffix(err.Error(), "."))
	case errors.Is(err, os.ErrPermission):
		return ops.Errorf(ops.Invalid, simFix, "sim: %v: use a folder that you may write.", err)
	}
	return ops.Errorf(ops.Failed, simFix, "The simulated fleet did not start: %v.", err)
}
