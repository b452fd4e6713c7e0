package do

import (
	"context"
	"errors"
	"io/fs"

	"vmqbot/answer"
	"vmqbot/executor/engine"
	"vmqbot/executor/wire"
	"vmqbot/secret"
)

// OnWire makes a Host of the real ssh connection.
func OnWire(h *wire.Host) Host { return onWire{engine.OnWire(h), h} }

type onWire struct {
	engine.Host
	files *wire.Host
}

func (o onWire) Feed(ctx context.Context, argv []secret.Word, input []byte, line func(string)) (answer.Answer, error) {
	return o.files.Run(ctx, argv, wire.RunOptions{Line: line, Cap: engine.Most, Stdin: input})
}

func (o onWire) WriteFile(ctx context.Context, path string, content []byte, mode fs.FileMode) error {
	return o.files.WriteFile(ctx, path, content, mode)
}

func (o onWire) ReadFile(ctx context.Context, path string, limit int64) ([]byte, error) {
	return o.files.ReadFile(ctx, path, limit)
}

func (o onWire) Renew(ctx context.Context) error {
	o.files.Recycle()
	_, fresh, err := o.files.Ping(ctx)
	if err == nil && !fresh {
		err = errNotFresh
	}
	return err
}

var errNotFresh = errors.New("the host answered on the old connection")
