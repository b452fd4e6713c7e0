package onhost

import (
	"context"

	"vmqbot/answer"
	"vmqbot/executor/wire"
	"vmqbot/secret"
)

// leaseHost runs the lease's script on this machine.
type leaseHost struct{ m Machine }

func (l leaseHost) Run(ctx context.Context, argv []secret.Word, _ wire.RunOptions) (answer.Answer, error) {
	return l.m.Run(ctx, secret.Reveal(argv))
}
