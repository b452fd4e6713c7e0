package regions

import (
	"strconv"
	"strings"
)

// clashes refuses what is right for each node alone and wrong for the fleet.
func (r *reader) clashes() {
	names, addresses, containers := map[string]string{}, map[string]string{}, map[string]string{}
	for _, g := range r.fleet.Regions {
		names[g.Name] = "region"
	}
	r.nobody(r.defaults.conf)
	for _, n := range r.nodes {
		if other := names[n.Name]; other != "" {
			r.refuse(n.at, "Give each node and region a name of its own.", "node %s has the name of another %s.", n.Name, other)
		}
		names[n.Name] = "node"
		if n.Address.IsValid() {
			r.whoIs(n.Node, n.own)
			r.once(addresses, n.Address.Addr().String(), n.Name, n.address, "")
		}
		if n.Host != "" && n.Container != "" {
			// Names of hosts know no case; two ports, or two ways there, are two machines behind one address.
			host := strings.ToLower(n.Host) + ":" + strconv.Itoa(n.SSH.Port) + " by " + n.SSH.Jump
			r.once(containers, host+" "+n.Container, n.Name, n.container, " on the same host")
		}
	}
	r.cookies()
}

// once refuses the second node that claims a key.
func (r *reader) once(owners map[string]string, key, name string, at value, where string) {
	if other, taken := owners[key]; taken {
		r.refuse(at, "Give each node its own.", "%s is also that of node %s%s.", at.said(), other, where)
		return
	}
	owners[key] = name
}

// cookies refuses nodes that could not talk to each other.
func (r *reader) cookies() {
	for _, n := range r.nodes {
		s, ok := n.conf[keyCookie]
		first := r.nodes[0]
		if ok && n.Cookie.Reveal() == first.Cookie.Reveal() || !ok && first.Cookie.IsZero() {
			continue
		}
		at := n.at
		if ok {
			at = s.at
		}
		r.refuse(at, "Write one distributed_cookie under the top-level conf.",
			"node %s has another %s than node %s, so they cannot form a cluster.", n.Name, keyCookie, first.Name)
	}
}
