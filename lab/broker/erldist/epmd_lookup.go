package erldist

import (
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"time"
)

// lookup asks the port mapper on the node's host for its distribution port.
func lookup(ctx context.Context, d Dialer, n Name, epmdPort int) (int, error) {
	c, err := d.DialContext(ctx, "tcp", net.JoinHostPort(n.Host, fmt.Sprint(epmdPort)))
	if err != nil {
		return 0, err
	}
	defer c.Close()
	_ = c.SetDeadline(deadline(ctx))
	req := append([]byte{0, byte(len(n.Alive) + 1), portPlease}, n.Alive...)
	if _, err := c.Write(req); err != nil {
		return 0, err
	}
	var head [2]byte
	if _, err := io.ReadFull(c, head[:]); err != nil {
		return 0, err
	}
	if head[0] != portResp || head[1] != 0 {
		return 0, fmt.Errorf("epmd on %s knows no node called %s", n.Host, n.Alive)
	}
	var port uint16
	if err := binary.Read(c, binary.BigEndian, &port); err != nil {
		return 0, err
	}
	return int(port), nil
}

func deadline(ctx context.Context) time.Time {
	if t, ok := ctx.Deadline(); ok {
		return t
	}
	return time.Now().Add(epmdWait)
}
