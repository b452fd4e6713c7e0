package fleet

import (
	"context"
	"strings"

	"vmqbot/lab/world"
)

// Claim takes the broker's address from its container, and has weave keep it for
// one that is not there, as a router does that missed its end. Whoever attaches the
// address undoes it; so does Reset.
func (l *Lab) Claim(ctx context.Context, h world.Host) error {
	return l.locked(func() error {
		gone := strings.Repeat("dead", 16)
		id, err := l.on(ctx, h, "docker", "inspect", "--format", "{{.Id}}", h.Container())
		if err != nil {
			return err
		}
		ask := func(method, path string) error {
			_, err := l.on(ctx, h, "curl", "--silent", "--fail", "--max-time", "5", "--request", method, "http://"+weaveAPI+"/ip/"+path)
			return err
		}
		_, _ = l.on(ctx, h, "weave", "detach", h.CIDR(), h.Container()) // it may have none
		_ = ask("DELETE", id)                                           // a plain address stays claimed when it is detached
		return ask("PUT", gone+"/"+h.CIDR())
	})
}
