package regions

import (
	"cmp"
	"net/netip"
	"slices"

	"vmqbot/secret"
)

// planned is a node and where the file speaks of it.
type planned struct {
	Node
	at, address, container value
	own, conf              settings // the node's own, and laid over the fleet's
}

func (r *reader) regions(v value) {
	r.entries(v, func(name string, at value) {
		at.name = "region " + shown(name) + ":"
		region := Region{Name: name, Title: name}
		r.nameFits(at, "region", name)
		r.object(at,
			may("title", r.word(&region.Title, aTitle)),
			must("nodes", r.nodesOf(&region)),
		)
		r.fleet.Regions = append(r.fleet.Regions, region)
	})
	if len(r.fleet.Regions) == 0 && len(r.problems) == 0 {
		r.refuse(v, "Write at least one region with one node.", "regions is empty.")
	}
}

// nodesOf reads the nodes of a region.
func (r *reader) nodesOf(region *Region) func(value) {
	return func(v value) {
		before := len(r.problems)
		r.entries(v, func(name string, at value) {
			at.name = "node " + shown(name) + ":"
			r.nameFits(at, "node", name)
			region.Nodes = append(region.Nodes, r.node(region.Name, name, at))
		})
		if len(region.Nodes) == 0 && len(r.problems) == before {
			r.refuse(v, "Write at least one node.", "%s is empty.", v.name)
		}
	}
}

func (r *reader) nameFits(at value, what, name string) {
	switch {
	case name == "all":
		r.refuse(at, "Choose another name.", "%s all is reserved: it means every node.", what)
	case !aName.ok(name):
		r.refuse(at, aName.fix, "%s %s is not %s.", what, shown(name), aName.is)
	}
}

// node reads one node over the fleet's defaults.
func (r *reader) node(region, name string, at value) Node {
	d := r.defaults
	p := planned{at: at, address: at, container: at, own: settings{}}
	p.Node = Node{
		Name: name, Region: region, Image: r.fleet.Image,
		SSH: d.ssh, Ports: slices.Clone(d.ports), Volumes: d.volumes, Release: d.release,
	}
	n := &p.Node
	r.object(at,
		must("host", r.word(&n.Host, aHost)),
		may("peer", r.word(&n.Peer, aHost)),
		must("container", noting(&p.container, r.word(&n.Container, aContainer))),
		must("address", noting(&p.address, r.address(&n.Address))),
		may("image", r.word(&n.Image, anImage)),
		may("ssh", r.ssh(&n.SSH)),
		may("volumes", r.volumes(&n.Volumes)),
		may("conf", r.conf(p.own)),
	)
	n.Peer = cmp.Or(n.Peer, n.Host)
	p.conf = p.own.over(d.conf)
	n.Conf = p.conf.words()
	n.Cookie = secret.New(n.Conf[keyCookie].Reveal())
	r.nodes = append(r.nodes, p)
	return p.Node
}

// noting keeps the place of a value for messages that come later.
func noting(place *value, read func(value)) func(value) {
	return func(v value) {
		*place = v
		read(v)
	}
}

// address reads a node's place in the overlay.
func (r *reader) address(dst *netip.Prefix) func(value) {
	return func(v value) {
		subnet := r.fleet.Network.Subnet
		fix := "Write an IPv4 address with its length, as 10.0.0.1/24."
		if subnet.IsValid() {
			fix = "Write an address between " + fromTo(subnet) + "."
		}
		s, _ := v.text()
		p, err := netip.ParsePrefix(s)
		switch {
		case err != nil:
			r.refuse(v, fix, "%s is not an address with its length.", v.said())
		case !p.Addr().Is4():
			r.refuse(v, fix, "%s is IPv6, and Weave Net carries IPv4 only.", v.said())
		case !subnet.IsValid(): // the subnet has been refused already
			*dst = p
		case !subnet.Contains(p.Addr()):
			r.refuse(v, fix, "%s is outside network.subnet %s.", v.said(), subnet)
		case p.Bits() != subnet.Bits():
			r.refuse(v, fix, "%s has another length than network.subnet %s.", v.said(), subnet)
		case p.Addr() == subnet.Addr():
			r.refuse(v, fix, "%s is the network itself, not an address in it.", v.said())
		case p.Addr() == lastOf(subnet):
			r.refuse(v, fix, "%s is the broadcast address of network.subnet %s.", v.said(), subnet)
		default:
			*dst = p
		}
	}
}

func fromTo(p netip.Prefix) string {
	lo := netip.PrefixFrom(p.Addr().Next(), p.Bits())
	hi := netip.PrefixFrom(lastOf(p).Prev(), p.Bits())
	return lo.String() + " and " + hi.String()
}

// lastOf is the broadcast address of an IPv4 network.
func lastOf(p netip.Prefix) netip.Addr {
	b := p.Addr().As4()
	for bit := p.Bits(); bit < 32; bit++ {
		b[bit/8] |= 1 << (7 - bit%8)
	}
	return netip.AddrFrom4(b)
}
