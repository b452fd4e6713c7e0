package script

import (
	"context"
	"strconv"
	"strings"
	"time"
)

// NodeTool is `nodetool -name NODE -setcookie COOKIE COMMAND...`.
func (e *Env) NodeTool(ctx context.Context, args []string) int {
	t := target{limit: e.Timing.RPC}
	var rest []string
	for i := 0; i < len(args); i++ {
		if i+1 < len(args) {
			switch args[i] {
			case "-name", "-sname":
				t.node = args[i+1]
				i++
				continue
			case "-setcookie":
				t.cookie = args[i+1]
				i++
				continue
			case "-rpctimeout":
				if ms, err := strconv.Atoi(args[i+1]); err == nil {
					t.limit = time.Duration(ms) * time.Millisecond
				}
				i++
				continue
			case "-kernel":
				i += 2
				continue
			}
		}
		rest = append(rest, args[i])
	}
	return e.nodeTool(ctx, t, rest)
}

func (e *Env) nodeTool(ctx context.Context, t target, args []string) int {
	link, ok := e.connect(ctx, t)
	if !ok {
		return 1
	}
	defer link.Close()
	verb := ""
	if len(args) > 0 {
		verb = args[0]
	}
	switch {
	case verb == "ping":
		e.out("pong\n")
		return 0
	case verb == "getpid":
		return e.getpid(ctx, link, t)
	case verb == "stop":
		return e.stopCall(ctx, link, t)
	case verb == "rpcterms" && len(args) == 4:
		return e.rpcterms(ctx, link, t, args[1:])
	case strings.HasPrefix(verb, "rpc") && len(args) > 3 && args[1] == "vmq_server_cli" && args[2] == "command":
		if verb == "rpc_infinity" {
			t.limit = 24 * time.Hour
		}
		return e.admin(ctx, link, t, args[4:])
	}
	e.out("Other: %s\nUsage: nodetool {ping|stop|restart|reboot|chkconfig}\n", erlStrings(args))
	return 0
}

func erlStrings(args []string) string {
	var q []string
	for _, a := range args {
		q = append(q, strconv.Quote(a))
	}
	return "[" + strings.Join(q, ",") + "]"
}
