package regions

import (
	"net/netip"
	"strings"
	"unicode"
)

func (r *reader) network(v value) {
	n := &r.fleet.Network
	r.object(v,
		may("driver", r.oneOf(&n.Driver, "weave")),
		must("subnet", r.subnet),
		may("password", r.meshPassword),
		may("range", r.ownRange),
		may("mtu", r.number(&n.MTU, leastMTU, mostMTU)),
		may("kit", r.word(&n.Kit, aLocalPath)),
	)
}

// What a packet inside the overlay may be: IPv4 asks for 576, and jumbo frames
// hold 9000 with what is put around them.
const (
	leastMTU = 576
	mostMTU  = 8950
)

// meshPassword is one line: it travels to the host as one.
func (r *reader) meshPassword(v value) {
	before := len(r.problems)
	r.password(&r.fleet.Network.Password)(v)
	if p := r.fleet.Network.Password.Reveal(); len(r.problems) == before && strings.ContainsFunc(p, unicode.IsControl) {
		r.refuse(v, "Choose a password of printable characters.", "%s holds more than one line.", v.name)
	}
}

// ownRange is what the driver gives out by itself: planned addresses must lie
// outside, or two containers could have one address.
func (r *reader) ownRange(v value) {
	n := &r.fleet.Network
	r.prefix(v, &n.Range)
	if n.Range.IsValid() && n.Subnet.IsValid() && n.Range.Overlaps(n.Subnet) {
		r.refuse(v, "Write a network outside network.subnet "+n.Subnet.String()+", as 10.32.0.0/12.", "%s holds planned addresses.", v.said())
	}
}

// subnet reads the one IPv4 network that every address lies in.
func (r *reader) subnet(v value) { r.prefix(v, &r.fleet.Network.Subnet) }

// prefix reads an IPv4 network.
func (r *reader) prefix(v value, dst *netip.Prefix) {
	const fix = "Write an IPv4 network with its length, as 10.0.0.0/24."
	s, _ := v.text()
	p, err := netip.ParsePrefix(s)
	switch {
	case err != nil:
		r.refuse(v, fix, "%s is not a network.", v.said())
	case !p.Addr().Is4():
		r.refuse(v, fix, "%s is IPv6, and Weave Net carries IPv4 only.", v.said())
	case p.Bits() < 8 || p.Bits() > 30:
		r.refuse(v, fix, "%s has no length from 8 to 30.", v.said())
	case p != p.Masked():
		r.refuse(v, "Write "+p.Masked().String()+".", "%s is an address inside a network, not the network.", v.said())
	case p.Addr().IsLoopback() || p.Addr().IsMulticast() || p.Addr().IsLinkLocalUnicast() || p.Addr().As4()[0] == 0:
		r.refuse(v, fix, "%s is a range that hosts cannot use.", v.said())
	default:
		*dst = p
	}
}

// ssh reads keys over what dst holds, so that a node changes single keys of
// the fleet's.
func (r *reader) ssh(dst *SSH) func(value) {
	return func(v value) {
		r.object(v,
			may("user", r.word(&dst.User, aUser)),
			may("port", r.port(&dst.Port)),
			may("key", r.word(&dst.Key, aLocalPath)),
			may("known_hosts", r.word(&dst.KnownHosts, aLocalPath)),
			may("jump", r.word(&dst.Jump, aJump)),
			may("lock_dir", r.word(&dst.LockDir, aFolder)),
			may("sudo", r.flag(&dst.Sudo)),
		)
	}
}

func (r *reader) container(v value) {
	d := &r.defaults
	r.object(v,
		may("ports", r.ports(&d.ports)),
		may("volumes", r.volumes(&d.volumes)),
		may("release", r.word(&d.release, aFolder)),
	)
}

// volumes reads folders over what dst holds.
func (r *reader) volumes(dst *Volumes) func(value) {
	return func(v value) {
		r.object(v,
			may("conf", r.word(&dst.Conf, aFolder)),
			may("log", r.word(&dst.Log, aFolder)),
			may("data", r.word(&dst.Data, aFolder)),
		)
		if d := *dst; d.Conf != "" && (d.Conf == d.Log || d.Conf == d.Data) || d.Log != "" && d.Log == d.Data {
			r.refuse(v, "Give each volume a folder of its own.", "%s mounts one folder twice.", v.name)
		}
	}
}
