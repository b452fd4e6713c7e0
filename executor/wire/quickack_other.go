//go:build !linux

package wire

import "net"

// quick changes nothing where the kernel has no TCP_QUICKACK.
func quick(c net.Conn) net.Conn { return c }
