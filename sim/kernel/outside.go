package kernel

import (
	"context"
	"io"
	"syscall"
)

// outside is an open file in the hands of somebody who is no process.
type outside struct {
	ctx context.Context
	d   *FD
}

// Outside is the file as a stream for code that is no process of the machine,
// like the far end of a connection; its waiting ends with ctx.
func (d *FD) Outside(ctx context.Context) io.ReadWriter { return outside{ctx, d} }

func (o outside) Read(b []byte) (int, error) {
	if o.d.f.read == nil {
		return 0, syscall.EBADF
	}
	return o.d.f.read(o.ctx, b)
}

func (o outside) Write(b []byte) (int, error) {
	if o.d.f.write == nil {
		return 0, syscall.EBADF
	}
	return o.d.f.write(o.ctx, b)
}
