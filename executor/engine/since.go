package engine

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/docker/docker/api/types/container"
	"github.com/docker/docker/client"
)

// Stamped is a line of a container's log and when Docker received it.
type Stamped struct {
	At   time.Time
	Text string
}

// LogsSince returns the lines that a container wrote at an instant and after it,
// the last n of them at most. The zero instant is the beginning.
func (e *Engine) LogsSince(ctx context.Context, name string, since time.Time, n int) ([]Stamped, error) {
	return call(ctx, e, "read the log of "+name, func(ctx context.Context, c *client.Client) ([]Stamped, error) {
		o := container.LogsOptions{ShowStdout: true, ShowStderr: true, Timestamps: true, Tail: strconv.Itoa(n)}
		if !since.IsZero() {
			o.Since = fmt.Sprintf("%d.%09d", since.Unix(), since.Nanosecond())
		}
		body, err := c.ContainerLogs(ctx, name, o)
		if err != nil {
			return nil, err
		}
		defer body.Close() //nolint:errcheck // nothing was written
		lines, err := readLog(body, n)
		all := make([]Stamped, 0, len(lines))
		for _, line := range lines {
			stamp, text, _ := strings.Cut(line, " ")
			if at, err := time.Parse(time.RFC3339Nano, stamp); err == nil {
				all = append(all, Stamped{at, text})
			} else if len(all) > 0 { // a line so long that Docker cut it
				all[len(all)-1].Text += line
			}
		}
		return all, err
	})
}
