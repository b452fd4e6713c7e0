package weave

import (
	"fmt"
	"net/netip"
	"time"

	"pgregory.net/rapid"
)

// Generated values that no recorded answer has.

func drawMAC(t *rapid.T) string {
	b := rapid.SliceOfN(rapid.Byte(), 6, 6).Draw(t, "mac")
	return fmt.Sprintf("%02x:%02x:%02x:%02x:%02x:%02x", b[0], b[1], b[2], b[3], b[4], b[5])
}

// drawNick draws names that try to look like the rest of a line.
func drawNick(t *rapid.T) string {
	return rapid.OneOf(
		rapid.StringMatching(`[a-z0-9][a-z0-9.-]{0,62}`),
		rapid.StringMatching(`[ -~äßд中🐟]{0,20}`),
		rapid.SampledFrom([]string{"", "a)", "(b", "x) established", "eu) mtu=7", ") - unreachable!", "-> 1.2.3.4:5", "vernemq-release-cn-1"}),
	).Draw(t, "nick")
}

func drawIP(t *rapid.T) netip.Addr {
	b := rapid.SliceOfN(rapid.Byte(), 4, 4).Draw(t, "ip")
	return netip.AddrFrom4([4]byte(b))
}

func drawAddress(t *rapid.T, outbound bool) string {
	port := uint16(Port)
	if !outbound {
		port = rapid.Uint16Range(1024, 65535).Draw(t, "port")
	}
	return netip.AddrPortFrom(drawIP(t), port).String()
}

func drawConnection(t *rapid.T) Connection {
	c := Connection{State: rapid.SampledFrom([]State{Established, Established, Pending, Connecting, Retrying, Failed, Waiting}).Draw(t, "state")}
	c.Outbound = c.State != Established && c.State != Pending || rapid.Bool().Draw(t, "outbound")
	c.Address = drawAddress(t, c.Outbound)
	until, printed := drawRetry(t)
	dialError := rapid.SampledFrom([]string{
		"dial tcp :0->" + c.Address + ": connect: connection refused", "cannot connect to ourself",
		"read tcp 10.1.2.3:6783->" + c.Address + ": i/o timeout", "Multiple connections to x added to y, retry: later",
	}).Draw(t, "error")
	switch c.State {
	case Established, Pending:
		c.PeerName, c.NickName = drawMAC(t), drawNick(t)
		c.Carrier = rapid.SampledFrom([]string{"fastdp", "sleeve", "awsvpc", ""}).Draw(t, "carrier")
		word := rapid.SampledFrom([]string{"", "encrypted", "unencrypted"}).Draw(t, "encryption")
		c.Encrypted = word == "encrypted"
		if c.measured() {
			c.MTU = rapid.IntRange(0, 65535).Draw(t, "mtu")
		}
		c.Info = renderInfo(word, c.Carrier, c.PeerName, c.NickName)
	case Retrying:
		c.Error, c.Info = dialError, dialError
	case Failed:
		c.Error, c.Retry, c.Info = dialError, until, dialError+", retry: "+printed
	case Waiting:
		c.Retry, c.Info = until, "until: "+printed
	case Connecting:
	}
	return c
}

// drawRetry gives a time as we keep it and as the router prints it.
func drawRetry(t *rapid.T) (kept, printed string) {
	if rapid.Bool().Draw(t, "never") {
		return Never, Never
	}
	zone := time.FixedZone(rapid.SampledFrom([]string{"CST", "UTC", "+0530"}).Draw(t, "zone"), 1800*rapid.IntRange(-20, 20).Draw(t, "offset"))
	at := time.Unix(rapid.Int64Range(1e9, 4e9).Draw(t, "second"), rapid.Int64Range(0, 999999999).Draw(t, "ns")).In(zone)
	printed = at.Format("2006-01-02 15:04:05.999999999 -0700 MST")
	if rapid.Bool().Draw(t, "monotonic") {
		printed += fmt.Sprintf(" m=+%d.%09d", rapid.IntRange(0, 1e7).Draw(t, "up"), rapid.IntRange(0, 999999999).Draw(t, "nano"))
	}
	return at.UTC().Format(time.RFC3339), printed
}

// drawMesh draws peers with random connections, each listed by both ends. All
// hang together: a router forgets peers that it cannot reach.
func drawMesh(t *rapid.T) []Peer {
	n := rapid.IntRange(1, 9).Draw(t, "peers")
	names := rapid.SliceOfNDistinct(rapid.Custom(drawMAC), n, n, rapid.ID[string]).Draw(t, "names")
	peers := make([]Peer, n)
	for i := range peers {
		peers[i] = Peer{Name: names[i], NickName: drawNick(t), Connections: []PeerConnection{}}
	}
	for i := range peers {
		sure := rapid.IntRange(0, max(0, i-1)).Draw(t, "reached through")
		for j := range i {
			if j != sure && !rapid.Bool().Draw(t, "connected") {
				continue
			}
			dials, est := rapid.Bool().Draw(t, "dials"), rapid.Bool().Draw(t, "established")
			peers[i].Connections = append(peers[i].Connections, PeerConnection{peers[j].Name, peers[j].NickName, drawAddress(t, dials), dials, est})
			peers[j].Connections = append(peers[j].Connections, PeerConnection{peers[i].Name, peers[i].NickName, drawAddress(t, !dials), !dials, est})
		}
	}
	return rapid.Permutation(peers).Draw(t, "order")
}
