package look

import (
	"context"
	"strings"

	"vmqbot/facts"
	"vmqbot/secret"
	"vmqbot/vernemq"
)

// said runs one line of vmq-admin that only reads, whoever asks for it: what
// may be asked is decided again here, next to where it is done.
func (v view) said(ctx context.Context, line string) facts.Seen[facts.Said] {
	argv, err := vernemq.Reading(strings.ReplaceAll(line, vernemq.Self, v.node.ErlangName()))
	if err != nil {
		return facts.Missed[facts.Said](facts.Denied, err.Error())
	}
	a, err := v.docker.Exec(ctx, v.node.Container, secret.Words(argv...), nil)
	if err != nil {
		return missed[facts.Said](err)
	}
	return facts.Saw(facts.Said{Argv: a.Argv, Stdout: vernemq.Plain(a.Stdout), Stderr: vernemq.Plain(a.Stderr), Exit: a.Exit})
}
