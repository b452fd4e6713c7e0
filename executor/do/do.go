package do

import (
	"context"
	"fmt"
	"io/fs"
	"time"

	"vmqbot/answer"
	"vmqbot/executor/engine"
	"vmqbot/ops"
	"vmqbot/regions"
	"vmqbot/secret"
)

// longest is how long an action may take when the caller's context says
// nothing sooner: a step's own time does, and copying data takes minutes.
const longest = 15 * time.Minute

// Host is the ssh connection to one host, as far as actions need it.
type Host interface {
	Run(ctx context.Context, argv []secret.Word, line func(string)) (answer.Answer, error)
	WriteFile(ctx context.Context, path string, content []byte, mode fs.FileMode) error
}

// Shipper brings images from host to host.
type Shipper interface {
	Ship(ctx context.Context, to regions.Node, s ops.ShipImage, line func(string)) error
}

// shipTime is the same for an image that is brought: hundreds of megabytes
// through a poor line.
const shipTime = 2 * time.Hour

// Feeder is a Host that can also give a command input, which a variable of its
// environment needs.
type Feeder interface {
	Feed(ctx context.Context, argv []secret.Word, input []byte, line func(string)) (answer.Answer, error)
}

// Doer implements ops.Doer.
type Doer struct {
	Shipper Shipper // nil where no image is brought

	host    func(regions.Node) Host
	engines *engine.Pool
	fleet   *regions.Fleet // nil where nothing is copied from host to host
}

var _ ops.Doer = (*Doer)(nil)

// New makes a Doer over the ssh connections that host names and the Docker
// engines reached through them.
func New(host func(regions.Node) Host, engines *engine.Pool) *Doer {
	return &Doer{host: host, engines: engines}
}

// Do does one action and returns what the tool printed, both streams. Errors
// are *ops.Error or wrap one; code Unseen means that the outcome is unknown.
func (d *Doer) Do(ctx context.Context, n regions.Node, a ops.Action, line func(string)) (string, error) {
	if line == nil {
		line = func(string) {}
	}
	limit := longest
	image, ships := a.(ops.ShipImage)
	if ships {
		limit = shipTime
	}
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	if ships && d.Shipper != nil {
		return "", sentence(d.Shipper.Ship(ctx, n, image, line), n)
	}
	switch a := a.(type) {
	case ops.Run:
		return d.run(ctx, n, a, line)
	case ops.Script:
		return d.run(ctx, n, ops.Run{Argv: secret.Words(append([]string{"sh", "-c", a.Text}, a.Args...)...)}, line)
	case ops.Exec:
		return d.exec(ctx, n, a, line)
	case ops.WriteFile:
		return "", sentence(d.host(n).WriteFile(ctx, a.Path, a.Content, fs.FileMode(a.Mode)), n)
	case ops.ShipSelf:
		return "", sentence(d.ship(ctx, n, a), n)
	case ops.CopyFile:
		return "", d.copyFile(ctx, n, a)
	case ops.SettleImage:
		return "", d.settle(ctx, n, a, line)
	case ops.Reconnect:
		return "", d.renew(ctx, n)
	case ops.Wait:
		return "", nil // the runner waits for the step's proof
	case ops.TryContainer:
		return d.try(ctx, n, a, line)
	}
	if err, known := change(ctx, d.engines.Of(n), a); known {
		return "", sentence(err, n)
	}
	return "", ops.Errorf(ops.Invalid, "help", "%s is not something that can be done on a host.", a)
}

func (d *Doer) run(ctx context.Context, n regions.Node, r ops.Run, line func(string)) (string, error) {
	if len(r.Argv) == 0 {
		return "", ops.Errorf(ops.Invalid, "", "There is no command to run on %s.", n.Name)
	}
	argv, input, err := withEnv(r)
	if err != nil {
		return "", err
	}
	if n.SSH.Sudo {
		argv = append(secret.Words("sudo", "-n"), argv...)
	}
	ask := func() (answer.Answer, error) {
		a, err := d.tell(ctx, n, argv, input, line)
		if err == nil {
			a.Argv = shown(r.Argv) // as weave's parsers know it, without sudo
		}
		return a, err
	}
	a, err := ask()
	if err != nil {
		return printed(a), sentence(err, n)
	}
	read := readRun(a)
	if again, err, done := d.regain(ctx, n, read, ask, line); done {
		if err != nil {
			return printed(a), sentence(err, n)
		}
		return printed(a) + printed(again), judge(n.Host, readRun(again), again)
	}
	return printed(a), judge(n.Host, read, a)
}

// tell runs a command, with its input where it has any.
func (d *Doer) tell(ctx context.Context, n regions.Node, argv []secret.Word, input []byte, line func(string)) (answer.Answer, error) {
	host := d.host(n)
	if len(input) == 0 {
		return host.Run(ctx, argv, line)
	}
	f, can := host.(Feeder)
	if !can {
		return answer.Answer{}, ops.Errorf(ops.Invalid, "", "A command on %s cannot be given variables from here.", n.Name)
	}
	return f.Feed(ctx, argv, input, line)
}

func (d *Doer) exec(ctx context.Context, n regions.Node, e ops.Exec, line func(string)) (string, error) {
	if len(e.Argv) == 0 {
		return "", ops.Errorf(ops.Invalid, "", "There is no command to run in %s.", e.Container)
	}
	a, err := d.engines.Of(n).Exec(ctx, e.Container, e.Argv, line)
	if err != nil {
		return printed(a), sentence(err, n)
	}
	read, err := readExec(e.Judge, a)
	if err != nil {
		return printed(a), err
	}
	return printed(a), judge(fmt.Sprintf("%s in %s", n.Host, e.Container), read, a)
}
