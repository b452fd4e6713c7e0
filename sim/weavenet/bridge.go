package weavenet

import (
	"fmt"
	"net/netip"
	"slices"

	"vmqbot/sim/fabric"
	"vmqbot/sim/kernel"
)

// Interfaces that Weave makes.
const (
	bridgeDev    = "weave"
	containerDev = "ethwe"
	exposeID     = "weave:expose" // stands for the host itself
)

// Kinds of bridge, as weave bridge-type prints them.
const (
	plainBridge   = "bridge"
	bridgedFastDP = "bridged_fastdp"
)

// bridge is the Ethernet bridge "weave" of one machine with what hangs on it.
type bridge struct {
	host    *Host
	machine *kernel.Machine
	space   *fabric.Space // the machine's own
	kind    string
	mac     string
	veths   []veth // guarded by the host's lock
	pairs   int    // interfaces made so far, for their addresses
}

// veth is one attached namespace.
type veth struct {
	space *fabric.Space
	dev   string // the host's side
	mac   string
}

// helpers are the bridge's own interfaces beside it.
func (b *bridge) helpers() []string {
	if b.kind == bridgedFastDP {
		return []string{"datapath", "vethwe-datapath", "vethwe-bridge", "vxlan-6784"}
	}
	return []string{"vethwe-pcap", "vethwe-bridge"}
}

// ensureBridge is the bridge that a router needs; like weave's EnsureBridge it
// refuses one of another kind, and falls back to a plain one where the kernel
// has no openvswitch.
func (h *Host) ensureBridge(p *kernel.Process, want, name string) (*bridge, error) {
	if b := h.current(p.Machine); b != nil {
		if b.kind != want {
			return nil, fmt.Errorf("Existing bridge type %q is different than requested %q. Please do 'weave reset' and try again", b.kind, want) //nolint:staticcheck // weave's words
		}
		return b, nil
	}
	b := &bridge{host: h, machine: p.Machine, space: p.Net, kind: want, mac: name}
	if want == bridgedFastDP && !h.o.FastDP {
		b.kind = plainBridge
	}
	b.space.AddDev(bridgeDev)
	for _, dev := range b.helpers() {
		b.space.AddDev(dev)
	}
	h.mu.Lock()
	h.bridge = b
	h.mu.Unlock()
	h.net.mu.Lock()
	h.net.ends[b.space] = b
	h.net.mu.Unlock()
	return b, nil
}

// dropBridge removes the bridge and every interface that hangs on it.
func (h *Host) dropBridge() {
	h.mu.Lock()
	b := h.bridge
	h.bridge = nil
	if b == nil {
		h.mu.Unlock()
		return
	}
	veths := b.veths
	b.veths = nil
	h.mu.Unlock()
	for _, v := range veths {
		b.unplug(v)
	}
	h.net.mu.Lock()
	delete(h.net.ends, b.space)
	h.net.mu.Unlock()
	for _, dev := range append(b.helpers(), bridgeDev) {
		b.space.UnplugDev(dev)
	}
}

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
	if at < 0 {
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
// vanishes at once, as a kernel does it. A daemon that does not call it leaves
// the interface until the next weave command.
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

// announce makes every router that hears it know where an interface is.
func (b *bridge) announce(mac string) {
	n := b.host.net
	n.mu.RLock()
	s := n.stations[b]
	n.mu.RUnlock()
	if s == nil {
		return
	}
	for _, r := range n.heard(s.router) {
		r.saw(mac, s.router)
	}
}
