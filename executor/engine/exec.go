package engine

import (
	"context"
	"errors"
	"time"

	"github.com/docker/docker/api/types"
	"github.com/docker/docker/api/types/container"
	"github.com/docker/docker/client"
	"github.com/docker/docker/pkg/stdcopy"

	"vmqbot/answer"
	"vmqbot/facts"
	"vmqbot/secret"
)

// ExecTime is the longest that a command in a container may take when the
// caller's context has no end: nodetool gives up after 60 s itself.
const ExecTime = 90 * time.Second

// Exec runs a command in a container to its end. line, which may be nil,
// hears each line of both streams as it comes. When ctx ends first the error's
// Blind is TooLate and the outcome is unknown: Docker cannot end the command.
// The answer's Argv shows secrets as [redacted].
func (e *Engine) Exec(ctx context.Context, name string, argv []secret.Word, line func(string)) (answer.Answer, error) {
	if _, ends := ctx.Deadline(); !ends {
		limited, cancel := context.WithTimeout(ctx, ExecTime)
		defer cancel()
		ctx = limited
	}
	outer, a := ctx, answer.Answer{Argv: shown(argv)}
	id, err := call(ctx, e, "run a command in "+name, func(ctx context.Context, c *client.Client) (string, error) {
		made, err := c.ContainerExecCreate(ctx, name, container.ExecOptions{
			AttachStdout: true, AttachStderr: true, Cmd: secret.Reveal(argv),
		})
		return made.ID, err
	})
	if err != nil {
		return a, err
	}
	conn, err := call(ctx, e, "start a command in "+name, func(ctx context.Context, c *client.Client) (types.HijackedResponse, error) {
		return attach(ctx, outer, c, id)
	})
	if err != nil {
		return a, err
	}
	var out, errs text
	err = drain(ctx, conn, &out, &errs, line)
	a.Stdout, a.Stderr = out.String(), errs.String()
	if err != nil {
		return a, e.lost(ctx, name, err)
	}
	end, err := call(ctx, e, "say how the command ended", func(ctx context.Context, c *client.Client) (container.ExecInspect, error) {
		return c.ContainerExecInspect(ctx, id)
	})
	if err == nil && end.Running {
		err = errors.New("it still runs although its output ended")
	}
	if err != nil {
		return a, e.lost(ctx, name, err)
	}
	a.Exit = end.ExitCode
	return a, nil
}

// watched is the key of the context at whose end a dialed connection is cut.
type watched struct{}

// attach starts the command. Docker's client does not watch the context while
// it waits for the connection, nor afterwards, so the dial does: the call's
// context cuts it until the command has started, the outer one until it ends.
func attach(ctx, outer context.Context, c *client.Client, id string) (types.HijackedResponse, error) {
	alive, cut := context.WithCancel(outer)
	stop := context.AfterFunc(ctx, cut)
	defer stop()
	r, err := c.ContainerExecAttach(context.WithValue(ctx, watched{}, alive), id, container.ExecAttachOptions{})
	if err != nil {
		cut()
	}
	return r, err
}

func drain(ctx context.Context, conn types.HijackedResponse, out, errs *text, line func(string)) error {
	defer conn.Close()
	o, r := tee{out, newLines(line)}, tee{errs, newLines(line)}
	_, err := stdcopy.StdCopy(o, r, conn.Reader)
	o.lines.end()
	r.lines.end()
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return err
}

func (e *Engine) lost(ctx context.Context, name string, err error) error {
	b, why := facts.Failed, "the connection ended before the command in "+name+" on "+e.name+" did"
	if ctx.Err() != nil {
		b, why = facts.TooLate, "the command in "+name+" on "+e.name+" did not end in time"
	}
	lost := e.errorf(b, err, why+": whether it was done is unknown, look before doing it again.")
	lost.Unknown = true
	return lost
}

func shown(argv []secret.Word) []string {
	words := make([]string, len(argv))
	for i, w := range argv {
		words[i] = w.String()
	}
	return words
}
