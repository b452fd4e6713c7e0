package do

import (
	"context"
	"io/fs"

	"vmqbot/executor/engine"
	"vmqbot/executor/wire"
)

// OnWire makes a Host of the real ssh connection.
func OnWire(h *wire.Host) Host { return onWire{engine.OnWire(h), h} }

type onWire struct {
	engine.Host
	files *wire.Host
}

func (o onWire) WriteFile(ctx context.Context, path string, content []byte, mode fs.FileMode) error {
	return o.files.WriteFile(ctx, path, content, mode)
}
