package engine

import (
	"context"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/docker/docker/api/types/container"
	"github.com/docker/docker/client"

	"vmqbot/facts"
)

// Process finds the running BEAM in a container's process list, which the
// host's ps writes. The error's Blind is Down when there is none. The cookie,
// which stands in the same command line, is not kept.
func (e *Engine) Process(ctx context.Context, name string) (facts.Process, error) {
	top, err := call(ctx, e, "list the processes of "+name, func(ctx context.Context, c *client.Client) (container.TopResponse, error) {
		return c.ContainerTop(ctx, name, []string{"-eo", "pid,args"})
	})
	if err != nil {
		return facts.Process{}, err
	}
	for _, row := range top.Processes {
		if len(row) != 2 {
			return facts.Process{}, e.errorf(facts.Unreadable, nil, "the process list of "+name+" on "+e.name+" has a row of "+strconv.Itoa(len(row))+" columns: look there with `docker top "+name+"`.")
		}
		if p, ok := beam(row[0], row[1]); ok {
			return p, nil
		}
	}
	return facts.Process{}, e.errorf(facts.Down, nil, "no VerneMQ process runs in "+name+" on "+e.name+": look at its log with `docker logs "+name+"`.")
}

// beam reads the command line of an Erlang machine that has a release and a
// name. What follows -extra belongs to the script that it runs: nodetool, for
// one, which names the node that it calls there.
func beam(pid, args string) (facts.Process, bool) {
	words := strings.Fields(args)
	if i := slices.Index(words, "-extra"); i >= 0 {
		words = words[:i]
	}
	if len(words) == 0 || !strings.HasPrefix(path.Base(words[0]), "beam") {
		return facts.Process{}, false
	}
	var p facts.Process
	for i, w := range words[:len(words)-1] {
		switch w {
		case "-root":
			p.Root = words[i+1]
		case "-name":
			p.Name = words[i+1]
		}
	}
	n, err := strconv.Atoi(pid)
	p.PID = n
	return p, err == nil && p.Root != "" && p.Name != ""
}
