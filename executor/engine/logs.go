package engine

import (
	"bufio"
	"bytes"
	"context"
	"io"
	"strconv"
	"strings"

	"github.com/docker/docker/api/types/container"
	"github.com/docker/docker/client"
	"github.com/docker/docker/pkg/stdcopy"
)

// Logs returns the last n lines that a container wrote to its standard output
// and error, in the order in which Docker received them, which between the two
// is not always the order of writing. The container need not run.
func (e *Engine) Logs(ctx context.Context, name string, n int) ([]string, error) {
	return call(ctx, e, "read the log of "+name, func(ctx context.Context, c *client.Client) ([]string, error) {
		body, err := c.ContainerLogs(ctx, name, container.LogsOptions{ShowStdout: true, ShowStderr: true, Tail: strconv.Itoa(n)})
		if err != nil {
			return nil, err
		}
		defer body.Close() //nolint:errcheck // nothing was written
		return readLog(body, n)
	})
}

// readLog takes the streams apart, unless the container has a terminal and
// there is only one. The engine says which only from API 1.42 on, so the
// first frame is recognized: {0, 1 or 2, 0, 0, 0, length}.
func readLog(body io.Reader, n int) ([]string, error) {
	var (
		all = []string{}
		src = bufio.NewReader(io.LimitReader(body, Most))
		out = newLines(func(s string) { all = append(all, s) })
	)
	head, _ := src.Peek(4)
	var err error
	if len(head) == 4 && head[0] <= 2 && bytes.Equal(head[1:], []byte{0, 0, 0}) {
		_, err = stdcopy.StdCopy(out, out, src)
	} else {
		_, err = io.Copy(out, src)
	}
	if err != nil {
		return nil, err
	}
	out.end()
	for i := range all {
		all[i] = strings.TrimRight(all[i], "\r")
	}
	return all[max(0, len(all)-n):], nil
}
