package wire

import (
	"fmt"
	"net"
	"strings"
)

// target is one ssh server and how to log in there. Equal targets share a
// connection.
type target struct {
	user  string
	addr  string // host:port
	key   string // path of the private key; "" means the agent
	known string // path of known_hosts
	jump  string // the hops before it, "user@host:port,user@host:port"
}

// String is the target as ssh would be told.
func (t target) String() string {
	if t.user == "" {
		return t.addr
	}
	return t.user + "@" + t.addr
}

// firstHop names the ssh server that is dialed first on the way to t, and
// how deep behind it t lies.
func (t target) firstHop() string {
	if t.jump == "" {
		return t.addr
	}
	hops := strings.Split(t.jump, ",")
	_, addr, _ := strings.Cut(hops[0], "@")
	return fmt.Sprintf("%s+%d", addr, len(hops))
}

// command is an ssh command line that shows a person the same problem.
func (t target) command() string {
	host, port, err := net.SplitHostPort(t.addr)
	if err != nil {
		host, port = t.addr, "22"
	}
	words := []string{"ssh", "-p", port}
	if t.jump != "" {
		words = append(words, "-J", t.jump)
	}
	if t.key != "" {
		words = append(words, "-i", t.key)
	}
	if t.known != "" {
		words = append(words, "-o", "UserKnownHostsFile="+t.known)
	}
	if t.user != "" {
		host = t.user + "@" + host
	}
	return strings.Join(append(words, host, "true"), " ")
}
