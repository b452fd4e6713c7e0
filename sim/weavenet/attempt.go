package weavenet

import (
	"errors"
	"fmt"
	"syscall"
)

func (r *router) attempt(address string, direct bool) {
	c, err := r.p.Net.DialContext(r.ctx, "tcp", address)
	if err == nil {
		r.serve(c, address, true, direct)
		return
	}
	r.mu.Lock()
	if t := r.maker.target(address); t != nil {
		t.state, t.lastErr = waiting, dialError(address, err)
		t.later(r.n.after)
	}
	r.mu.Unlock()
	r.look()
}

// dialError says it as Go's net does when it was given a local address.
func dialError(address string, err error) error {
	for errno, words := range linuxErrors {
		if errors.Is(err, errno) {
			return fmt.Errorf("dial tcp :0->%s: connect: %s", address, words)
		}
	}
	return err
}

// linuxErrors are the words of the hosts' kernel, whatever this machine's are.
var linuxErrors = map[syscall.Errno]string{
	syscall.ECONNREFUSED: "connection refused", syscall.EHOSTUNREACH: "no route to host",
	syscall.ENETUNREACH: "network is unreachable", syscall.ETIMEDOUT: "connection timed out",
}
