package engine

import (
	"context"
	"io"
	"net/http"
	"strings"

	"github.com/docker/docker/client"
)

// Version returns the version of the engine and of the newest API it speaks.
// Both stand in the header of every answer; asking for /version instead would
// make the engine run containerd and runc to ask theirs.
func (e *Engine) Version(ctx context.Context) (version, api string, err error) {
	v, err := call(ctx, e, "say its version", func(ctx context.Context, c *client.Client) ([2]string, error) {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+client.DummyHost+"/_ping", nil)
		if err != nil {
			return [2]string{}, err
		}
		req.Host, req.URL.Host = client.DummyHost, socket // as the client does, to share its connections
		resp, err := c.HTTPClient().Do(req)
		if err != nil {
			return [2]string{}, err
		}
		_, _ = io.Copy(io.Discard, resp.Body) // or the connection would not be used again
		_ = resp.Body.Close()
		if name, ok := serverVersion(resp.Header); ok {
			return [2]string{name, resp.Header.Get("Api-Version")}, nil
		}
		v, err := c.ServerVersion(ctx)
		return [2]string{v.Version, v.APIVersion}, err
	})
	return v[0], v[1], err
}

// serverVersion reads a header like "Docker/20.10.24+dfsg1 (linux)".
func serverVersion(h http.Header) (string, bool) {
	v, ok := strings.CutPrefix(h.Get("Server"), "Docker/")
	v, _, _ = strings.Cut(v, " ")
	return v, ok && v != "" && h.Get("Api-Version") != ""
}
