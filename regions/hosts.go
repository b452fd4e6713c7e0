package regions

import "net/netip"

func (r *reader) network(v value) {
	n := &r.fleet.Network
	r.object(v, may("driver", r.oneOf(&n.Driver, "weave")), must("subnet", r.subnet))
}

// subnet reads the one IPv4 network that every address lies in.
func (r *reader) subnet(v value) {
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
		r.fleet.Network.Subnet = p
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
