package broker

import (
	"context"
	"fmt"
	"net/netip"
	"strconv"

	"vmqbot/lab/broker/clique"
)

func (n *Node) listenerCommands() []clique.Command {
	where := []string{"address", "port"}
	var start []clique.Flag
	for _, f := range []string{"mountpoint", "max_connections", "nr_of_acceptors", "cafile", "certfile", "keyfile", "ciphers",
		"crlfile", "tls_version", "config_mod", "config_fun", "allowed_protocol_versions"} {
		start = append(start, clique.Flag{Long: f, Value: true})
	}
	for _, f := range []string{"websocket", "http", "ssl", "proxy_protocol", "require_certificate", "use_identity_as_username"} {
		start = append(start, clique.Flag{Long: f})
	}
	return []clique.Command{
		{Path: "listener show", Run: n.listenerShow},
		{Path: "listener start", Keys: where, Flags: start, Usage: "listener start address=IpAddr port=Port\n\n  Starts a new listener or modifies an existing listener.\n", Run: n.at("start", n.listenerStart)},
		{Path: "listener stop", Keys: where, Flags: []clique.Flag{{Long: "kill_sessions", Short: "k"}}, Usage: "listener stop address=IpAddr port=Port\n\n  Stops a running listener.\n\nOptions\n\n  -k, --kill_sessions\n      kills all sessions accepted with this listener.\n", Run: n.at("stop", n.listenerStop)},
		{Path: "listener delete", Keys: where, Usage: "listener delete address=IpAddr port=Port\n\n  Deletes a stopped listener.\n", Run: n.at("delete", n.listenerDelete)},
		{Path: "listener restart", Keys: where, Usage: "listener restart address=IpAddr port=Port\n\n  Restarts a stopped listener.\n", Run: n.at("restart", n.listenerRestart)},
	}
}

func (n *Node) listenerShow(context.Context, clique.Args) clique.Result {
	address, extra := "address", []string{"active_conns", "all_conns"}
	if n.dialect.Legacy {
		address, extra = "ip", nil
	}
	t := clique.Table{Header: append([]string{"type", "status", address, "port", "mountpoint", "max_conns"}, extra...)}
	for _, r := range n.running().listeners.rows() {
		row := []any{r.Type, r.Status, r.IP, strconv.Itoa(r.Port), r.Mount, r.Most}
		if !n.dialect.Legacy {
			row = append(row, r.Active, r.Active) // nothing sleeps here, so active is all
		}
		t.Rows = append(t.Rows, row)
	}
	return clique.Result{Parts: []clique.Part{t}}
}

// at parses address= and port= for a command; without both it prints usage.
func (n *Node) at(verb string, f func(a *app, ip string, port int, args clique.Args) clique.Result) func(context.Context, clique.Args) clique.Result {
	return func(_ context.Context, args clique.Args) clique.Result {
		addr, ok1 := args.Key("address")
		p, ok2 := args.Key("port")
		if !ok1 || !ok2 {
			return clique.Warn("vmq-admin listener " + verb + " address=IpAddr port=Port\n")
		}
		ip, err := netip.ParseAddr(addr)
		if err != nil {
			return clique.Fail(fmt.Sprintf("Invalid value: %q", addr))
		}
		port, err := strconv.Atoi(p)
		if err != nil || port < 0 || port > 65535 {
			return clique.Fail(fmt.Sprintf("Invalid value: %q", p))
		}
		return f(n.running(), ip.String(), port, args)
	}
}
