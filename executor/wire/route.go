package wire

import (
	"fmt"
	"net"
	"path/filepath"
	"strconv"
	"strings"

	"vmqbot/regions"
)

// route reads a node's ssh settings: the target, and the hops before it in
// the order in which they are dialed.
func route(n regions.Node, home string) (target, []target, error) {
	s := n.SSH
	t := target{user: s.User, addr: address(n.Host, s.Port), key: s.Key, known: s.KnownHosts}
	if n.Host == "" || s.User == "" {
		return t, nil, invalid(t, "reaching "+n.Name, "the fleet file gives no "+missing(n)+" for it", "", nil)
	}
	if t.known == "" {
		t.known = "~/.ssh/known_hosts"
	}
	for _, path := range []*string{&t.key, &t.known} {
		if !strings.HasPrefix(*path, "~/") {
			continue
		}
		if home == "" {
			return t, nil, invalid(t, "reaching "+n.Name, *path+" starts with ~ and the home folder is not known", "export HOME", nil)
		}
		*path = filepath.Join(home, (*path)[2:])
	}
	hops, err := jumps(t, s.Jump)
	if err != nil {
		return t, nil, err
	}
	if len(hops) > 0 {
		last := hops[len(hops)-1]
		t.jump = join(last.jump, last.String())
	}
	return t, hops, nil
}

func missing(n regions.Node) string {
	if n.Host == "" {
		return "host"
	}
	return "ssh user"
}

// jumps reads "[user@]host[:port]", several separated by commas. Every hop
// logs in with the node's key and is checked against the node's known_hosts.
func jumps(t target, spec string) ([]target, error) {
	var hops []target
	before := ""
	if strings.TrimSpace(spec) == "" {
		return nil, nil
	}
	for word := range strings.SplitSeq(spec, ",") {
		user, host, found := strings.Cut(strings.TrimSpace(word), "@")
		if !found {
			user, host = t.user, user
		}
		name, port, ok := hostPort(host)
		if !ok || user == "" {
			return nil, invalid(t, "reaching "+t.String(),
				fmt.Sprintf("the jump host %q is not of the form [user@]host[:port]", word), "", nil)
		}
		hop := target{user: user, addr: address(name, port), key: t.key, known: t.known, jump: before}
		hops = append(hops, hop)
		before = join(before, hop.String())
	}
	return hops, nil
}

// hostPort splits host[:port], where a host may be a bracketed or a bare
// IPv6 address; port is 22 when it is not given.
func hostPort(s string) (string, int, bool) {
	host, port, err := net.SplitHostPort(s)
	if err != nil {
		host, port = strings.Trim(s, "[]"), "22"
	}
	n, err := strconv.ParseUint(port, 10, 16)
	if err != nil || n == 0 || host == "" || strings.ContainsAny(host, " \t/[]@") {
		return "", 0, false
	}
	return host, int(n), true
}

func address(host string, port int) string {
	if port == 0 {
		port = 22
	}
	return net.JoinHostPort(strings.Trim(host, "[]"), strconv.Itoa(port))
}

func join(a, b string) string {
	if a == "" {
		return b
	}
	return a + "," + b
}
