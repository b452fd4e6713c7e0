package sim

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
)

// goneContainer is nobody's identifier.
var goneContainer = strings.Repeat("dead", 16)

// claim takes the broker's address from its container, and has weave keep it for
// one that is not there, as a router does that missed its end. Whoever attaches the
// address, or makes the host anew, undoes it.
func claim(ctx context.Context, f *Fleet, s Streams, args []string) (int, error) {
	h, err := f.one(args)
	if err != nil {
		return 0, err
	}
	if h.engine == nil {
		return 0, fmt.Errorf("%w: %s has no broker", errUsage, args[0])
	}
	m, err := h.running()
	if err != nil {
		return 0, err
	}
	_, _ = h.run(ctx, Streams{}, "weave", "detach", h.site.Address.String(), h.site.Container) // it may have none
	id, err := h.ask(ctx, "docker", "inspect", "--format", "{{.Id}}", h.site.Container)
	if err != nil {
		return 0, err
	}
	ask := func(method, path string) error {
		req, err := http.NewRequestWithContext(ctx, method, "http://127.0.0.1:6784/ip/"+path, nil)
		if err != nil {
			return err
		}
		resp, err := (&http.Client{Transport: &http.Transport{DialContext: m.Net.DialContext, DisableKeepAlives: true}}).Do(req)
		if err != nil {
			return err
		}
		defer resp.Body.Close() //nolint:errcheck // nothing was written
		if resp.StatusCode != http.StatusNoContent {
			said, _ := io.ReadAll(resp.Body)
			return fmt.Errorf("weave of %s answered %s: %s", args[0], resp.Status, said)
		}
		return nil
	}
	_ = ask(http.MethodDelete, strings.TrimSpace(id)) // a plain address stays claimed when it is detached
	return 0, ask(http.MethodPut, goneContainer+"/"+h.site.Address.String())
}
