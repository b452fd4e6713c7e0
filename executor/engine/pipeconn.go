package engine

import (
	"io"
	"net"
	"time"
)

// pipeConn makes a connection of a command's input and output. It has no
// deadlines: HTTP closes it instead when a request's context ends.
type pipeConn struct{ io.ReadWriteCloser }

type pipeAddr struct{}

func (pipeAddr) Network() string { return "pipe" }
func (pipeAddr) String() string  { return "docker system dial-stdio" }

func (*pipeConn) LocalAddr() net.Addr              { return pipeAddr{} }
func (*pipeConn) RemoteAddr() net.Addr             { return pipeAddr{} }
func (*pipeConn) SetDeadline(time.Time) error      { return nil }
func (*pipeConn) SetReadDeadline(time.Time) error  { return nil }
func (*pipeConn) SetWriteDeadline(time.Time) error { return nil }
