package weavenet

import (
	"fmt"

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
