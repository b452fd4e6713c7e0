package main

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"vmqbot/commands"
	"vmqbot/control"
	"vmqbot/executor"
	"vmqbot/ops"
	"vmqbot/regions"
	"vmqbot/terminal"
)

const runFix = "bot run --config fleet.yaml -- help"

// runFlags are the options of bot run.
type runFlags struct {
	config   string
	dryRun   bool
	json     bool
	yes      bool
	lockWait time.Duration
	words    []string
}

func (p *process) flags(name string) *flag.FlagSet {
	fs := flag.NewFlagSet(name, flag.ContinueOnError)
	fs.SetOutput(io.Discard)
	return fs
}

func (p *process) parseRun(args []string) (runFlags, error) {
	var f runFlags
	fs := p.flags("run")
	fs.StringVar(&f.config, "config", "fleet.yaml", "")
	fs.BoolVar(&f.dryRun, "dry-run", false, "")
	fs.BoolVar(&f.json, "json", false, "")
	fs.BoolVar(&f.yes, "yes", false, "")
	fs.DurationVar(&f.lockWait, "lock-wait", 5*time.Minute, "")
	if err := fs.Parse(args); err != nil {
		before, _, _ := strings.Cut(strings.Join(args, " ")+" ", " -- ")
		f.json = f.json || slices.Contains(strings.Fields(before), "--json") // stands behind what is wrong
		if errors.Is(err, flag.ErrHelp) {
			return f, err
		}
		return f, ops.Errorf(ops.Invalid, runFix, "run: %v.", err)
	}
	if f.lockWait < 0 {
		return f, ops.Errorf(ops.Invalid, runFix, "run: --lock-wait wants a duration like 30s, not %s.", f.lockWait)
	}
	f.words = fs.Args()
	return f, nil
}

// run does one verb: the terminal is a door like any other. With --json, what
// goes wrong before anything is looked at is a result like any other, too.
func (p *process) run(ctx context.Context, args []string) error {
	f, err := p.parseRun(args)
	if errors.Is(err, flag.ErrHelp) {
		_, err = fmt.Fprint(p.stdout, usage)
		return err
	}
	var result control.Result
	if err == nil {
		result, err = p.do(ctx, f)
	}
	return p.report(f, result, err)
}

func (p *process) do(ctx context.Context, f runFlags) (control.Result, error) {
	fleet, err := p.loadFleet(f.config)
	if err != nil {
		return control.Result{}, err
	}
	c, r, err := commands.Parse(f.words, fleet)
	if err != nil {
		return control.Result{}, err
	}
	r.Actor = "terminal:" + p.user()
	st, err := p.openStore(ctx, fleet)
	if err != nil {
		return control.Result{}, err
	}
	hosts := executor.Open(fleet, p.reach(fleet))
	service := p.service(fleet, st, hosts, f)
	screen := terminal.New(p.stderr, p.tongue)
	door := control.Door{
		DryRun: f.dryRun, AnyYes: f.yes, Role: ops.Admin, Emit: screen.Show,
		Ask: func(ctx context.Context, _ ops.Plan) (bool, error) {
			return terminal.Ask(ctx, p.stdin, p.stderr, p.tongue)
		},
	}
	if !f.json {
		door.Show = func(text string) { fmt.Fprint(p.stdout, terminal.Printable(text)) }
	}
	result, err := service.Do(ctx, c, r, door)
	screen.Close()
	p.announce(ctx, fleet, result)
	return result, errors.Join(err, hosts.Close(), st.Close())
}

// service joins the rooms.
func (p *process) service(fleet *regions.Fleet, st storeService, hosts *executor.Hosts, f runFlags) *control.Service {
	clock := wallClock{}
	return &control.Service{
		Fleet: fleet, Looker: hosts.Looker, Follower: hosts.Follower, Runner: hosts.Runner(fleet, st, st, clock), HostLeases: hosts.Leases,
		Journal: st, History: st, Audit: st, AuditLog: st, Leases: st, Approvals: st, Book: st, Wishes: st, Keys: st, Clock: clock, NewToken: rand.Text,
		Holder: fmt.Sprintf("%s@%s#%d", p.user(), hostname(), os.Getpid()), NewID: newID, LockWait: f.lockWait,
		Redactor: fleet.Redactor(),
	}
}

// storeService is the part of the store that control asks for.
type storeService interface {
	ops.Journal
	ops.History
	ops.Audit
	ops.AuditLog
	ops.Approvals
	ops.Keys
	ops.Leases
	ops.Wishes
	ops.AlertBook
}

func (p *process) user() string {
	for _, name := range []string{"SUDO_USER", "USER", "LOGNAME"} {
		if u := p.getenv(name); u != "" {
			return u
		}
	}
	return fmt.Sprintf("uid%d", os.Getuid())
}

func hostname() string {
	h, err := os.Hostname()
	if err != nil {
		return "unknown"
	}
	return h
}

// newID makes the identity of an operation: six hexadecimal digits that one
// can say over the telephone.
func newID() string {
	var b [3]byte
	_, _ = rand.Read(b[:]) // never fails (crypto/rand since Go 1.24)
	return hex.EncodeToString(b[:])
}

// wallClock is the real clock.
type wallClock struct{}

func (wallClock) Now() time.Time                         { return time.Now() }
func (wallClock) After(d time.Duration) <-chan time.Time { return time.After(d) }
