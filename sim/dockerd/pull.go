package dockerd

import (
	"context"
	"encoding/json"
	"errors"
	"net"
	"net/http"
	"os"
	"syscall"

	"github.com/distribution/reference"
)

func (e *Engine) httpPull(w http.ResponseWriter, r *http.Request, from, tag string) error {
	_ = json.NewEncoder
	return e.pull(r.Context(), from, tag)
}

func (e *Engine) pull(ctx context.Context, from, tag string) error {
	ref, err := reference.ParseNormalizedNamed(from)
	if err != nil {
		return invalid("%v", err)
	}
	host := reference.Domain(ref)
	if host == "docker.io" {
		return broken("Get \"https://registry-1.docker.io/v2/\": dial tcp: lookup registry-1.docker.io: no such host")
	}
	c, err := e.machine.Net.DialContext(ctx, "tcp", host)
	if err != nil {
		return broken("Get \"http://%s/v2/\": dial tcp %s: connect: %v", host, host, syscallOf(err))
	}
	_ = c.Close()
	return broken("Get \"http://%s/v2/\": EOF", host)
}

func syscallOf(err error) error {
	var s *os.SyscallError
	if errors.As(err, &s) {
		return s.Err
	}
	var n syscall.Errno
	if errors.As(err, &n) {
		return n
	}
	var op *net.OpError
	if errors.As(err, &op) {
		return op.Err
	}
	return err
}
