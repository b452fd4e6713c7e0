package weavenet

import (
	"fmt"
	"net/netip"
	"slices"

	"vmqbot/sim/fabric"
)

func (b *bridge) unplug(v veth) {
	v.space.UnplugDev(containerDev)
	b.space.UnplugDev(v.dev)
	n := b.host.net
	n.mu.Lock()
	if n.ends[v.space] == b {
		delete(n.ends, v.space)
	}
	n.mu.Unlock()
}

// plug gives a container an address; its interface is made when it has none.
func (b *bridge) plug(c Container, addresses []netip.Prefix) {
	h := b.host
	h.plugging.Lock()
	defer h.plugging.Unlock()
	h.sweepLocked()
	h.mu.Lock()
	at := slices.IndexFunc(b.veths, func(v veth) bool { return v.space == c.Net })
	made := at < 0
	if made {
		b.pairs++
		at = len(b.veths)
		b.veths = append(b.veths, veth{c.Net, fmt.Sprintf("vethwepl%d", c.PID), mac(b.mac, c.ID, c.PID, b.pairs)})
		b.space.AddDev(b.veths[at].dev)
	}
	v := b.veths[at]
	h.mu.Unlock()
	h.net.mu.Lock()
	h.net.ends[c.Net] = b
	h.net.mu.Unlock()
	have := addressesOf(c.Net)
	for _, p := range addresses {
		if !slices.ContainsFunc(have, func(o netip.Prefix) bool { return o.Addr() == p.Addr() }) {
			c.Net.Plug(containerDev, h.net.segment, p)
		}
	}
	b.announce(v.mac)
	if made {
		c.Net.OnClose(func() { h.Detached(c.Net) })
	}
}

// veth is the interface of a namespace, if it has one.
func (b *bridge) veth(space *fabric.Space) (veth, bool) {
	b.host.mu.Lock()
	defer b.host.mu.Unlock()
	for _, v := range b.veths {
		if v.space == space {
			return v, true
		}
	}
	return veth{}, false
}

// exposed are the addresses of the host itself.
func (b *bridge) exposed() []netip.Prefix {
	var found []netip.Prefix
	for _, a := range b.space.Addresses() {
		if a.Dev == bridgeDev {
			found = append(found, a.Prefix)
		}
	}
	return found
}

// attached are the containers that have a weave interface now.
func (h *Host) attached() []Container {
	h.mu.Lock()
	b := h.bridge
	h.mu.Unlock()
	if b == nil {
		return nil
	}
	h.sweep()
	var found []Container
	for _, c := range h.containers().All() {
		if c.Running() && !c.HostNet && c.Net != nil {
			if _, ok := b.veth(c.Net); ok {
				found = append(found, c)
			}
		}
	}
	return found
}

// remove takes a namespace's interface away.
func (b *bridge) remove(v veth) {
	b.host.mu.Lock()
	b.veths = slices.DeleteFunc(b.veths, func(o veth) bool { return o.space == v.space })
	b.host.mu.Unlock()
	b.unplug(v)
}

// addressesOf are the addresses of a container's weave interface.
func addressesOf(space *fabric.Space) []netip.Prefix {
	var found []netip.Prefix
	for _, a := range space.Addresses() {
		if a.Dev == containerDev {
			found = append(found, a.Prefix)
		}
	}
	return found
}

// Detached tells the host that a network namespace is gone: its host's side
// vanishes at once, as a kernel does it.
func (h *Host) Detached(space *fabric.Space) {
	h.mu.Lock()
	b := h.bridge
	h.mu.Unlock()
	if b == nil {
		return
	}
	if v, ok := b.veth(space); ok {
		b.remove(v)
	}
}

// sweep removes the host's sides whose namespaces are gone.
func (h *Host) sweep() {
	h.plugging.Lock()
	defer h.plugging.Unlock()
	h.sweepLocked()
}

func (h *Host) sweepLocked() {
	h.mu.Lock()
	b := h.bridge
	var gone []veth
	if b != nil {
		for _, v := range b.veths {
			if !slices.Contains(v.space.Devs(), containerDev) {
				gone = append(gone, v)
			}
		}
	}
	h.mu.Unlock()
	for _, v := range gone {
		b.remove(v)
	}
}
