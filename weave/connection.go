package weave

import (
	"regexp"
	"strings"
	"time"
)

// Connection is one of this host's own connections, dialed or accepted.
type Connection struct {
	Address   string // IP:port; the port of an inbound one is ephemeral
	Outbound  bool   // this host dialed
	State     State
	Info      string // the router's words, as /report has them
	PeerName  string // "" until the peer has introduced itself
	NickName  string // any text, usually the peer's host name
	Carrier   string // "fastdp" (in the kernel), "sleeve" (slower), "awsvpc", or "" while not chosen
	MTU       int    // bytes of a packet inside; 0 while not known
	Encrypted bool
	Error     string // why a dial failed; "" otherwise
	Retry     string // of a failed one: RFC 3339 time of the next dial in UTC, or "never"
}

// Never is the Retry of a connection that will not be dialed again.
const Never = "never"

var (
	infoRE = regexp.MustCompile(`^(?:(encrypted|unencrypted) +)?(fastdp|sleeve|awsvpc|none) +(` + mac + `)\((.*)\)$`)
	dialRE = regexp.MustCompile(`^(.+), retry: (never|\S.*)$`)
)

// fill reads the Info of a connection; false means that it does not fit the
// state, so the answer is not what the router printed.
func (c *Connection) fill() bool {
	switch c.State {
	case Established, Pending:
		return c.fillPeer()
	case Connecting:
		return c.Info == ""
	case Retrying:
		c.Error = c.Info
		return c.Info != ""
	case Waiting:
		until, ok := strings.CutPrefix(c.Info, "until: ")
		if !ok {
			return false
		}
		c.Retry, ok = retryTime(until)
		return ok
	case Failed:
		m := dialRE.FindStringSubmatch(c.Info)
		if m == nil {
			return false
		}
		var ok bool
		c.Error = m[1]
		c.Retry, ok = retryTime(m[2])
		return ok
	}
	return false
}

func (c *Connection) fillPeer() bool {
	m := infoRE.FindStringSubmatch(c.Info)
	if m == nil {
		return false
	}
	c.Encrypted = m[1] == "encrypted"
	if m[2] != "none" {
		c.Carrier = m[2]
	}
	c.PeerName, c.NickName = m[3], m[4]
	return true
}

// measured reports whether the carrier always tells its MTU.
func (c *Connection) measured() bool { return c.Carrier == "fastdp" || c.Carrier == "sleeve" }

var timeRE = regexp.MustCompile(`^(\S+ \S+ [+-]\d{4}) [A-Za-z0-9+-]+(?: m=[+-]\d+\.\d+)?$`)

// retryTime reads what time.Time.String wrote, with or without the monotonic
// clock at its end. The name of the zone may be "+0530", which time.Parse
// does not take for one, and says nothing that the offset does not.
func retryTime(s string) (string, bool) {
	if s == Never {
		return Never, true
	}
	m := timeRE.FindStringSubmatch(s)
	if m == nil {
		return "", false
	}
	t, err := time.Parse("2006-01-02 15:04:05.999999999 -0700", m[1])
	if err != nil {
		return "", false
	}
	return t.UTC().Format(time.RFC3339), true
}
