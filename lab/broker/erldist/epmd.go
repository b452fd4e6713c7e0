package erldist

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"time"
)

// EpmdPort is the well-known port of Erlang's port mapper.
const EpmdPort = 4369

const (
	portPlease = 122 // PORT_PLEASE2_REQ
	portResp   = 119 // PORT2_RESP
	namesReq   = 110 // NAMES_REQ
	epmdWait   = 3 * time.Second
)

// ServeEpmd answers the two questions of the port mapper (where is NAME, which
// names are there) for one registered node, until the listener is closed. It
// returns when every connection is done.
func ServeEpmd(ln net.Listener, alive string, port int) {
	var conns group
	for {
		c, err := ln.Accept()
		if err != nil {
			break
		}
		conns.Go(func() {
			defer c.Close()
			_ = c.SetDeadline(time.Now().Add(epmdWait))
			answerEpmd(c, alive, port)
		})
	}
	conns.Wait()
}

func answerEpmd(c net.Conn, alive string, port int) {
	r := bufio.NewReader(c)
	var size uint16
	if binary.Read(r, binary.BigEndian, &size) != nil || size == 0 {
		return
	}
	req := make([]byte, size)
	if _, err := io.ReadFull(r, req); err != nil {
		return
	}
	switch {
	case req[0] == portPlease && string(req[1:]) == alive:
		resp := []byte{portResp, 0, byte(port >> 8), byte(port), 77, 0, 0, 6, 0, 5, 0, byte(len(alive))}
		resp = append(resp, alive...)
		_, _ = c.Write(append(resp, 0, 0))
	case req[0] == portPlease:
		_, _ = c.Write([]byte{portResp, 1})
	case req[0] == namesReq:
		_, _ = fmt.Fprintf(c, "\x00\x00\x11\x11name %s at port %d\n", alive, port)
	}
}
