package onhost

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"vmqbot/guard"
	"vmqbot/ops"
)

// Usage is what can be typed on the host. The bot types it; people need it only
// where the bot cannot come.
const Usage = "bot guard run --config FILE | setup CONFIG | teardown NODE | state NODE"

// Do does one word on the host. Errors have the code Invalid for wrong words.
func Do(ctx context.Context, p Process, words []string) error {
	if len(words) < 2 {
		return wrong("guard wants more words.")
	}
	switch verb, rest := words[0], words[1:]; {
	case verb == "run" && len(rest) == 2 && rest[0] == "--config":
		return watch(ctx, p, rest[1])
	case verb == "setup" && len(rest) == 1:
		c, err := guard.ParseConfig([]byte(rest[0]))
		if err != nil {
			return wrong("%v.", err)
		}
		if err := setup(ctx, p, c); err != nil {
			return err
		}
		return show(ctx, p, c.Node)
	case verb == "teardown" && len(rest) == 1 && guard.IsName(rest[0]):
		return teardown(ctx, p.Machine, rest[0])
	case verb == "state" && len(rest) == 1 && guard.IsName(rest[0]):
		return show(ctx, p, rest[0])
	default:
		return wrong("guard does not know %q.", strings.Join(words, " "))
	}
}

func wrong(format string, args ...any) error {
	return ops.Errorf(ops.Invalid, Usage, format, args...)
}

// show prints the state as one line of JSON.
func show(ctx context.Context, p Process, node string) error {
	s, err := state(ctx, p.Machine, node)
	if err != nil {
		return fmt.Errorf("the guard of %s: %w", node, err)
	}
	text, err := json.Marshal(s)
	if err == nil {
		_, err = fmt.Fprintf(p.Out, "%s\n", text)
	}
	return err
}

// watch guards until it is told to end.
func watch(ctx context.Context, p Process, config string) error {
	text, err := p.Machine.ReadFile(config)
	if err != nil {
		return ops.Errorf(ops.Invalid, Usage, "%v.", err)
	}
	c, err := guard.ParseConfig(text)
	if err != nil {
		return ops.Errorf(ops.Invalid, "guard install "+c.Node, "%s: %v.", config, err)
	}
	program, err := p.Machine.ReadFile(p.Self)
	if err != nil {
		return err
	}
	if err := welcome(p.Machine); err != nil {
		return err
	}
	b := newBody(c, p.Machine)
	defer b.close()
	g := &Guard{
		Config: c, Body: b, Leases: leases(p.Machine), Clock: wall{}, Logger: slog.New(slog.NewTextHandler(p.Err, nil)),
		State: guard.State{Program: digest(program), Version: p.Version, PID: p.PID},
	}
	return g.Run(ctx)
}

// wall is the real clock.
type wall struct{}

func (wall) Now() time.Time                         { return time.Now() }
func (wall) After(d time.Duration) <-chan time.Time { return time.After(d) }
